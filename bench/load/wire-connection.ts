import { connect, type Socket } from 'node:net'

/**
 * One keep-alive HTTP/1.1 connection with no more machinery than measuring takes: requests go out as bytes
 * built beforehand, of an answer only status and length are read, and its body is dropped as it arrives.
 */
export class WireConnection {
  readonly #socket: Socket
  #head: Buffer = Buffer.alloc(0)
  #bodyBytesLeft = -1
  #answer: { status: number; bodyBytes: number } = { status: 0, bodyBytes: 0 }
  #settle:
    | { resolve(answer: { status: number; bodyBytes: number }): void; reject(error: Error): void }
    | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.#settle?.reject(error))
    socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection.')))
  }

  static async open(port: number): Promise<WireConnection> {
    const socket = connect({ host: '127.0.0.1', port })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new WireConnection(socket)
  }

  /**
   * @param parts the whole request, head and body, in as many pieces as it happens to lie in
   * @returns when the answer has arrived whole
   */
  exchange(parts: readonly Buffer[]): Promise<{ status: number; bodyBytes: number }> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      for (const part of parts) this.#socket.write(part)
    })
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#bodyBytesLeft < 0) {
      const received = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#head = received
        return
      }
      this.#head = Buffer.alloc(0)
      const head = received.toString('latin1', 0, end)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
      if (length === undefined) {
        this.#settle?.reject(new Error(`An answer without Content-Length can't be measured:\n${head}`))
        return
      }
      this.#answer = { status: Number(head.slice(9, 12)), bodyBytes: Number(length) }
      this.#bodyBytesLeft = this.#answer.bodyBytes - (received.length - end - 4)
    } else {
      this.#bodyBytesLeft -= chunk.length
    }
    if (this.#bodyBytesLeft > 0) return
    this.#bodyBytesLeft = -1
    this.#settle?.resolve(this.#answer)
  }
}
