import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@granary/contract'

const bodyLimitBytes = 1024 * 1024

/**
 * Reads a JSON body.
 * @param patienceMs how long the whole body may take to arrive: a slow client must not hold a connection for ever
 * @throws {ProblemError} unsupported-media-type, body-too-large, request-timeout, body-incomplete, invalid-json
 */
export async function readJsonBody(request: IncomingMessage, patienceMs: number): Promise<unknown> {
  const bytes = await readSmallBody(request, patienceMs)
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new ProblemError('invalid-json', {}, { cause: error })
  }
}

/** @throws {ProblemError} as `readJsonBody`, but for what is in it */
export async function readSmallBody(request: IncomingMessage, patienceMs: number): Promise<Buffer> {
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ProblemError('unsupported-media-type', { reason: 'Compressed bodies are not taken.' })
  }
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) {
    throw new ProblemError('body-too-large', { limitBytes: bodyLimitBytes })
  }
  return readBytes(request, patienceMs)
}

function readBytes(request: IncomingMessage, patienceMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const stop = (outcome: () => void) => {
      clearTimeout(timer)
      request.off('data', take).off('end', finish).off('close', breakOff).off('error', breakOff)
      outcome()
    }
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length > bodyLimitBytes) {
        stop(() => reject(new ProblemError('body-too-large', { limitBytes: bodyLimitBytes })))
      } else chunks.push(chunk)
    }
    const finish = () => stop(() => resolve(Buffer.concat(chunks)))
    const breakOff = () => stop(() => reject(new ProblemError('body-incomplete')))
    const timer = setTimeout(() => stop(() => reject(new ProblemError('request-timeout'))), patienceMs)
    request.on('data', take).on('end', finish).on('close', breakOff).on('error', breakOff)
  })
}
