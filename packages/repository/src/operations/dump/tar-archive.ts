import { unixPermissions } from '../../format/file-mode.ts'
import { nameToBytes } from '../../format/file-name.ts'
import { parseGoTime } from '../../format/go-time.ts'
import type { NodeType, TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'
import { TreeReader, walkTree } from '../list/walk-tree.ts'
import { fileContent } from './file-content.ts'

const blockBytes = 512
const typeFlags: Partial<Record<NodeType, string>> = {
  ...{ file: '0', symlink: '2', chardev: '3', dev: '4', dir: '5', fifo: '6' },
}
const maxOctal11 = 8 ** 11 - 1
const maxOctal7 = 8 ** 7 - 1

/**
 * A folder of a snapshot as a tar archive: POSIX ustar, with pax records where ustar is too narrow.
 * @param folder its path in the archive, without a slash around it
 * @throws {RepositoryProblem} as reading trees and blobs does
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export async function* tarArchive(
  repository: Repository,
  treeId: string,
  folder: string,
): AsyncGenerator<Uint8Array> {
  for await (const { path, node } of walkTree(new TreeReader(repository), treeId, `/${folder}`)) {
    const flag = typeFlags[node.type]
    // Sockets live only as long as whoever listens on them.
    if (flag === undefined) continue
    yield* headerOf(nameToBytes(`${path.slice(1)}${node.type === 'dir' ? '/' : ''}`), node, flag)
    if (node.type !== 'file') continue
    let bytes = 0
    for await (const piece of fileContent(repository, node)) {
      bytes += piece.length
      yield piece
    }
    if (bytes !== (node.size ?? 0))
      throw new Error(`${path} has ${bytes} bytes, where ${node.size} were announced`)
    yield padding(bytes)
  }
  yield new Uint8Array(2 * blockBytes)
}

function* headerOf(name: Uint8Array, node: TreeNode, flag: string): Generator<Uint8Array> {
  const target = nameToBytes(node.linkTarget ?? '')
  const size = node.type === 'file' ? (node.size ?? 0) : 0
  const nanoseconds = parseGoTime(node.mtime)
  const records: Uint8Array[] = []
  if (name.length > 100) records.push(paxRecord('path', name))
  if (target.length > 100) records.push(paxRecord('linkpath', target))
  if (size > maxOctal11) records.push(paxRecord('size', digits(size)))
  if (node.uid > maxOctal7) records.push(paxRecord('uid', digits(node.uid)))
  if (node.gid > maxOctal7) records.push(paxRecord('gid', digits(node.gid)))
  if (nanoseconds < 0n || nanoseconds % 1_000_000_000n !== 0n)
    records.push(paxRecord('mtime', seconds(nanoseconds)))
  for (const { name: attribute, value } of node.extendedAttributes ?? []) {
    records.push(paxRecord(`SCHILY.xattr.${attribute}`, value))
  }
  if (records.length > 0) {
    const content = Buffer.concat(records)
    yield ustarBlock({ name: digits('PaxHeaders/next'), mode: 0o644, size: content.length, flag: 'x' })
    yield content
    yield padding(content.length)
  }
  yield ustarBlock({
    ...{ name, target, size, flag },
    mode: unixPermissions(node.mode),
    uid: node.uid,
    gid: node.gid,
    seconds: nanoseconds > 0n ? Number(nanoseconds / 1_000_000_000n) : 0,
    user: node.user ?? '',
    group: node.group ?? '',
    device: node.device ?? 0n,
  })
}

interface UstarFields {
  readonly name: Uint8Array
  readonly target?: Uint8Array
  readonly mode: number
  readonly uid?: number
  readonly gid?: number
  readonly size: number
  readonly seconds?: number
  readonly flag: string
  readonly user?: string
  readonly group?: string
  /** `st_rdev` as Linux puts it together. */
  readonly device?: bigint
}

function ustarBlock(fields: UstarFields): Uint8Array {
  const {
    uid = 0,
    gid = 0,
    seconds = 0,
    device = 0n,
    target = new Uint8Array(),
    user = '',
    group = '',
  } = fields
  const block = Buffer.alloc(blockBytes)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  block.set(fields.name.subarray(0, 100), 0)
  octal(fields.mode, 100, 8)
  octal(uid > maxOctal7 ? 0 : uid, 108, 8)
  octal(gid > maxOctal7 ? 0 : gid, 116, 8)
  octal(fields.size > maxOctal11 ? 0 : fields.size, 124, 12)
  octal(seconds, 136, 12)
  block.write(fields.flag, 156)
  block.set(target.subarray(0, 100), 157)
  block.write('ustar\x0000', 257)
  block.write(user.slice(0, 31), 265)
  block.write(group.slice(0, 31), 297)
  octal(Number((device >> 8n) & 0xfffn), 329, 8)
  octal(Number((device & 0xffn) | ((device >> 12n) & 0xfff00n)), 337, 8)
  // The checksum counts its own place as blanks.
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** `<length> key=value\n`, where the length counts its own digits too. */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const bytes = key.length + value.length + 3
  let length = bytes + bytes.toString().length
  length = bytes + length.toString().length
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')])
}

function seconds(nanoseconds: bigint): Uint8Array {
  const isNegative = nanoseconds < 0n
  const absolute = isNegative ? -nanoseconds : nanoseconds
  const fraction = (absolute % 1_000_000_000n).toString().padStart(9, '0')
  return digits(`${isNegative ? '-' : ''}${absolute / 1_000_000_000n}.${fraction}`)
}

function digits(value: number | string): Uint8Array {
  return Buffer.from(String(value))
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array((blockBytes - (bytes % blockBytes)) % blockBytes)
}
