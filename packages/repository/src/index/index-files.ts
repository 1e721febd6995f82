import type { Repository } from '../repository.ts'
import { RepositoryProblem } from '../repository-problem.ts'
import { BlobIndex } from './blob-index.ts'

/** Which packs each index file lists; 4 bytes a pack. */
export type IndexFiles = Map<string, Uint32Array>

/**
 * Reads all index files anew, and works with them from now on.
 * @throws {RepositoryProblem} `damaged-index`
 */
export async function loadIndexFiles(repository: Repository): Promise<IndexFiles> {
  const index = new BlobIndex()
  const files: IndexFiles = new Map()
  for await (const { id, content } of repository.loadAllUnpacked('index')) {
    files.set(id, addIndexFile(index, id, content))
  }
  repository.useIndex(index)
  return files
}

/**
 * Takes an index file in.
 * @returns the numbers of the packs that it lists
 * @throws {RepositoryProblem} `damaged-index`
 */
export function addIndexFile(index: BlobIndex, name: string, content: Uint8Array): Uint32Array {
  try {
    const packIds = index.addIndexFile(content)
    return Uint32Array.from(packIds, (packId) => index.numberOfPack(packId))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new RepositoryProblem('damaged-index', `index/${name} is no index`, { cause: error })
  }
}
