import { type BigIntStats, lstatSync } from 'node:fs'
import { type FileName, isText, nameToBytes } from '../format/file-name.ts'

/** A path for Node's file system calls: bytes where it is no valid text. */
export function nodePath(path: FileName): string | Buffer {
  return isText(path) ? path : Buffer.from(nameToBytes(path))
}

export function statOf(path: FileName): BigIntStats {
  return lstatSync(nodePath(path), { bigint: true })
}
