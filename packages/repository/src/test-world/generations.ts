import { writeFile } from 'node:fs/promises'
import { noise, prose } from '@granary/testing'
import { backup } from '../operations/backup/backup.ts'
import type { Repository } from '../repository.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

export interface GenerationOptions {
  readonly folder: string
  readonly pool: WorkerPool
  /** Small packs make many of them, which is what upkeep is about. */
  readonly packBytes?: number
}

/**
 * Backs a folder up several times, with some files replaced in between, so that packs come to hold what is needed
 * beside what is not. Returns the IDs of the snapshots, the oldest first.
 */
export async function backUpGenerations(
  repository: Repository,
  generations: readonly string[],
  { folder, pool, packBytes = 128 * 1024 }: GenerationOptions,
): Promise<string[]> {
  const ids: string[] = []
  for (const [nth, seed] of generations.entries()) {
    await replaceSomeFiles(folder, seed, nth)
    const { snapshotId } = await backup(repository, { targets: [folder], packBytes, pool })
    if (snapshotId !== undefined) ids.push(snapshotId)
  }
  return ids
}

/** Another third of the files each time, so that each generation needs parts of all before; in the first one, all. */
export async function replaceSomeFiles(folder: string, seed: string, nth: number): Promise<void> {
  for (let file = 0; file < 24; file++) {
    if (nth > 0 && file % 3 !== nth % 3) continue
    await writeFile(`${folder}/noise ${file}`, noise(20_000 + file * 1000, `${seed}-${file}`))
    await writeFile(`${folder}/prose ${file}`, prose(3000, `${seed}-${file}`))
  }
}
