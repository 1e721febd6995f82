import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { promisify } from 'node:util'
import { splitWords } from './split-words.ts'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

/** Where a password may come from, in the order in which it is looked for. */
export interface PasswordSource {
  readonly isEmpty: boolean
  readonly file: string | undefined
  readonly command: string | undefined
  readonly text: string | undefined
  /** What to ask for at the terminal. */
  readonly question: string
}

/** @throws {UsageError} when there is none */
export async function readPassword(source: PasswordSource, surroundings: Surroundings): Promise<string> {
  if (source.isEmpty) return ''
  if (source.file !== undefined && source.command !== undefined) {
    throw new UsageError('a password file and a password command exclude each other')
  }
  if (source.file !== undefined) return passwordFromFile(source.file, surroundings)
  if (source.command !== undefined) return passwordFromCommand(source.command, surroundings)
  if (source.text !== undefined) return source.text
  const password = await askForPassword(source.question, surroundings)
  if (password === '') throw new UsageError('an empty password is not allowed')
  return password
}

export async function passwordFromFile(file: string, { workingFolder }: Surroundings): Promise<string> {
  const content = await readFile(path.resolve(workingFolder, file)).catch((error: Error) => {
    throw new UsageError(`the password file can't be read: ${error.message}`)
  })
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(content).trim()
}

async function passwordFromCommand(command: string, { workingFolder }: Surroundings): Promise<string> {
  const [program, ...args] = splitWords(command)
  if (program === undefined) throw new UsageError('the password command is empty')
  try {
    return (await promisify(execFile)(program, args, { cwd: workingFolder })).stdout.trim()
  } catch (error) {
    throw new UsageError(`the password command failed: ${error instanceof Error ? error.message : error}`)
  }
}

/** Without a terminal, the first line that comes in. What is typed is not shown. */
export async function askForPassword(
  question: string,
  { input, errors, signal }: Surroundings,
): Promise<string> {
  if (!input.isTTY) {
    const lines = createInterface({ input, signal })
    for await (const line of lines) {
      lines.close()
      return line
    }
    throw new UsageError('no password was given: set RESTIC_PASSWORD_FILE or RESTIC_PASSWORD')
  }
  errors.write(`${question}: `)
  input.setRawMode?.(true)
  try {
    return await typedLine(input, signal)
  } finally {
    input.setRawMode?.(false)
    input.pause()
    errors.write('\n')
  }
}

const [interrupt, endOfInput, backspace, deletion] = ['\u0003', '\u0004', '\b', '\u007f']

async function typedLine(input: Surroundings['input'], signal: AbortSignal): Promise<string> {
  let typed: string[] = []
  for await (const piece of input.iterator({ destroyOnReturn: false })) {
    signal.throwIfAborted()
    for (const character of String(piece)) {
      if (character === '\r' || character === '\n' || character === endOfInput) return typed.join('')
      // The terminal turns no key into a signal while it is raw.
      if (character === interrupt) throw new DOMException('ended by the keyboard', 'AbortError')
      if (character === backspace || character === deletion) typed = typed.slice(0, -1)
      else typed.push(character)
    }
  }
  return typed.join('')
}
