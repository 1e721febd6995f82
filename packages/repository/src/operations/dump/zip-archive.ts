import { pipeline } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'
import { unixModeOf } from '../../format/file-mode.ts'
import { type FileName, nameToBytes } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'
import { type TreeEntry, TreeReader, walkTree } from '../list/walk-tree.ts'
import { fileContent } from './file-content.ts'
import {
  type ZipContent,
  type ZipHead,
  zipDescriptor,
  zipDirectoryEntry,
  zipEnd,
  zipLocalHeader,
  zipMethods,
} from './zip-records.ts'

/** From here on, what deflate makes of a content may have lengths that take more than 32 bits. */
const largeBytes = 0xf000_0000
const chunkSize = 256 * 1024

/**
 * A folder of a snapshot as a zip archive, in the form of Info-ZIP: with modes, times and symlinks. Nothing is kept
 * in memory but the directory that stands at the end.
 * @param folder its path in the archive, without a slash around it
 * @throws {RepositoryProblem} as reading trees and blobs does
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function* zipArchive(
  repository: Repository,
  treeId: string,
  folder: FileName,
): AsyncGenerator<Uint8Array> {
  const entries = walkTree(new TreeReader(repository), treeId, `/${folder}`)
  yield* zipOf(entries, (node) => fileContent(repository, node))
}

/** @param contentOf the bytes of a file, as long as its node says */
export async function* zipOf(
  entries: AsyncIterable<TreeEntry>,
  contentOf: (node: TreeNode) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = []
  let offset = 0
  for await (const { path, node } of entries) {
    // Sockets live only as long as whoever listens on them.
    if (node.type === 'socket' || node.type === 'irregular') continue
    const size = node.type === 'file' ? (node.size ?? 0) : 0
    const head: ZipHead = {
      name: `${path.slice(1)}${node.type === 'dir' ? '/' : ''}`,
      unixMode: unixModeOf(node.type, node.mode),
      mtime: node.mtime,
      method: size > 0 ? zipMethods.deflated : zipMethods.stored,
      isLarge: size >= largeBytes,
      offset,
    }
    const pieces = size > 0 ? deflatedEntry(head, contentOf(node), size) : wholeEntry(head, node)
    let step = await pieces.next()
    for (; !step.done; step = await pieces.next()) {
      offset += step.value.length
      yield step.value
    }
    directory.push(zipDirectoryEntry(head, step.value, size > 0))
  }
  const bytes = directory.reduce((sum, entry) => sum + entry.length, 0)
  yield* directory
  yield zipEnd({ entries: directory.length, bytes, offset })
}

type EntryPieces = AsyncGenerator<Uint8Array, ZipContent>

/** What fits into a header: all but files, and those that are empty. */
async function* wholeEntry(head: ZipHead, node: TreeNode): EntryPieces {
  const content = node.type === 'symlink' ? nameToBytes(node.linkTarget ?? '') : new Uint8Array()
  const known = { crc: crc32(content), bytes: content.length, packedBytes: content.length }
  yield zipLocalHeader(head, known)
  if (content.length > 0) yield content
  return known
}

async function* deflatedEntry(head: ZipHead, plain: AsyncIterable<Uint8Array>, size: number): EntryPieces {
  yield zipLocalHeader(head)
  const content = { crc: 0, bytes: 0, packedBytes: 0 }
  async function* counted() {
    for await (const piece of plain) {
      content.crc = crc32(piece, content.crc)
      content.bytes += piece.length
      yield piece
    }
  }
  // What fails in it is thrown here.
  for await (const piece of pipeline(counted, createDeflateRaw({ chunkSize }), () => {})) {
    content.packedBytes += piece.length
    yield piece
  }
  if (content.bytes !== size)
    throw new Error(`${head.name} has ${content.bytes} bytes, where ${size} were announced`)
  yield zipDescriptor(head, content)
  return content
}
