import type { ServerResponse } from 'node:http'
import { ProblemError } from '@granary/contract'
import type { ObjectHandle, StoredObject, VaultStore } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import { folderOf, type ObjectLedger } from './object-ledger.ts'

export interface ReadObjectDependencies {
  readonly store: VaultStore
  readonly ledger: ObjectLedger
  /** How long a receiver may take nothing; some minutes by default */
  readonly silenceMs?: number
}

/** Parts up to this size are read and answered at once; larger ones are streamed. */
const atOnceBytes = 64 * 1024
/** Whole objects up to this size are read without asking for their size first. */
const wholeAtOnceBytes = 16 * 1024
const streamedChunkBytes = 256 * 1024
/**
 * How long a receiver may take nothing before its answer is given up, with what it holds. restic pauses for seconds; a
 * slow link takes a little all the time.
 */
const silenceMs = 5 * 60_000

/**
 * Answers an object or a part of it. Small ones are answered before this returns, without giving up the thread.
 * @throws {ProblemError} `object-not-found`, `range-not-satisfiable`
 */
export function readObject(
  dependencies: ReadObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
  range: string | undefined,
  response: ServerResponse,
): void | Promise<void> {
  const opened = dependencies.store.open(folderOf(access), handle)
  const answerOpened = (object: StoredObject | null) =>
    object === null
      ? answerWithoutFile(dependencies, access, handle, range, response)
      : answer(dependencies, object, range, response)
  return opened instanceof Promise ? opened.then(answerOpened) : answerOpened(opened)
}

async function answerWithoutFile(
  dependencies: ReadObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
  range: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const content = await contentWithoutFile(dependencies, access, handle)
  if (content === null) {
    const object = await dependencies.store.open(folderOf(access), handle)
    if (object === null) throw new ProblemError('object-not-found')
    return answer(dependencies, object, range, response)
  }
  const part = partOf(content.length, range)
  writeHead(response, content.length, part)
  response.end(content.subarray(part.start, part.end))
}

/**
 * A small object that was just stored waits for its file in the journal. One that was undeleted is in the ledger at once,
 * and its file follows: whoever asks before gets it moved now.
 * @returns its content; null when it has its file by now, or is not there
 */
async function contentWithoutFile(
  { ledger }: ReadObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
): Promise<Uint8Array | null> {
  const content = await ledger.findContent(access, handle)
  if (content === null) await ledger.returning.returnNow(access, handle)
  return content
}

function answer(
  dependencies: ReadObjectDependencies,
  object: StoredObject,
  range: string | undefined,
  response: ServerResponse,
): void | Promise<void> {
  let streams = false
  try {
    if (range === undefined) {
      const whole = object.readWhole(wholeAtOnceBytes)
      if (whole !== null) {
        writeHead(response, whole.length, { start: 0, end: whole.length, ranged: false })
        response.end(whole)
        return undefined
      }
    }
    const part = partOf(object.bytes, range)
    const length = part.end - part.start
    writeHead(response, object.bytes, part)
    if (length <= atOnceBytes) {
      response.end(length === 0 ? undefined : object.readNow(part.start, length))
      return undefined
    }
    streams = true
    return stream(object, part, response, dependencies.silenceMs ?? silenceMs)
  } finally {
    if (!streams) object.close()
  }
}

/** @throws {ProblemError} `object-not-found` */
export async function headObject(
  dependencies: ReadObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
  response: ServerResponse,
): Promise<void> {
  const bytesOfFile = () => dependencies.store.bytes(folderOf(access), handle)
  const bytes =
    bytesOfFile() ?? (await contentWithoutFile(dependencies, access, handle))?.length ?? bytesOfFile()
  if (bytes === null) throw new ProblemError('object-not-found')
  response.writeHead(200, ['Content-Length', String(bytes), 'Accept-Ranges', 'bytes'])
  response.end()
}

interface Part {
  readonly start: number
  /** One past the last byte */
  readonly end: number
  readonly ranged: boolean
}

/**
 * `bytes=a-`, `bytes=a-b` and `bytes=-n`; anything else is the whole object, as HTTP asks. A range of an
 * empty object is the empty object.
 */
export function partOf(bytes: number, range: string | undefined): Part {
  const whole = { start: 0, end: bytes, ranged: false }
  if (range === undefined || bytes === 0) return whole
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return whole
  if (first === '') return { start: Math.max(0, bytes - Number(last)), end: bytes, ranged: true }
  const start = Number(first)
  const end = last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  if (last !== '' && Number(last) < start) return whole
  if (start >= bytes) throw new ProblemError('range-not-satisfiable', { sizeBytes: bytes })
  return { start, end, ranged: true }
}

function writeHead(response: ServerResponse, bytes: number, part: Part): void {
  const length = String(part.end - part.start)
  const common = ['Content-Type', 'application/octet-stream', 'Content-Length', length]
  if (!part.ranged) response.writeHead(200, common)
  else response.writeHead(206, [...common, 'Content-Range', `bytes ${part.start}-${part.end - 1}/${bytes}`])
}

/** Buffers of ended answers, for the next ones: fresh ones of this size cost more than the reading. */
const spareBuffers: Buffer[] = []
const keptBuffers = 16

/** Reads into one buffer while the other one is sent. */
async function stream(
  object: StoredObject,
  part: Part,
  response: ServerResponse,
  patienceMs: number,
): Promise<void> {
  // The connection looks by itself whether any of what waits was taken since, and is closed where none was.
  response.setTimeout(patienceMs)
  let [reading, sending] = [takeBuffer(), takeBuffer()]
  let sent = Promise.resolve()
  try {
    let position = part.start
    while (position < part.end && !response.destroyed) {
      const chunk = reading.subarray(0, Math.min(streamedChunkBytes, part.end - position))
      const bytesRead = await object.read(chunk, position)
      if (bytesRead === 0) throw new Error('A stored object is shorter than it was a moment ago')
      position += bytesRead
      await sent
      sent = send(response, chunk.subarray(0, bytesRead))
      ;[reading, sending] = [sending, reading]
    }
    await sent
    response.setTimeout(0)
    response.end()
    // Of an answer that was broken off, the system may still hold a buffer.
    if (!response.destroyed) giveBack(reading, sending)
  } catch (error) {
    // The status is out already: breaking off is the only way left to say that it went wrong.
    response.destroy()
    throw error
  } finally {
    object.close()
  }
}

/** Resolves when the system has taken the bytes over, or nobody takes them any more. */
function send(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('close', done)
      resolve()
    }
    response.on('close', done)
    response.write(bytes, done)
  })
}

function takeBuffer(): Buffer {
  return spareBuffers.pop() ?? Buffer.allocUnsafeSlow(streamedChunkBytes)
}

function giveBack(...buffers: Buffer[]): void {
  for (const buffer of buffers) if (spareBuffers.length < keptBuffers) spareBuffers.push(buffer)
}
