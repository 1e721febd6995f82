import { parseExactJson } from './exact-json.ts'
import { type FileName, isText, nameFromBytes, nameToBytes } from './file-name.ts'
import { goJsonString, quoteName, unquoteName } from './go-text.ts'
import { isGoTime } from './go-time.ts'

const nodeTypes = ['file', 'dir', 'symlink', 'dev', 'chardev', 'fifo', 'socket', 'irregular'] as const
export type NodeType = (typeof nodeTypes)[number]

export interface ExtendedAttribute {
  readonly name: string
  readonly value: Uint8Array
}

/** One entry of a folder. Times are RFC 3339 texts, kept as written so that a tree keeps its id. */
export interface TreeNode {
  readonly name: FileName
  readonly type: NodeType
  /** Go's `os.FileMode`, see `file-mode.ts`. */
  readonly mode: number
  readonly mtime: string
  readonly atime: string
  readonly ctime: string
  readonly uid: number
  readonly gid: number
  readonly user?: string
  readonly group?: string
  readonly inode?: bigint
  readonly deviceId?: bigint
  /** In bytes; of files only. */
  readonly size?: number
  readonly links?: number
  readonly linkTarget?: FileName
  readonly extendedAttributes?: readonly ExtendedAttribute[]
  readonly genericAttributes?: unknown
  /** `st_rdev`, of devices only. */
  readonly device?: bigint
  /** The data blobs of a file, in order; null for everything else. */
  readonly content: readonly string[] | null
  /** The tree blob of a folder. */
  readonly subtree?: string
  readonly error?: string
}

/** The id of a tree without entries. */
export const emptyTreeId = 'ac08ce34ba4f8123618661bef2425f7028ffb9ac740578a3ee88684d2523fee8'

const treeStart = '{"nodes":['
const treeEnd = ']}\n'

/** A name that stays within its folder. */
export function isSafeName(name: FileName): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0')
}

/** Puts the JSON of nodes, sorted by the bytes of their names, together to a tree blob. */
export function joinTree(nodes: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${treeStart}${nodes.join(',')}${treeEnd}`)
}

export function encodeTree(nodes: readonly TreeNode[]): Uint8Array {
  return joinTree(nodes.map(encodeNode))
}

/** A node as restic writes it, byte for byte. */
function encodeNode(node: TreeNode): string {
  return encodeNodeMetadata(node) + encodeNodeContent(node)
}

/** The part of a node that comes from the file's metadata. */
export function encodeNodeMetadata(node: TreeNode): string {
  let json = `{"name":${goJsonString(quoteName(node.name))},"type":"${node.type}"`
  if (node.mode !== 0) json += `,"mode":${node.mode}`
  json += `,"mtime":"${node.mtime}","atime":"${node.atime}","ctime":"${node.ctime}"`
  json += `,"uid":${node.uid},"gid":${node.gid}`
  if (node.user) json += `,"user":${goJsonString(node.user)}`
  if (node.group) json += `,"group":${goJsonString(node.group)}`
  if (node.inode) json += `,"inode":${node.inode}`
  if (node.deviceId) json += `,"device_id":${node.deviceId}`
  if (node.size) json += `,"size":${node.size}`
  if (node.links) json += `,"links":${node.links}`
  if (node.linkTarget) json += encodeLinkTarget(node.linkTarget)
  if (node.extendedAttributes && node.extendedAttributes.length > 0) {
    const attributes = node.extendedAttributes.map(
      ({ name, value }) => `{"name":${goJsonString(name)},"value":"${value.toBase64()}"}`,
    )
    json += `,"extended_attributes":[${attributes.join(',')}]`
  }
  if (node.genericAttributes) json += `,"generic_attributes":${JSON.stringify(node.genericAttributes)}`
  if (node.device) json += `,"device":${node.device}`
  return json
}

/** The rest of a node: what it holds. */
export function encodeNodeContent(node: Pick<TreeNode, 'content' | 'subtree' | 'error'>): string {
  let json = `,"content":${node.content === null ? 'null' : JSON.stringify(node.content)}`
  if (node.subtree) json += `,"subtree":"${node.subtree}"`
  if (node.error) json += `,"error":${goJsonString(node.error)}`
  return `${json}}`
}

function encodeLinkTarget(target: FileName): string {
  const raw = nameToBytesIfNotText(target)
  const json = `,"linktarget":${goJsonString(target)}`
  return raw ? `${json},"linktarget_raw":"${raw.toBase64()}"` : json
}

function nameToBytesIfNotText(name: FileName): Uint8Array | undefined {
  return isText(name) ? undefined : nameToBytes(name)
}

/**
 * Reads a tree blob.
 * @throws {SyntaxError} when it is no tree
 */
export function parseTree(bytes: Uint8Array): TreeNode[] {
  const tree = parseExactJson(decodeText(bytes))
  if (typeof tree !== 'object' || tree === null || !('nodes' in tree)) {
    throw new SyntaxError('a tree needs `nodes`')
  }
  // restic wrote null for an empty folder once.
  if (tree.nodes === null) return []
  if (!Array.isArray(tree.nodes)) throw new SyntaxError('`nodes` of a tree must be a list')
  return tree.nodes.map(parseNode)
}

/** Reads the JSON of one node. @throws {SyntaxError} when it is none */
export function parseTreeNode(json: string): TreeNode {
  return parseNode(parseExactJson(json))
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SyntaxError('a tree must be valid UTF-8', { cause: error })
  }
}

function parseNode(json: unknown): TreeNode {
  if (typeof json !== 'object' || json === null) throw new SyntaxError('a node must be an object')
  const raw = json as Record<string, unknown>
  const type = raw.type as NodeType
  if (!nodeTypes.includes(type)) throw new SyntaxError(`unknown node type ${JSON.stringify(raw.type)}`)
  // Filled field by field: this runs for every file, and putting an object together from parts takes thrice as long.
  const node: { -readonly [Key in keyof TreeNode]: TreeNode[Key] } = {
    name: unquoteName(text(raw, 'name')),
    type,
    mode: count(raw, 'mode'),
    mtime: time(raw, 'mtime'),
    atime: time(raw, 'atime'),
    ctime: time(raw, 'ctime'),
    uid: count(raw, 'uid'),
    gid: count(raw, 'gid'),
    content: parseContent(raw.content),
  }
  if (raw.user) node.user = text(raw, 'user')
  if (raw.group) node.group = text(raw, 'group')
  if (raw.inode) node.inode = integer(raw, 'inode')
  if (raw.device_id) node.deviceId = integer(raw, 'device_id')
  if (raw.size) node.size = count(raw, 'size')
  if (raw.links) node.links = count(raw, 'links')
  const linkTarget = parseLinkTarget(raw)
  if (linkTarget) node.linkTarget = linkTarget
  if (raw.extended_attributes) node.extendedAttributes = parseAttributes(raw.extended_attributes)
  if (raw.generic_attributes) node.genericAttributes = raw.generic_attributes
  if (raw.device) node.device = integer(raw, 'device')
  if (raw.subtree) node.subtree = blobId(raw.subtree)
  if (raw.error) node.error = text(raw, 'error')
  return node
}

function parseLinkTarget(raw: Record<string, unknown>): FileName | undefined {
  if (raw.linktarget_raw) return nameFromBytes(Uint8Array.fromBase64(text(raw, 'linktarget_raw')))
  return raw.linktarget ? text(raw, 'linktarget') : undefined
}

function parseAttributes(value: unknown): ExtendedAttribute[] {
  if (!Array.isArray(value)) throw new SyntaxError('`extended_attributes` must be a list')
  return value.map((attribute: Record<string, unknown>) => ({
    name: text(attribute, 'name'),
    value: attribute.value ? Uint8Array.fromBase64(text(attribute, 'value')) : new Uint8Array(),
  }))
}

function parseContent(value: unknown): string[] | null {
  if (value === null || value === undefined) return null
  if (!Array.isArray(value)) throw new SyntaxError('`content` must be a list')
  return value.map(blobId)
}

const idPattern = /^[0-9a-f]{64}$/

function blobId(value: unknown): string {
  if (typeof value !== 'string' || !idPattern.test(value)) throw new SyntaxError('malformed blob id')
  return value
}

function text(raw: Record<string, unknown>, key: string): string {
  const value = raw?.[key]
  if (typeof value !== 'string') throw new SyntaxError(`\`${key}\` must be a text`)
  return value
}

function time(raw: Record<string, unknown>, key: string): string {
  const value = text(raw, key)
  if (!isGoTime(value)) throw new SyntaxError(`\`${key}\` must be a time`)
  return value
}

function count(raw: Record<string, unknown>, key: string): number {
  const value = raw[key] ?? 0
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new SyntaxError(`\`${key}\` must be a whole number`)
  }
  return value as number
}

function integer(raw: Record<string, unknown>, key: string): bigint {
  const value = raw[key]
  if (typeof value === 'bigint') return value
  return BigInt(count(raw, key))
}
