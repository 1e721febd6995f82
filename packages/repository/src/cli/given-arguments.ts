import { readFileSync } from 'node:fs'
import { type FileName, nameFromBytes } from '../format/file-name.ts'

/**
 * What the program was called with. Node turns bytes that are no text into U+FFFD, so that a file of such a name could not
 * be named; Linux tells the bytes.
 */
export function givenArguments(): readonly FileName[] {
  const args = process.argv.slice(2)
  if (!args.some((arg) => arg.includes('\ufffd'))) return args
  try {
    const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1)
    return all.slice(all.length - args.length).map((arg) => nameFromBytes(Buffer.from(arg, 'latin1')))
  } catch {
    return args
  }
}
