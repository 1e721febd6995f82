import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { ConnectionOptions } from 'node:tls'
import { DirectDownloads } from './direct-downloads.ts'
import { BrokenDownloadError } from './download-connection.ts'
import { isLimited, type RateLimits } from './limited-store.ts'
import { piecesOf } from './object-bytes.ts'
import {
  type ByteRange,
  describeHandle,
  ObjectExistsError,
  type ObjectHandle,
  ObjectNotFoundError,
  type ObjectStore,
  type ObjectSummary,
  type ObjectType,
} from './object-store.ts'
import type { RateLimit } from './rate-limit.ts'

const listV2 = 'application/vnd.x.restic.rest.v2'
/** restic's own number of connections. */
const defaultConnections = 5
const maxRefusalBytes = 4096
/** Memory is taken for what a server announces up to this; no pack is longer. */
const maxAnnouncedBytes = 2 ** 31
/** A server that falls silent for this long is taken for dead. */
const silenceMs = 5 * 60_000

export interface RestStoreOptions {
  readonly connections?: number
  /** Certificates to trust, in PEM. */
  readonly ca?: string | Buffer
  /** A certificate and its private key, in PEM, to show to the server. */
  readonly clientCertificate?: string | Buffer
  /** Trusts whatever certificate the server shows. */
  readonly trustsAny?: boolean
  readonly limits?: RateLimits
}

/** The server refused, with its status and the words it gave. */
export class RestRefusedError extends Error {
  override readonly name = 'RestRefusedError'
  readonly status: number
  constructor(what: string, status: number, words: string) {
    super(`${what}: the server answered ${status}${words ? ` (${words})` : ''}`)
    this.status = status
  }

  /** Whether the same request may be granted later. */
  get mayPass(): boolean {
    return passingStatuses.has(this.status) || (this.status >= 500 && this.status !== insufficientStorage)
  }
}

/** The body was cut or changed on its way (400), it took too long (408), there were too many requests (429). */
const passingStatuses = new Set([400, 408, 429])
const insufficientStorage = 507

/**
 * A repository behind restic's REST protocol, version 1 or 2.
 * @see restic doc/REST_backend.rst
 */
export class RestStore implements ObjectStore {
  readonly location: string
  readonly #url: URL
  readonly #authorization: string | undefined
  readonly #limits: RateLimits
  readonly #agent: Agent
  readonly #request: typeof import('node:http').request
  readonly #downloads: DirectDownloads

  /** @param url `http(s)://user:password@host/path/`; restic's `rest:` may stand before it */
  constructor(url: string, options: RestStoreOptions = {}) {
    this.#limits = options.limits ?? {}
    this.#url = new URL(url.replace(/^rest:/, ''))
    if (!this.#url.pathname.endsWith('/')) this.#url.pathname += '/'
    const { username, password } = this.#url
    if (username || password) {
      const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
      this.#authorization = `Basic ${Buffer.from(plain).toString('base64')}`
    }
    this.#url.username = ''
    this.#url.password = ''
    this.location = `rest:${this.#url.href}`
    const connections = options.connections ?? defaultConnections
    const agentOptions = { keepAlive: true, maxSockets: connections }
    const tls = tlsOptions(options)
    this.#downloads = new DirectDownloads(this.#url, { connections, silenceMs, tls })
    // Imported as a module, either would bring Node's WebSocket along: 12 MB, and as many milliseconds.
    if (this.#url.protocol === 'https:') {
      const https = process.getBuiltinModule('node:https')
      this.#agent = new https.Agent({ ...agentOptions, ...tls })
      this.#request = https.request
    } else {
      const http = process.getBuiltinModule('node:http')
      this.#agent = new http.Agent(agentOptions)
      this.#request = http.request
    }
  }

  async create(): Promise<void> {
    await this.#expectOk(await this.#send('POST', '?create=true', { body: [] }), `creating ${this.location}`)
  }

  async write(handle: ObjectHandle, content: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const response = await this.#send('POST', pathOf(handle), { body: piecesOf(content) })
    if (response.statusCode === 403 && (await this.#exists(handle))) {
      response.resume()
      // A lost answer makes the retry meet its own object: the same bytes are success.
      const stored = await this.read(handle)
      if (Buffer.compare(stored, Buffer.concat(piecesOf(content))) === 0) return
      throw new ObjectExistsError(handle, this.location)
    }
    await this.#expectOk(response, `writing ${describeHandle(handle)}`)
  }

  async read(handle: ObjectHandle, range?: ByteRange, into?: Uint8Array): Promise<Uint8Array> {
    if (range?.length === 0) {
      const { bytes } = await this.stat(handle)
      if (range.offset > bytes) throw this.#outside(handle, range)
      return new Uint8Array()
    }
    const { status, body } =
      (await this.#download(handle, range, into)) ?? (await this.#downloadAnyhow(handle, range, into))
    if (status === 404) throw new ObjectNotFoundError(handle, this.location)
    if (status === 416 && range) throw this.#outside(handle, range)
    if (status !== 200 && status !== 206) throw refusal(`reading ${describeHandle(handle)}`, status, body)
    // A server that ignores ranges answers 200 with everything.
    const isWhole = status === 200 && range !== undefined
    const part = isWhole
      ? body.subarray(range.offset, range.length === undefined ? undefined : range.offset + range.length)
      : body
    if (range?.length !== undefined && part.length !== range.length) throw this.#outside(handle, range)
    return part
  }

  async stat(handle: ObjectHandle): Promise<ObjectSummary> {
    const response = await this.#send('HEAD', pathOf(handle))
    if (response.statusCode === 404) throw this.#missing(handle, response)
    await this.#expectOk(response, `looking for ${describeHandle(handle)}`)
    return { name: handle.name, bytes: Number(response.headers['content-length']) }
  }

  async *list(type: ObjectType): AsyncIterable<ObjectSummary> {
    if (type === 'config') {
      if (await this.#exists({ type, name: '' })) yield await this.stat({ type, name: '' })
      return
    }
    const response = await this.#send('GET', `${type}/`, { headers: { accept: listV2 } })
    // A repository that was not created yet has no folders.
    if (response.statusCode === 404) {
      response.resume()
      return
    }
    if (response.statusCode !== 200) await this.#refuse(response, `listing ${type}`)
    const entries: unknown = JSON.parse((await collect(response, `listing ${type}`)).toString('utf8'))
    if (!Array.isArray(entries))
      throw new SyntaxError(`${this.location} answered the list of ${type} with no list`)
    for (const entry of entries) {
      if (typeof entry === 'string') yield await this.stat({ type, name: entry })
      else yield { name: entry.name, bytes: entry.size }
    }
  }

  async remove(handle: ObjectHandle): Promise<void> {
    const response = await this.#send('DELETE', pathOf(handle))
    if (response.statusCode === 404) response.resume()
    else await this.#expectOk(response, `removing ${describeHandle(handle)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
    this.#downloads[Symbol.dispose]()
  }

  /** The short way, for an object that is there and a server that says how long it is. */
  async #download(handle: ObjectHandle, range: ByteRange | undefined, into: Uint8Array | undefined) {
    if (this.#limits.downloads) return undefined
    const { pathname, search } = new URL(pathOf(handle), this.#url)
    const memory = (bytes: number) => (bytes <= maxAnnouncedBytes ? memoryFor(bytes, into) : undefined)
    try {
      return await this.#downloads.get(pathname + search, this.#headers(range), memory)
    } catch (error) {
      if (!(error instanceof BrokenDownloadError)) throw error
      throw new Error(`reading ${describeHandle(handle)}: ${error.message}`, { cause: error.cause })
    }
  }

  async #downloadAnyhow(handle: ObjectHandle, range: ByteRange | undefined, into: Uint8Array | undefined) {
    const response = await this.#send('GET', pathOf(handle), { headers: this.#headers(range) })
    const what = `reading ${describeHandle(handle)}`
    const downloads = isLimited(handle) ? this.#limits.downloads : undefined
    return { status: response.statusCode ?? 0, body: await collect(response, what, into, downloads) }
  }

  #headers(range: ByteRange | undefined): Record<string, string> {
    return {
      ...(range ? { range: rangeHeader(range) } : {}),
      ...(this.#authorization ? { authorization: this.#authorization } : {}),
    }
  }

  #send(
    method: string,
    relative: string,
    options: { headers?: Record<string, string>; body?: readonly Uint8Array[] } = {},
  ): Promise<IncomingMessage> {
    const headers: Record<string, string | number> = { ...options.headers }
    if (this.#authorization) headers.authorization = this.#authorization
    if (options.body) headers['content-length'] = options.body.reduce((sum, piece) => sum + piece.length, 0)
    return new Promise((resolve, reject) => {
      const url = new URL(relative, this.#url)
      const request = this.#request(url, { method, headers, agent: this.#agent }, resolve)
      request.setTimeout(silenceMs, () => request.destroy(new Error(`${this.location} does not answer`)))
      request.on('error', reject)
      const body = options.body ?? []
      if (this.#limits.uploads && !relative.startsWith('locks/')) {
        sendSlowly(request, body, this.#limits.uploads).catch(reject)
        return
      }
      for (const piece of body) request.write(piece)
      request.end()
    })
  }

  async #exists(handle: ObjectHandle): Promise<boolean> {
    const response = await this.#send('HEAD', pathOf(handle))
    response.resume()
    // A server that is busy has not said that nothing is there.
    const refused = refusal(
      `looking for ${describeHandle(handle)}`,
      response.statusCode ?? 0,
      new Uint8Array(),
    )
    if (refused.mayPass) throw refused
    return response.statusCode === 200
  }

  async #expectOk(response: IncomingMessage, what: string): Promise<void> {
    if (response.statusCode !== 200) await this.#refuse(response, what)
    response.resume()
  }

  async #refuse(response: IncomingMessage, what: string): Promise<never> {
    throw refusal(what, response.statusCode ?? 0, await collect(response, what))
  }

  #missing(handle: ObjectHandle, response: IncomingMessage): ObjectNotFoundError {
    response.resume()
    return new ObjectNotFoundError(handle, this.location)
  }

  #outside(handle: ObjectHandle, range: ByteRange): RangeError {
    return new RangeError(
      `${rangeHeader(range)} lie outside of ${describeHandle(handle)} in ${this.location}`,
    )
  }
}

function refusal(what: string, status: number, body: Uint8Array): RestRefusedError {
  const words = Buffer.from(body.subarray(0, maxRefusalBytes)).toString('utf8').trim()
  return new RestRefusedError(what, status, words)
}

function tlsOptions({ ca, clientCertificate, trustsAny }: RestStoreOptions): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { cert: clientCertificate, key: clientCertificate }),
    ...(trustsAny ? { rejectUnauthorized: false } : {}),
  }
}

function pathOf(handle: ObjectHandle): string {
  return handle.type === 'config' ? 'config' : `${handle.type}/${handle.name}`
}

function rangeHeader({ offset, length }: ByteRange): string {
  return `bytes=${offset}-${length === undefined ? '' : offset + length - 1}`
}

async function sendSlowly(
  request: ClientRequest,
  body: readonly Uint8Array[],
  limit: RateLimit,
): Promise<void> {
  for (const piece of body) {
    for (let sent = 0; sent < piece.length && !request.destroyed; sent += limit.sliceBytes) {
      const slice = piece.subarray(sent, sent + limit.sliceBytes)
      request.write(slice)
      await limit.pass(slice.length)
    }
  }
  request.end()
}

/** The body of an answer, in `into` or memory that belongs to nothing else where its length was announced. */
function collect(
  response: IncomingMessage,
  what: string,
  into?: Uint8Array,
  limit?: RateLimit,
): Promise<Buffer> {
  const announced = Number(response.headers['content-length'] ?? Number.NaN)
  const isAnnounced = Number.isSafeInteger(announced) && announced <= maxAnnouncedBytes
  const content = isAnnounced ? memoryFor(announced, into) : undefined
  const pieces: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    response.on('data', (piece: Buffer) => {
      const { length } = piece
      bytes += length
      if (!content) pieces.push(piece)
      else if (bytes <= announced) {
        piece.copy(content, bytes - length)
        freeMemory(piece)
      }
      if (limit) {
        response.pause()
        limit.pass(length).then(() => response.resume(), reject)
      }
    })
    response.on('error', reject)
    response.on('close', () => {
      if (!response.complete) reject(new Error(`${what}: the answer broke off after ${bytes} bytes`))
    })
    response.on('end', () => {
      if (content && bytes !== announced) reject(new Error(`${what}: ${bytes} of ${announced} bytes came`))
      else resolve(content ?? Buffer.concat(pieces))
    })
  })
}

function memoryFor(bytes: number, into: Uint8Array | undefined): Buffer {
  if (!into || into.length < bytes) return Buffer.allocUnsafeSlow(bytes)
  return Buffer.from(into.buffer, into.byteOffset, bytes)
}

/** The collector counts what lies outside of its heap for little, and would let 64 MB of such pieces gather first. */
function freeMemory({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
