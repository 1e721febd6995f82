import { once } from 'node:events'
import { type FileName, isText, nameToBytes } from '../../format/file-name.ts'
import type { Surroundings } from '../surroundings.ts'
import { ProgressLine } from './progress-line.ts'
import { stringifyExact } from './stringify-exact.ts'

export interface TerminalOptions {
  readonly isJson: boolean
  readonly isQuiet: boolean
  readonly verbosity: number
}

/** What a command says, and how: in sentences or in JSON. */
export class Terminal {
  readonly isJson: boolean
  readonly verbosity: number
  readonly #surroundings: Surroundings
  readonly #isQuiet: boolean
  readonly #progress: ProgressLine | undefined
  /** Of files and pipes alike; not all streams remember. */
  #brokenBy: Error | undefined

  constructor(surroundings: Surroundings, { isJson, isQuiet, verbosity }: TerminalOptions) {
    this.#surroundings = surroundings
    surroundings.output.once('error', (error) => {
      this.#brokenBy = error
    })
    this.isJson = isJson
    this.#isQuiet = isQuiet
    this.verbosity = verbosity
    const showsProgress = surroundings.errors.isTTY === true && !isJson && !isQuiet
    this.#progress = showsProgress ? new ProgressLine(surroundings.errors) : undefined
  }

  /** What the command was run for; in text only. File names in it may be any bytes, and are printed as they are. */
  line(text = ''): void {
    if (!this.isJson) this.#write(`${text}\n`)
  }

  /** What is good to know, and may be kept quiet; in text only. */
  remark(text: string): void {
    if (!this.#isQuiet) this.line(text)
  }

  /** One value on a line of its own; in JSON only. */
  json(value: unknown): void {
    if (this.isJson) this.#write(`${stringifyExact(value)}\n`)
  }

  /** Whatever was asked for, in JSON as in text. */
  raw(text: string): void {
    this.#write(text)
  }

  /** Bytes, no faster than they are taken. */
  async bytes(content: Uint8Array): Promise<void> {
    const { output, signal } = this.#surroundings
    signal.throwIfAborted()
    if (!this.#send(content)) await once(output, 'drain', { signal })
  }

  warn(text: string): void {
    this.#progress?.clear()
    if (this.isJson) this.#jsonError({ message_type: 'error', message: text })
    else this.#surroundings.errors.write(`${text}\n`)
  }

  /** What kept one item from being backed up or restored. @param text the same in words */
  itemFailure(during: 'archival' | 'restore', item: FileName, message: string, text: string): void {
    if (this.isJson) this.#jsonError({ message_type: 'error', error: { message }, during, item })
    else this.warn(text)
  }

  /** The last word of a run that could not do all; in JSON only, as text has it already. @returns the exit code */
  incomplete(code: number, message: string): number {
    if (this.isJson) this.#jsonError({ message_type: 'exit_error', code, message })
    return code
  }

  /** How far a step has come, where someone is looking. */
  readonly progress = (progress: { step: string; done: number; total?: number }): void => {
    this.#progress?.show(progress)
  }

  endProgress(): void {
    this.#progress?.clear()
  }

  /** Whether all output has arrived. @throws what kept it */
  async finish(): Promise<void> {
    await new Promise((resolve) => this.#surroundings.output.write('', resolve))
    if (this.#brokenBy) throw this.#brokenBy
  }

  #jsonError(value: unknown): void {
    this.#surroundings.errors.write(`${stringifyExact(value)}\n`)
  }

  #write(text: string): void {
    this.#progress?.clear()
    this.#send(text)
  }

  /** @throws what came of an earlier output: the command ends, and removes its lock on the way */
  #send(content: string | Uint8Array): boolean {
    if (this.#brokenBy) throw this.#brokenBy
    const isOther = typeof content === 'string' && !isText(content)
    return this.#surroundings.output.write(isOther ? nameToBytes(content) : content)
  }
}
