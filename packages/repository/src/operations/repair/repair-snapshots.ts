import { emptyTreeId, encodeTree, isSafeName, type TreeNode } from '../../format/tree.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import type { BlobWriter } from '../../packs/blob-writer.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { TreeReader } from '../list/walk-tree.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'

export interface RepairSnapshotsOptions extends Upkeep {
  readonly snapshots: readonly StoredSnapshot[]
  /** Removes the damaged snapshots once they are repaired. */
  readonly forget?: boolean
  readonly dryRun?: boolean
}

export interface RepairedSnapshot {
  readonly id: string
  /** Absent after a dry run, and where nothing of it was left. */
  readonly repairedId?: string
}

/**
 * Makes snapshots usable again whose data is lost in part: files lose what is missing, folders that can't be read
 * become empty. The repaired snapshot bears the tag `repaired`. Run `repairIndex` first: what is only unlisted comes
 * back by it.
 * @throws {RepositoryProblem} `repository-locked`, `damaged-index`
 */
export async function repairSnapshots(
  repository: Repository,
  options: RepairSnapshotsOptions,
): Promise<RepairedSnapshot[]> {
  await using lock = await lockRepository(repository, lockOptions(options, true))
  await repository.loadIndex()
  const writer = repository.startWriting()
  const repair = new TreeRepair(
    repository,
    options.dryRun ? undefined : writer,
    options.onNotice ?? (() => {}),
  )
  const repaired: RepairedSnapshot[] = []
  let done = 0
  for (const { id, snapshot } of options.snapshots) {
    options.signal?.throwIfAborted()
    const tree = await repair.repair(snapshot.tree, `${id.slice(0, 8)}:`)
    options.onProgress?.({ step: 'snapshots', done: ++done, total: options.snapshots.length })
    if (tree === snapshot.tree) continue
    if (options.dryRun || tree === emptyTreeId) {
      repaired.push({ id })
    } else {
      // The folders have to be findable before the snapshot that needs them.
      await writer.flush()
      lock.throwIfLost()
      const tags = [...new Set([...(snapshot.tags ?? []), 'repaired'])]
      const repairedId = await repository.saveSnapshot({
        ...snapshot,
        tree,
        tags,
        original: snapshot.original ?? id,
      })
      repaired.push({ id, repairedId })
    }
    lock.throwIfLost()
    if (options.forget && !options.dryRun) await repository.removeUnpacked('snapshots', id)
  }
  return repaired
}

/** Goes through folders, and stores those anew that have lost something. */
class TreeRepair {
  readonly #repository: Repository
  readonly #reader: TreeReader
  readonly #writer: BlobWriter | undefined
  readonly #onNotice: (notice: string) => void
  readonly #repaired = new Map<string, string>()

  /** @param writer absent in a dry run */
  constructor(repository: Repository, writer: BlobWriter | undefined, onNotice: (notice: string) => void) {
    this.#repository = repository
    this.#reader = new TreeReader(repository)
    this.#writer = writer
    this.#onNotice = onNotice
  }

  /** @returns the id of the folder as it can be had, which is `id` when nothing is missing */
  async repair(id: string, path: string): Promise<string> {
    const known = this.#repaired.get(id)
    if (known !== undefined) return known
    const repaired = await this.#repairUnknown(id, path)
    this.#repaired.set(id, repaired)
    return repaired
  }

  async #repairUnknown(id: string, path: string): Promise<string> {
    let nodes: TreeNode[]
    try {
      nodes = await this.#reader.read(id)
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      this.#onNotice(`${path || '/'}: the folder is lost (${error.detail})`)
      return this.#save([])
    }
    const kept: TreeNode[] = []
    for (const node of nodes) {
      const repaired = await this.#repairNode(node, `${path}/${node.name}`)
      if (repaired) kept.push(repaired)
    }
    const isWhole = kept.length === nodes.length && kept.every((node, place) => node === nodes[place])
    return isWhole ? id : this.#save(kept)
  }

  async #repairNode(node: TreeNode, path: string): Promise<TreeNode | undefined> {
    if (!isSafeName(node.name)) {
      this.#onNotice(`${path}: an entry whose name leads out of its folder is left out`)
      return undefined
    }
    if (node.type === 'dir') {
      const subtree = node.subtree ? await this.repair(node.subtree, path) : await this.#save([])
      return subtree === node.subtree ? node : { ...node, subtree }
    }
    if (node.type !== 'file') return node
    const content = (node.content ?? []).filter((blob) => this.#repository.index.has('data', blob))
    if (node.content && content.length === node.content.length) return node
    this.#onNotice(`${path}: ${(node.content ?? []).length - content.length} parts of the file are lost`)
    return { ...node, content, size: this.#sizeOf(content) }
  }

  #sizeOf(content: readonly string[]): number {
    return content.reduce((sum, blob) => {
      const location = this.#repository.index.get('data', blob)
      return sum + (location?.uncompressedBytes ?? (location?.lengthBytes ?? 0) - 32)
    }, 0)
  }

  async #save(nodes: readonly TreeNode[]): Promise<string> {
    const tree = encodeTree(nodes)
    const saved = await this.#writer?.save('tree', tree)
    return saved?.id ?? this.#repository.primitives.sha256Hex(tree)
  }
}
