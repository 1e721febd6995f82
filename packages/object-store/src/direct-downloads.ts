import {
  type ConnectionSettings,
  type Download,
  DownloadConnection,
  type MemoryFor,
} from './download-connection.ts'

export interface DirectDownloadsOptions extends ConnectionSettings {
  /** The most downloads at a time; others wait. */
  readonly connections: number
}

/**
 * Downloads over HTTP/1.1, by which the body goes from the socket straight to where it is wanted. `node:http` hands
 * it out in pieces of 64 KB, each in memory of its own, which takes five times the CPU time.
 *
 * It knows two kinds of answers: an object or a part of it, with its length announced, and that there is none. Whatever
 * else there is, an error, a body in chunks, a redirection, a connection that can't be made, is left to whoever can
 * do everything: the answer is nothing then, and `node:http` asks again.
 */
export class DirectDownloads implements Disposable {
  readonly #url: URL
  readonly #options: DirectDownloadsOptions
  readonly #open = new Set<DownloadConnection>()
  readonly #idle: DownloadConnection[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0
  #isUnderstood = true

  constructor(url: URL, options: DirectDownloadsOptions) {
    this.#url = url
    this.#options = options
  }

  /**
   * @param target path and query
   * @returns nothing where the answer is of no such kind
   * @throws {BrokenDownloadError} when it breaks off
   */
  async get(
    target: string,
    headers: Readonly<Record<string, string>>,
    memoryFor: MemoryFor,
  ): Promise<Download | undefined> {
    if (!this.#isUnderstood) return undefined
    await this.#takeTurn()
    const connection = this.#takeIdle() ?? this.#connect()
    try {
      const answer = await connection.get(requestOf(target, { host: this.#url.host, ...headers }), memoryFor)
      if (answer === 'of another kind') this.#isUnderstood = false
      return typeof answer === 'object' ? answer : undefined
    } finally {
      if (connection.isReusable) this.#idle.push(connection)
      else this.#open.delete(connection)
      this.#giveTurn()
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#open) connection.end()
  }

  async #takeTurn(): Promise<void> {
    if (this.#busy < this.#options.connections) this.#busy++
    else await new Promise<void>((mayGo) => this.#waiting.push(mayGo))
  }

  #giveTurn(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy--
  }

  #takeIdle(): DownloadConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      // Servers close what has been idle for long.
      if (!connection || connection.isReusable) return connection
      this.#open.delete(connection)
    }
  }

  #connect(): DownloadConnection {
    const connection = new DownloadConnection(this.#url, this.#options)
    this.#open.add(connection)
    return connection
  }
}

function requestOf(target: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`
}
