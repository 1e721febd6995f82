import { parseTree } from '../../format/tree.ts'
import type { BlobIndex, SharedBlobLookup } from '../../index/blob-index.ts'
import { faultsOf } from './tree-faults.ts'

/**
 * A folder for {@link SoundTrees}: its entry in the index, how many folders are in it, and theirs. Nothing where
 * something is wrong with it, whatever that is: then `checkTrees` looks again, and says so.
 */
export function describeIfSound(id: string, content: Uint8Array, known: SharedBlobLookup): number[] {
  let nodes: ReturnType<typeof parseTree>
  try {
    nodes = parseTree(content)
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
  if (!faultsOf(nodes, known).next().done) return []
  const subtrees = nodes.flatMap(({ type, subtree }) => (type === 'dir' && subtree ? [subtree] : []))
  const entries = subtrees.map((subtree) => known.entryOf('tree', subtree))
  return entries.includes(-1) ? [] : [known.entryOf('tree', id), entries.length, ...entries]
}

/**
 * The folders that the threads have found to be sound while they read packs, and which folders are in each. Where all
 * that snapshots reach are among them, no folder has to be read a second time.
 */
export class SoundTrees {
  readonly #index: BlobIndex
  /** Where in `#links` a folder is described, plus one, by its entry in the index. */
  readonly #places: Uint32Array
  #links = new Uint32Array(1024)
  #used = 0

  constructor(index: BlobIndex) {
    this.#index = index
    this.#places = new Uint32Array(index.size)
  }

  /** @param described any number of folders, one behind the other, as {@link describeIfSound} returns them */
  add(described: Uint32Array): void {
    if (this.#used + described.length > this.#links.length) this.#grow(described.length)
    this.#links.set(described, this.#used)
    for (let at = 0; at < described.length; at += 2 + (described[at + 1] ?? 0)) {
      this.#places[described[at] ?? 0] = this.#used + at + 1
    }
    this.#used += described.length
  }

  /** Whether each of these trees, and all below them, is sound. */
  holdAll(treeIds: readonly string[]): boolean {
    const seen = new Uint8Array(this.#index.size)
    const pending = treeIds.map((id) => this.#index.entryOf('tree', id))
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      const place = this.#places[entry]
      if (!place) return false
      if (seen[entry] === 1) continue
      seen[entry] = 1
      const count = this.#links[place] ?? 0
      for (let nth = 1; nth <= count; nth++) pending.push(this.#links[place + nth] ?? 0)
    }
    return true
  }

  #grow(needed: number): void {
    const larger = new Uint32Array(this.#used * 2 + needed)
    larger.set(this.#links.subarray(0, this.#used))
    this.#links = larger
  }
}
