import assert from 'node:assert/strict'
import { existsSync, readdirSync, statfsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { mountSmallDisk } from '@granary/testing'
import type { ObjectHandle } from '../object-store.ts'
import { StorageFullError } from '../vault-store.ts'
import { vaultStoreConformance } from '../vault-store-conformance.ts'
import { LocalVaults } from './local-vaults.ts'

async function openFolder() {
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-vaults-'))
  const store = new LocalVaults(folder, 'p1')
  return {
    folder,
    store,
    async [Symbol.asyncDispose]() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

vaultStoreConformance('local', openFolder)

const content = Buffer.from('a pack')
const handle: ObjectHandle = { type: 'data', name: `ab${'0'.repeat(62)}` }

test('a vault is a folder as restic lays it out, closed to others', async () => {
  await using world = await openFolder()
  await world.store.prepare('000001-web01')
  const vault = path.join(world.folder, 'vaults', '000001-web01')
  assert.deepEqual(readdirSync(vault).sort(), ['data', 'index', 'keys', 'locks', 'snapshots'])
  assert.equal(readdirSync(path.join(vault, 'data')).length, 256)
  assert.equal((await stat(vault)).mode & 0o777, 0o700)
})

test('what a process that died was taking in is found, and says whether it was published', async () => {
  await using world = await openFolder()
  const dying = new LocalVaults(world.folder, 'p2')
  const published = dying.receive('v', handle)
  published.write(content)
  await published.persist()
  await published.publish()
  const other: ObjectHandle = { type: 'config', name: '' }
  const unpublished = dying.receive('v', other)
  unpublished.write(content)
  await unpublished.persist()

  const leftovers = [...world.store.leftovers((processId) => processId === 'p1')].sort((a, b) =>
    b.handle.type < a.handle.type ? -1 : 1,
  )
  assert.deepEqual(
    leftovers.map(({ folder, handle: found, processId, published: shown }) => ({
      folder,
      found,
      processId,
      shown,
    })),
    [
      { folder: 'v', found: handle, processId: 'p2', shown: true },
      { folder: 'v', found: other, processId: 'p2', shown: false },
    ],
  )
})

test('a leftover can be published after all, or removed with what it published', async () => {
  await using world = await openFolder()
  for (const outcome of ['publish', 'remove'] as const) {
    const dying = new LocalVaults(world.folder, `p-${outcome}`)
    const incoming = dying.receive('v', handle)
    incoming.write(content)
    await incoming.persist()
    if (outcome === 'remove') await incoming.publish()
    for (const leftover of world.store.leftovers((processId) => processId === 'p1')) {
      if (outcome === 'publish') leftover.publish()
      else leftover.remove({ published: true })
    }
    assert.equal(world.store.bytes('v', handle), outcome === 'publish' ? content.length : null)
    if (outcome === 'publish') world.store.remove('v', handle)
  }
  assert.deepEqual(readdirSync(path.join(world.folder, 'incoming')), ['p1'])
})

test('a leftover never takes away what another upload published', async () => {
  await using world = await openFolder()
  const dying = new LocalVaults(world.folder, 'p2')
  const lost = dying.receive('v', handle)
  lost.write(content)
  await lost.persist()
  const kept = world.store.receive('v', handle)
  kept.write(content)
  await kept.persist()
  await kept.publish()
  await kept.release()
  for (const leftover of world.store.leftovers((processId) => processId === 'p1'))
    leftover.remove({ published: true })
  assert.equal(world.store.bytes('v', handle), content.length)
})

test('stray files are neither listed nor in the way', async () => {
  await using world = await openFolder()
  await world.store.prepare('v')
  await writeFile(path.join(world.folder, 'vaults/v/data/ab/lost+found.txt'), 'stray')
  await writeFile(path.join(world.folder, 'incoming/p1/stray'), 'stray')
  const found: unknown[] = []
  for await (const object of world.store.list('v', 'data')) found.push(object)
  assert.deepEqual(found, [])
  assert.deepEqual([...world.store.leftovers(() => false)], [])
})

test('incoming files are gone after their upload, however it ended', async () => {
  await using world = await openFolder()
  const discarded = world.store.receive('v', handle)
  discarded.write(Buffer.alloc(2_000_000))
  await discarded.discard()
  const released = world.store.receive('v', handle)
  released.write(content)
  await released.persist()
  await released.publish()
  await released.release()
  assert.deepEqual(readdirSync(path.join(world.folder, 'incoming/p1')), [])
  assert.ok(existsSync(path.join(world.folder, 'vaults/v/data/ab', handle.name)))
})

test('a disk that holds no more files is told of as full, and goes on once it does', async () => {
  await using disk = await mountSmallDisk(4 * 1024 * 1024)
  const store = new LocalVaults(disk.path, 'p1')
  const incoming = store.receive('v', handle)
  incoming.write(content)
  await incoming.persist()
  await incoming.publish()
  await incoming.release()
  const { files, ffree } = statfsSync(disk.path)
  await disk.limitFiles(files - ffree)
  assert.equal(store.room().freeFiles, 0)
  await assert.rejects(store.prepare('w'), StorageFullError)
  assert.throws(() => store.moveToTrash('v', handle, 1, { keepPublished: false }), StorageFullError)
  assert.equal(store.bytes('v', handle), content.length)
  await disk.limitFiles(files)
  assert.equal(store.moveToTrash('v', handle, 1, { keepPublished: false }), true)
  await store.prepare('w')
  await store.close()
})
