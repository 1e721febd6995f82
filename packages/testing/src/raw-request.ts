import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface RawRequest {
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  /** A stream goes out chunked, without Content-Length, unless the headers name one. */
  readonly body?: Uint8Array | Readable
  readonly agent?: Agent
  readonly signal?: AbortSignal
}

export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * One HTTP request that goes out as it is written: `..`, `//` and `%2F` in the path stay, which `fetch` would
 * have tidied away.
 * @param origin `http://127.0.0.1:8480`
 * @param path everything after the origin
 */
export async function rawRequest(origin: string, path: string, options: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(origin)
  const { body, agent, method, headers, signal } = options
  const own = agent ?? new Agent({ maxSockets: 1 })
  try {
    const outgoing = request({ host: hostname, port, path, method, headers, agent: own, signal })
    const answered = new Promise<RawResponse>((resolve, reject) => {
      outgoing.on('error', reject)
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
    })
    if (body === undefined || body instanceof Uint8Array) {
      // Also a POST without a body says how long it is.
      if (method === 'POST' && body === undefined) outgoing.setHeader('content-length', 0)
      outgoing.end(body)
      return await answered
    }
    // Without this the head would wait for the first piece of the body.
    outgoing.flushHeaders()
    // An early refusal ends the sending; the answer counts, not the broken pipe.
    const sent = pipeline(body, outgoing).catch(() => answered)
    return (await Promise.all([answered, sent]))[0]
  } finally {
    if (!agent) own.destroy()
  }
}

/** The header of HTTP Basic credentials. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
