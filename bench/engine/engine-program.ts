/** What the engine's bench measures on our side: `engine-program.ts init|backup|restore repository [folder]`. */
import { RestStore } from '@granary/object-store'
import { backup, nodePrimitives, Repository, restore, WorkerPool } from '@granary/repository'

const [verb, place = '', folder = ''] = process.argv.slice(2)
await using store = new RestStore(place)
const access = { password: process.env.RESTIC_PASSWORD ?? '', primitives: nodePrimitives }
if (verb === 'init')
  await Repository.init(store, { ...access, owner: { username: 'bench', hostname: 'bench' } })
else {
  // The threads start while the password is turned into a key.
  await using pool = new WorkerPool()
  const [repository] = await Promise.all([Repository.open(store, access), pool.prepare(verb ?? '')])
  if (verb === 'backup') {
    const { failures } = await backup(repository, { targets: [folder], pool })
    if (failures.length > 0) throw new Error(`${failures.length} files could not be read`)
  } else {
    const snapshots = await Array.fromAsync(repository.snapshots())
    const latest = snapshots.toSorted((a, b) => (a.snapshot.time < b.snapshot.time ? 1 : -1))[0]
    const { failures } = await restore(repository, { snapshotId: latest?.id ?? '', target: folder, pool })
    if (failures.length > 0) throw new Error(`${failures.length} files could not be restored`)
  }
}
