import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { nodePath } from '../../filesystem/node-path.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import { guard } from './item-failure.ts'
import { removeIfThere } from './make-item.ts'
import { openAnyway } from './open-anyway.ts'
import type {
  FileInspected,
  FileToRestore,
  InspectFiles,
  ItemFailure,
  RestoreSetup,
} from './restore-messages.ts'
import { hasOtherNames } from './restore-metadata.ts'

/**
 * Looks at what lies where a file shall go. What can't be written into, such as a symlink or a file with several
 * names, is taken away.
 */
export function inspect(
  { path, node }: FileToRestore,
  lengths: readonly number[],
  mode: InspectFiles['mode'],
  { clearsFolders }: RestoreSetup,
): FileInspected {
  try {
    const stats = lstatSync(nodePath(path), { bigint: true, throwIfNoEntry: false })
    if (!stats) return {}
    const seen = { mtimeNs: stats.mtimeNs, size: Number(stats.size) }
    if (mode === 'by-stat') return seen
    if (!stats.isFile()) {
      removeIfThere(path, clearsFolders)
      return seen
    }
    const descriptor = openAnyway(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      if (hasOtherNames(descriptor)) {
        unlinkSync(nodePath(path))
        return seen
      }
      return { matching: compareBlobs(descriptor, node.content ?? [], lengths), ...seen }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { failure: messageOf(error) }
  }
}

function compareBlobs(descriptor: number, ids: readonly string[], lengths: readonly number[]): boolean[] {
  let offset = 0
  return ids.map((id, i) => {
    const length = lengths[i] ?? 0
    const content = readPart(descriptor, offset, length)
    offset += length
    return content !== undefined && nodePrimitives.sha256Hex(content) === id
  })
}

/** Reads a restored file again, and compares. */
export function verify({ path, node }: FileToRestore, lengths: readonly number[]): ItemFailure[] {
  return guard(path, () => {
    const descriptor = openSync(nodePath(path), constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const size = fstatSync(descriptor).size
      if (size !== (node.size ?? 0))
        throw new WrongContentError(`has ${size} instead of ${node.size ?? 0} bytes`)
      const wrong = compareBlobs(descriptor, node.content ?? [], lengths).indexOf(false)
      if (wrong >= 0) throw new WrongContentError(`does not hold its blob ${node.content?.[wrong]}`)
    } finally {
      closeSync(descriptor)
    }
  })
}

class WrongContentError extends Error {
  readonly code = 'EWRONGCONTENT'
}

function readPart(descriptor: number, offset: number, length: number): Uint8Array | undefined {
  const content = Buffer.allocUnsafe(length)
  for (let read = 0; read < length; ) {
    const bytes = readSync(descriptor, content, read, length - read, offset + read)
    if (bytes === 0) return undefined
    read += bytes
  }
  return content
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error
  return error.message
}
