import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import type { ObjectHandle } from '../object-store.ts'
import { LocationMissingError } from '../vault-store.ts'
import { vaultStoreConformance } from '../vault-store-conformance.ts'
import { LocatedVaults } from './located-vaults.ts'
import { markerFile, markLocation } from './location-marker.ts'

const marker = { name: 'archive', id: 'loc_1', server: 's' }

async function openLocations() {
  const base = await mkdtemp(path.join(tmpdir(), 'granary-locations-'))
  const archive = path.join(base, 'archive')
  const objects = path.join(base, 'objects')
  await mkdir(archive)
  markLocation(archive, marker)
  const open = (processId: string) =>
    new LocatedVaults(objects, [{ name: 'archive', folder: archive }], processId)
  const store = open('p1')
  return {
    store,
    base,
    objects,
    archive,
    open,
    async [Symbol.asyncDispose]() {
      await store.close()
      await rm(base, { recursive: true, force: true })
    },
  }
}

vaultStoreConformance('located, in the default location', openLocations)
vaultStoreConformance('located, in another location', async () => {
  const opened = await openLocations()
  for (const vault of ['000001-web01', 'another-vault'])
    assert.equal(opened.store.prepareIn(vault, 'archive'), 'archive')
  return opened
})

const content = Buffer.from('a pack')
const handle: ObjectHandle = { type: 'data', name: `ab${'0'.repeat(62)}` }

async function upload(store: LocatedVaults, vault: string): Promise<void> {
  const incoming = store.receive(vault, handle)
  incoming.write(content)
  await incoming.persist()
  await incoming.publish()
  await incoming.settle()
  await incoming.release()
}

const objectIn = (folder: string, vault: string) => path.join(folder, 'vaults', vault, 'data/ab', handle.name)

test('each vault lies where it was made, also for other processes and after a new start', async () => {
  await using world = await openLocations()
  world.store.prepareIn('a', 'archive')
  world.store.prepareIn('d', 'default')
  const other = world.open('p2')
  await Promise.all([upload(world.store, 'a'), upload(other, 'd'), upload(other, 'nowhere-yet')])
  assert.ok(existsSync(objectIn(world.archive, 'a')))
  assert.ok(existsSync(objectIn(world.objects, 'd')))
  assert.ok(existsSync(objectIn(world.objects, 'nowhere-yet')))
  assert.equal(other.bytes('a', handle), content.length)
  assert.deepEqual(readdirSync(path.join(world.objects, 'vaults')).sort(), ['d', 'nowhere-yet'])
  await other.close()
  const next = world.open('p3')
  assert.equal(next.bytes('a', handle), content.length)
  assert.equal(next.prepareIn('a', 'default'), 'archive', 'a vault with objects stays')
  await next.close()
})

test('the trash of a vault, and what comes back from it, stays in its location', async () => {
  await using world = await openLocations()
  world.store.prepareIn('a', 'archive')
  await upload(world.store, 'a')
  const { ino } = statSync(objectIn(world.archive, 'a'))
  assert.ok(world.store.moveToTrash('a', handle, 7, { keepPublished: false }))
  assert.equal(readdirSync(path.join(world.archive, 'trash/a')).length, 1)
  assert.deepEqual(readdirSync(path.join(world.objects, 'trash')), [])
  assert.ok(world.store.returnFromTrash('a', handle, 7))
  assert.equal(statSync(objectIn(world.archive, 'a')).ino, ino, 'moved, not copied')
  world.store.moveToTrash('a', handle, 8, { keepPublished: false })
  await world.store.removeVault('a')
  assert.deepEqual(
    ['vaults', 'trash'].flatMap((part) => readdirSync(path.join(world.archive, part))),
    [],
  )
})

test('a vault that a crash left half removed is removed where it lay', async () => {
  await using world = await openLocations()
  world.store.prepareIn('a', 'archive')
  await upload(world.store, 'a')
  world.store.moveToTrash('a', handle, 7, { keepPublished: false })
  await rm(path.join(world.archive, 'vaults/a'), { recursive: true })
  const next = world.open('p2')
  await next.removeVault('a')
  await next.close()
  assert.deepEqual(readdirSync(path.join(world.archive, 'trash')), [])
})

test('an empty folder that a crash left elsewhere does not decide where a vault lies', async () => {
  await using world = await openLocations()
  world.store.prepareIn('a', 'default')
  assert.equal(world.store.prepareIn('a', 'archive'), 'archive')
  await upload(world.store, 'a')
  assert.ok(existsSync(objectIn(world.archive, 'a')))
  assert.throws(() => world.store.prepareIn('b', 'attic'), /no storage location attic/)
})

test('what a killed process was taking in is found in every location', async () => {
  await using world = await openLocations()
  world.store.prepareIn('a', 'archive')
  world.store.prepareIn('d', 'default')
  const dying = world.open('p2')
  for (const vault of ['a', 'd']) {
    const incoming = dying.receive(vault, handle)
    incoming.write(content)
    await incoming.persist()
  }
  const found = [...world.store.leftovers((processId) => processId === 'p1')]
  assert.deepEqual(found.map(({ folder }) => folder).sort(), ['a', 'd'])
  for (const leftover of world.store.leftovers((processId) => processId === 'p1')) leftover.publish()
  assert.ok(existsSync(objectIn(world.archive, 'a')))
  assert.ok(existsSync(objectIn(world.objects, 'd')))
})

test('a location whose disk goes away refuses everything, and holds up nobody else', async () => {
  await using world = await openLocations()
  for (const [vault, location] of [
    ['a', 'archive'],
    ['d', 'default'],
  ] as const) {
    world.store.prepareIn(vault, location)
    await upload(world.store, vault)
  }
  await rename(world.archive, `${world.archive}-unmounted`)
  await mkdir(world.archive)
  const { store } = world
  const missing = (work: () => unknown) => assert.throws(work, LocationMissingError)
  missing(() => store.open('a', handle))
  missing(() => store.bytes('a', handle))
  missing(() => store.receive('a', handle))
  missing(() => store.prepare('a'))
  missing(() => store.moveToTrash('a', handle, 7, { keepPublished: false }))
  missing(() => store.purge('a', handle, 7))
  missing(() => store.put('a', handle, content, { trashId: null }))
  missing(() => store.prepareIn('new', 'archive'))
  missing(() => store.room('a'))
  missing(() => store.bytes('nowhere', handle))
  await assert.rejects(store.removeVault('a'), LocationMissingError)
  assert.deepEqual(readdirSync(world.archive), [], 'nothing is written below the mount point')
  assert.equal(store.isThere('archive'), false)
  assert.equal(store.bytes('d', handle), content.length)
  store.put('d', handle, Buffer.from('other'), { trashId: 3 })
  assert.throws(() => world.open('p2'), LocationMissingError)

  await rm(world.archive, { recursive: true })
  await rename(`${world.archive}-unmounted`, world.archive)
  assert.equal(store.bytes('a', handle), content.length, 'mounted again, it goes on')
})

test('only an empty folder is marked, and only once', async () => {
  await using world = await openLocations()
  assert.deepEqual(markLocation(world.archive, { ...marker, id: 'loc_2' }), marker)
  const fresh = path.join(world.base, 'fresh')
  await mkdir(path.join(fresh, 'lost+found'), { recursive: true })
  assert.deepEqual(markLocation(fresh, marker), marker)
  const used = path.join(world.base, 'used')
  await mkdir(used)
  await writeFile(path.join(used, 'photo.jpg'), 'photo')
  assert.equal(markLocation(used, marker), null)
  assert.deepEqual(readdirSync(used), ['photo.jpg'])
  assert.throws(() => markLocation(path.join(world.base, 'none'), marker), /ENOENT/)
  for (const damaged of ['', '{', 'null', '[]', '{"name":1}']) {
    await writeFile(path.join(world.archive, markerFile), damaged)
    assert.throws(() => markLocation(world.archive, marker), /is damaged/)
  }
})
