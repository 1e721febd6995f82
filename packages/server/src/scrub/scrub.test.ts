import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type CopySource, LocalCopies, LocalVaults } from '@granary/object-store'
import pino from 'pino'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { scrubJob, scrubObjects } from './scrub.ts'

const dataType = 5
const stored = 10_000
const flipped = 100
const log = pino({ level: 'silent' })

onEachDatabase(
  '10 000 objects with a flipped bit in 100: exactly those are found, and healed from the other store',
  async (place) => {
    const { database, dataFolder } = place
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    const folder = folderOf(access)
    await store.prepare(folder)
    const copiesFolder = path.join(dataFolder, 'copies')
    const fileOf = (root: string, name: string) =>
      path.join(root, 'vaults', folder, 'data', name.slice(0, 2), name)

    const rows = Array.from({ length: stored }, () => {
      const content = randomBytes(200 + Math.floor(Math.random() * 400))
      const name = createHash('sha256').update(content).digest('hex')
      writeFileSync(fileOf(objects, name), content)
      return { name, bytes: content.length }
    })
    for (let i = 0; i < rows.length; i += 1000) {
      const some = rows.slice(i, i + 1000).map(({ name, bytes }) => ({
        vault_no: access.vaultNo,
        type: dataType,
        name: Buffer.from(name, 'hex'),
        bytes,
        stored_at: 1,
      }))
      await database.queries.insertInto('objects').values(some).execute()
    }
    const damaged = rows.filter((_, index) => index % (stored / flipped) === 0).map(({ name }) => name)
    for (const name of damaged) {
      const content = readFileSync(fileOf(objects, name))
      mkdirSync(path.dirname(fileOf(copiesFolder, name)), { recursive: true })
      writeFileSync(fileOf(copiesFolder, name), content)
      flipBit(fileOf(objects, name))
    }
    const [lost, ruined] = damaged
    assert.ok(lost && ruined)
    rmSync(fileOf(objects, lost))
    flipBit(fileOf(copiesFolder, ruined))

    const parts = { database, store, clock: world.clock, copies: [new LocalCopies(copiesFolder)], log }
    const scrub = async (heal: boolean) => {
      const found: string[] = []
      let healed = 0
      for await (const { inspected } of scrubObjects(parts, { heal })) {
        for (const { handle, damage, healedFrom } of inspected) {
          if (damage !== null) found.push(handle.name)
          if (healedFrom !== null) healed += 1
        }
      }
      return { found: found.sort(), healed }
    }
    assert.deepEqual(await scrub(false), { found: damaged.toSorted(), healed: 0 })
    assert.deepEqual(await scrub(true), { found: damaged.toSorted(), healed: flipped - 1 })
    assert.deepEqual(await scrub(true), { found: [ruined], healed: 0 }, 'a damaged copy heals nothing')
    flipBit(fileOf(copiesFolder, ruined))
    world.clock.advance(60_000)

    const job = scrubJob(parts)
    const left = () =>
      database.queries.selectFrom('damaged_objects').selectAll().where('healed_at', 'is', null).execute()
    assert.equal((await left()).length, 1)
    for (let run = 0; (await left()).length > 0; run += 1) {
      assert.ok(run < 20, 'a round takes a few runs of the job')
      await job.run({ id: 'job', payload: null, signal: new AbortController().signal })
    }
    assert.deepEqual(await scrub(false), { found: [], healed: 0 })
    const noted = await database.queries.selectFrom('damaged_objects').selectAll().execute()
    assert.equal(noted.length, flipped)
    assert.deepEqual([...new Set(noted.map((row) => row.healed_from))], [copiesFolder])
    await store.close()
  },
)

onEachDatabase(
  'what was just stored, removed or undeleted is no damage',
  async ({ database, dataFolder }) => {
    const store = new LocalVaults(path.join(dataFolder, 'objects'), 'test')
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'a pack')
    const gone = await world.put(access, 'snapshots', 'a snapshot')
    const parts = { database, store, clock: world.clock, copies: [], log }
    const pages = scrubObjects(parts, { heal: false })
    await world.trash(access, gone.handle)
    const first = await pages.next()
    assert.deepEqual(
      (first.done ? [] : first.value.inspected).map((object) => [object.handle.name, object.damage]),
      [[handle.name, null]],
    )
    const { verified_at } = await database.queries.selectFrom('objects').selectAll().executeTakeFirstOrThrow()
    assert.equal(verified_at, world.clock.now())
    await world.ledger.idle()
    await store.close()
  },
)

onEachDatabase(
  'what is removed while a copy of it is read is not brought back by healing',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    const { handle } = await world.put(access, 'data', 'a pack')
    const folder = folderOf(access)
    const copiesFolder = path.join(dataFolder, 'copies')
    const copies = new LocalCopies(copiesFolder)
    const place = path.join('vaults', folder, 'data', handle.name.slice(0, 2))
    mkdirSync(path.join(copiesFolder, place), { recursive: true })
    writeFileSync(path.join(copiesFolder, place, handle.name), 'a pack')
    flipBit(path.join(objects, place, handle.name))
    const crossing: CopySource = {
      location: copies.location,
      async open(...of) {
        await world.trash(access, handle)
        return copies.open(...of)
      },
    }
    const parts = { database, store, clock: world.clock, copies: [crossing], log }
    for await (const _ of scrubObjects(parts, { heal: true }));
    assert.equal(store.bytes(folder, handle), null)
    await world.ledger.idle()
    await store.close()
  },
)

onEachDatabase(
  'what the disk does not give out is damaged, and hides nothing that lies behind it',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new FillingVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    const contents = Array.from({ length: 20 }, (_, index) => `pack ${index}`)
    const names: string[] = []
    for (const content of contents) names.push((await world.put(access, 'data', content)).handle.name)
    names.sort()
    const copiesFolder = path.join(dataFolder, 'copies')
    const fileOf = (root: string, name: string) =>
      path.join(root, 'vaults', folderOf(access), 'data', name.slice(0, 2), name)
    for (const content of contents) {
      const copy = fileOf(copiesFolder, createHash('sha256').update(content).digest('hex'))
      mkdirSync(path.dirname(copy), { recursive: true })
      writeFileSync(copy, content)
    }
    // What a disk does that goes bad, whoever the server runs as: a file that can't be opened, a folder that is none.
    const [looped, walled] = names
    assert.ok(looped && walled)
    rmSync(fileOf(objects, looped))
    symlinkSync(fileOf(objects, looped), fileOf(objects, looped))
    rmSync(path.dirname(fileOf(objects, walled)), { recursive: true })
    writeFileSync(path.dirname(fileOf(objects, walled)), '')
    world.clock.advance(60_000)

    const unreadable = Object.assign(new Error('a mirror that can not be read'), { code: 'EIO' })
    const broken: CopySource = {
      location: 'broken',
      open() {
        throw unreadable
      },
    }
    const good = new LocalCopies(copiesFolder)
    const half: CopySource = {
      location: 'half',
      async open(...of) {
        const copy = await good.open(...of)
        if (copy === null) return null
        const read = (target: Uint8Array, position: number) => {
          if (position > 0) throw unreadable
          return copy.read(target.subarray(0, 3), position)
        }
        return { ...copy, bytes: copy.bytes, read, close: () => copy.close() }
      },
    }
    const told: { copies?: string; err?: { message: string } }[] = []
    const parts = {
      ...{ database, store, clock: world.clock, copies: [broken, half, good] },
      log: pino({}, { write: (line: string) => void told.push(JSON.parse(line)) }),
    }
    const scrubAll = () =>
      scrubJob(parts).run({ id: 'job', payload: null, signal: new AbortController().signal })
    store.isFull = true
    await scrubAll()
    const healed = database.queries.selectFrom('damaged_objects').where('healed_at', 'is not', null)
    assert.deepEqual(await healed.selectAll().execute(), [], 'copies take no room that is kept free')
    store.isFull = false
    await scrubAll()
    const sources = told.filter(({ copies }) => copies !== undefined)
    assert.deepEqual(
      sources.map(({ copies, err }) => [copies, err?.message]),
      [
        ['broken', unreadable.message],
        ['half', unreadable.message],
      ],
      'each source is told of once, however many objects it should heal',
    )
    const damaged = await database.queries
      .selectFrom('damaged_objects')
      .select(['name', 'healed_from'])
      .orderBy('name')
      .execute()
    assert.deepEqual(
      damaged.map(({ name, healed_from }) => [Buffer.from(name).toString('hex'), healed_from]),
      [
        [looped, copiesFolder],
        [walled, null],
      ],
    )
    const seen = await database.queries.selectFrom('objects').select('verified_at').execute()
    assert.deepEqual([...new Set(seen.map(({ verified_at }) => verified_at))], [world.clock.now()])
    await store.close()
  },
)

class FillingVaults extends LocalVaults {
  isFull = false
  override room() {
    return this.isFull ? { ...super.room(), freeBytes: 0 } : super.room()
  }
}

function flipBit(file: string): void {
  const content = readFileSync(file)
  const at = Math.floor(content.length / 2)
  content.writeUInt8(content.readUInt8(at) ^ 0x10, at)
  writeFileSync(file, content)
}
