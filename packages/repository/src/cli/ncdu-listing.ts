import { unixPermissions } from '../format/file-mode.ts'
import { parseGoTime } from '../format/go-time.ts'
import { encodeSnapshot } from '../format/snapshot.ts'
import type { TreeEntry } from '../operations/list/walk-tree.ts'
import type { FoundSnapshot } from '../operations/snapshots/select-snapshots.ts'
import { stringifyExact } from './terminal/stringify-exact.ts'

const blockBytes = 512

/**
 * The items of a snapshot in the form that `ncdu -f` reads, piece by piece: folders within each other.
 * @see https://dev.yorhel.nl/ncdu/jsonfmt
 */
export class NcduListing {
  /** The folders that are open, each with the slash behind it. */
  readonly #open: string[] = []

  /** @param tree where the listing begins */
  begin({ snapshot }: FoundSnapshot, tree: string): string {
    const about = new TextDecoder().decode(encodeSnapshot({ ...snapshot, tree }))
    return `[1, 2, ${about}, [{"name":"/"}`
  }

  /** The next item, in the order of a walk. */
  entry(entry: TreeEntry): string {
    let text = this.#closeUnless((folder) => entry.path.startsWith(folder))
    text += ',\n'
    if (entry.node.type === 'dir') {
      text += `${this.#indent()}[\n`
      this.#open.push(`${entry.path}/`)
    }
    return `${text}${this.#indent()}${stringifyExact(describe(entry))}`
  }

  end(): string {
    return `${this.#closeUnless(() => false)}\n]\n]\n`
  }

  #closeUnless(isStillOpen: (folder: string) => boolean): string {
    let text = ''
    for (let last = this.#open.at(-1); last !== undefined && !isStillOpen(last); last = this.#open.at(-1)) {
      this.#open.pop()
      text += `\n${this.#indent()}]`
    }
    return text
  }

  #indent(): string {
    return '  '.repeat(this.#open.length + 1)
  }
}

function describe({ node }: TreeEntry) {
  const bytes = node.size ?? 0
  const seconds = parseGoTime(node.mtime) / 1_000_000_000n
  return {
    name: node.name,
    asize: bytes,
    dsize: Math.ceil(bytes / blockBytes) * blockBytes,
    dev: node.deviceId ?? 0,
    ino: node.inode ?? 0,
    nlink: node.links ?? 0,
    notreg: node.type !== 'dir' && node.type !== 'file',
    uid: node.uid,
    gid: node.gid,
    mode: unixPermissions(node.mode),
    // It knows no time before 1970.
    mtime: seconds > 0n ? seconds : 0,
  }
}
