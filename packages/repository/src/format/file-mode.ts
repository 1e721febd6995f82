import type { NodeType } from './tree.ts'

/** Go's `os.FileMode`: the permissions in the low nine bits, the kind of file and the special bits above. */
const goDirectory = 2 ** 31
const goSymlink = 1 << 27
const goDevice = 1 << 26
const goFifo = 1 << 25
const goSocket = 1 << 24
const goSetuid = 1 << 23
const goSetgid = 1 << 22
const goCharDevice = 1 << 21
const goSticky = 1 << 20
const goIrregular = 1 << 19

const kinds: Record<NodeType, number> = {
  file: 0,
  dir: goDirectory,
  symlink: goSymlink,
  dev: goDevice,
  chardev: goDevice + goCharDevice,
  fifo: goFifo,
  socket: goSocket,
  irregular: goIrregular,
}

const unixKinds = new Map<number, NodeType>([
  [0o010000, 'fifo'],
  [0o020000, 'chardev'],
  [0o040000, 'dir'],
  [0o060000, 'dev'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
  [0o140000, 'socket'],
])

export function nodeTypeFromUnix(unixMode: number): NodeType {
  return unixKinds.get(unixMode & 0o170000) ?? 'irregular'
}

export function goModeFromUnix(unixMode: number): number {
  let mode = kinds[nodeTypeFromUnix(unixMode)] + (unixMode & 0o777)
  if (unixMode & 0o4000) mode += goSetuid
  if (unixMode & 0o2000) mode += goSetgid
  if (unixMode & 0o1000) mode += goSticky
  return mode
}

/** `st_mode`: the kind of file, and the permissions. */
export function unixModeOf(type: NodeType, goMode: number): number {
  const kind = unixKinds.entries().find(([, known]) => known === type)?.[0] ?? 0
  return kind | unixPermissions(goMode)
}

/** The permissions with setuid, setgid and sticky, as `chmod` takes them. */
export function unixPermissions(goMode: number): number {
  return (
    (goMode & 0o777) |
    (goMode & goSetuid ? 0o4000 : 0) |
    (goMode & goSetgid ? 0o2000 : 0) |
    (goMode & goSticky ? 0o1000 : 0)
  )
}
