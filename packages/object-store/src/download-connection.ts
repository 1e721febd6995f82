import { connect, isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'

export interface ConnectionSettings {
  /** A server that falls silent for this long is taken for dead. */
  readonly silenceMs: number
  /** For `https:`. */
  readonly tls?: ConnectionOptions
}

/** Where a body of so many bytes goes; nothing when it is too long to be taken. */
export type MemoryFor = (bytes: number) => Uint8Array | undefined

export interface Download {
  readonly status: 200 | 206 | NotThere
  /** Empty where there is none to be had. */
  readonly body: Uint8Array
}

/** No such object, or no such part of it: what is said beside it does not matter. */
type NotThere = 404 | 416

/** Thrown when an answer has begun and does not come to its end. */
export class BrokenDownloadError extends Error {
  override readonly name = 'BrokenDownloadError'
}

/** An answer that a server gives to some requests only; or one that it gives to all, and that is not worth asking for again. */
export type OtherAnswer = 'refused or lost' | 'of another kind'

interface Expected {
  readonly memoryFor: MemoryFor
  readonly resolve: (answer: Download | OtherAnswer) => void
  readonly reject: (error: Error) => void
  /** Once the head of the answer is there. */
  download?: Download
  received: number
}

const maxHeadBytes = 16 * 1024
const endOfHead = '\r\n\r\n'

/** One connection, and one request at a time. */
export class DownloadConnection {
  readonly #socket: Socket
  // The socket reads into this until the head is complete, and then into what is left of the body.
  readonly #head = Buffer.allocUnsafeSlow(maxHeadBytes)
  #headBytes = 0
  #expected: Expected | undefined
  #isOpen = true

  constructor(url: URL, { silenceMs, tls }: ConnectionSettings) {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const options = {
      host,
      port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      onread: {
        buffer: () => this.#room(),
        callback: (bytes: number) => {
          this.#receive(bytes)
          return true
        },
      },
    }
    this.#socket =
      url.protocol === 'https:'
        ? process
            .getBuiltinModule('node:tls')
            .connect({ ...options, ...tls, ...(isIP(host) ? {} : { servername: host }) })
        : connect(options)
    this.#socket.setTimeout(silenceMs, () => this.#socket.destroy(new Error(`${url.host} does not answer`)))
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(undefined))
  }

  get isReusable(): boolean {
    return this.#isOpen
  }

  get(request: string, memoryFor: MemoryFor): Promise<Download | OtherAnswer> {
    return new Promise((resolve, reject) => {
      this.#socket.ref()
      this.#expected = { memoryFor, resolve, reject, received: 0 }
      this.#socket.write(request, 'latin1')
    })
  }

  end(): void {
    this.#isOpen = false
    this.#socket.destroy()
  }

  #room(): Uint8Array {
    const { download, received } = this.#expected ?? {}
    return download ? download.body.subarray(received) : this.#head.subarray(this.#headBytes)
  }

  #receive(bytes: number): void {
    if (!this.#expected) {
      // Nobody has asked for anything.
      this.end()
      return
    }
    if (this.#expected.download) this.#expected.received += bytes
    else this.#receiveHead(this.#expected, bytes)
    const { download, received } = this.#expected ?? {}
    if (download && received === download.body.length) this.#settle(({ resolve }) => resolve(download))
  }

  #receiveHead(expected: Expected, bytes: number): void {
    this.#headBytes += bytes
    const received = this.#head.subarray(0, this.#headBytes)
    const end = received.indexOf(endOfHead)
    if (end < 0 && this.#headBytes < maxHeadBytes) return
    const answer = end < 0 ? 'of another kind' : parseHead(received.toString('latin1', 0, end + 2))
    if (typeof answer === 'string') {
      this.#endWith(answer)
      return
    }
    if (answer.status === 404 || answer.status === 416) {
      this.#endWith({ status: answer.status, body: new Uint8Array() })
      return
    }
    const body = expected.memoryFor(answer.bytes)?.subarray(0, answer.bytes)
    const begun = received.subarray(end + endOfHead.length)
    if (!body || begun.length > body.length) {
      this.#endWith('refused or lost')
      return
    }
    if (answer.isLast) this.#isOpen = false
    body.set(begun)
    this.#headBytes = 0
    expected.download = { status: answer.status, body }
    expected.received = begun.length
  }

  #endWith(answer: Download | OtherAnswer): void {
    this.#isOpen = false
    this.#settle(({ resolve }) => resolve(answer))
  }

  #fail(error: Error | undefined): void {
    this.#isOpen = false
    this.#settle(({ download, received, resolve, reject }) => {
      // Before an answer has begun, it may be that a connection which was kept has just been closed.
      if (!download) resolve('refused or lost')
      else {
        const why = `the answer broke off after ${received} bytes`
        reject(new BrokenDownloadError(why, error ? { cause: error } : {}))
      }
    })
  }

  #settle(settle: (expected: Expected) => void): void {
    const expected = this.#expected
    if (!expected) return
    this.#expected = undefined
    this.#headBytes = 0
    // Idle, it keeps no process from ending.
    if (this.#isOpen) this.#socket.unref()
    else this.#socket.destroy()
    settle(expected)
  }
}

interface Head {
  readonly status: Download['status']
  readonly bytes: number
  /** Whether the server ends the connection afterwards. */
  readonly isLast: boolean
}

/** @param head up to its last line, which ends as all do */
function parseHead(head: string): Head | OtherAnswer {
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  if (Number.isNaN(status)) return 'of another kind'
  if (status === 404 || status === 416) return { status, bytes: 0, isLast: true }
  if (status !== 200 && status !== 206) return 'refused or lost'
  const lengths = [...head.matchAll(/^content-length:[ \t]*(\d+)[ \t]*\r$/gim)]
  const bytes = Number(lengths[0]?.[1])
  const isCoded = /^(?:transfer|content)-encoding:/im.test(head)
  if (lengths.length !== 1 || isCoded || !Number.isSafeInteger(bytes)) return 'of another kind'
  return { status, bytes, isLast: /^connection:.*\bclose\b/im.test(head) }
}
