import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs'
import { type FileName, isText, nameFromBytes, nameToBytes } from '../format/file-name.ts'

/** A path for Node's file system calls: bytes where it is no valid text. */
export function nodePath(path: FileName): string | Buffer {
  return isText(path) ? path : Buffer.from(nameToBytes(path))
}

export function statOf(path: FileName): BigIntStats {
  return lstatSync(nodePath(path), { bigint: true })
}

/** Of a folder, or of the one that a link leads to. @throws where it is no folder, as for what would lie in it */
export function folderStatOf(path: FileName): BigIntStats {
  return statSync(nodePath(`${path}/`), { bigint: true })
}

/** The names in a folder. @throws what the file system reports */
export function namesIn(folder: FileName): FileName[] {
  // One character a byte: a buffer for each name would take several times as long.
  const names = readdirSync(nodePath(folder), { encoding: 'latin1' })
  return names.map((name) => (isPlain.test(name) ? name : nameFromBytes(Buffer.from(name, 'latin1'))))
}

const isPlain = /^[\x20-\x7e]*$/
