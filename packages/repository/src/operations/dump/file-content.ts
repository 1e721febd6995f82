import type { TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'

/** Blobs that are read before they are needed. */
const blobsAhead = 4

/** The bytes of a file, in order. @throws {RepositoryProblem} `missing-blob`, `damaged-pack`, `missing-file` */
export async function* fileContent(repository: Repository, node: TreeNode): AsyncGenerator<Uint8Array> {
  const pending: Promise<Uint8Array>[] = []
  for (const id of node.content ?? []) {
    const blob = repository.loadBlob('data', id)
    // Thrown where it is awaited, which may be later.
    blob.catch(() => {})
    pending.push(blob)
    if (pending.length < blobsAhead) continue
    const first = await pending.shift()
    if (first) yield first
  }
  for (const blob of pending) yield await blob
}
