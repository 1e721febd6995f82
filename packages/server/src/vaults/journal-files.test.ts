import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LocalVaults, type ObjectHandle, type ObjectType } from '@granary/object-store'
import { sql } from 'kysely'
import pino from 'pino'
import type { VaultAccess } from '../clients/vault-access.ts'
import { openTestPlace } from '../test-world/on-each-database.ts'
import { openVaultWorld, type VaultWorld } from '../test-world/vault-world.ts'
import { ContentJournal } from './content-journal.ts'
import { JournalFiles } from './journal-files.ts'
import { folderOf } from './object-ledger.ts'
import { verifyRecentLedger } from './recover-vaults.ts'

const log = pino({ level: 'silent' })

test('what is acknowledged with its content gets a file soon, and its content is forgotten once that is durable', async () => {
  await using place = await openPlace()
  const stored = await Promise.all(
    Array.from({ length: 120 }, (_, index) => place.acknowledge('data', `pack ${index}`)),
  )
  for (const { handle, content } of stored) {
    assert.equal(place.store.bytes(place.folder, handle), null)
    assert.deepEqual(await place.contentOf(handle), content)
  }
  await place.files.tend()
  for (const { handle, content } of stored)
    assert.equal(place.store.bytes(place.folder, handle), content.length)
  assert.equal(await place.waiting(), 120)
  await place.files.empty()
  assert.equal(await place.waiting(), 0)
  for (const { handle, content } of stored) assert.deepEqual(place.fileOf(handle), content)
})

test('what a power cut took from files that were not flushed is made again at the next start', async () => {
  await using place = await openPlace()
  const [gone, emptied, zeroed, whole] = await Promise.all(
    ['gone', 'emptied', 'zeroed', 'whole'].map((content) => place.acknowledge('snapshots', content)),
  )
  const trashed = await place.acknowledge('index', 'trashed')
  await place.files.tend()
  await place.world.trash(place.access, trashed.handle)
  assert.ok(gone && emptied && zeroed && whole)
  unlinkSync(place.pathOf(gone.handle))
  truncateSync(place.pathOf(emptied.handle), 0)
  writeFileSync(place.pathOf(zeroed.handle), Buffer.alloc(zeroed.content.length))
  truncateSync(place.trashPaths()[0] as string, 1)

  await new JournalFiles(place.world.database, place.store, log).empty()
  for (const one of [gone, emptied, zeroed, whole]) assert.deepEqual(place.fileOf(one.handle), one.content)
  assert.deepEqual(place.trashPaths().map(readText), ['trashed'])
  assert.equal(await place.waiting(), 0)
})

test('what is removed before it has a file goes to the trash, a lock for good, and nothing comes back', async () => {
  await using place = await openPlace()
  const pack = await place.acknowledge('data', 'a pack')
  const lock = await place.acknowledge('locks', 'a lock')
  for (const { handle } of [pack, lock]) await place.world.trash(place.access, handle)
  assert.equal(await place.contentOf(pack.handle), null)
  await place.files.empty()
  await place.files.empty()
  assert.deepEqual(place.trashPaths().map(readText), ['a pack'])
  for (const { handle } of [pack, lock]) assert.equal(place.store.bytes(place.folder, handle), null)
  assert.equal(await place.waiting(), 0)
})

test('a file made from what was read before a removal is taken back at the next start, where the process died', async () => {
  await using place = await openPlace()
  const removed = await Promise.all([
    place.acknowledge('data', 'a pack'),
    place.acknowledge('locks', 'a lock'),
  ])
  for (const { handle } of removed) await place.world.trash(place.access, handle)
  await place.world.ledger.idle()
  // The process that makes the files had read the journal before, and dies here.
  for (const { handle, content } of removed) place.store.put(place.folder, handle, content, { trashId: null })

  await new JournalFiles(place.world.database, place.store, log).empty()
  for (const { handle } of removed) assert.equal(place.store.bytes(place.folder, handle), null)
  assert.deepEqual(place.trashPaths().map(readText), ['a pack'])
})

test('what is removed and uploaded again between two rounds is there, and in the trash', async () => {
  await using place = await openPlace()
  const pack = await place.acknowledge('data', 'a pack')
  await place.files.tend()
  await place.world.trash(place.access, pack.handle)
  await place.acknowledge('data', 'a pack')
  await place.files.empty()
  await place.files.empty()
  assert.deepEqual(place.fileOf(pack.handle), pack.content)
  assert.deepEqual(place.trashPaths().map(readText), ['a pack'])
  assert.equal(await place.waiting(), 0)
})

test('uploads, removals and files that are made meanwhile end in what the ledger says', async () => {
  await using place = await openPlace()
  let isBusy = true
  const making = (async () => {
    while (isBusy) {
      await place.files.empty()
      await nextTurn()
    }
  })()
  const kept: { handle: ObjectHandle; content: Buffer }[] = []
  const removed: ObjectHandle[] = []
  for (let round = 0; round < 40; round += 1) {
    const stored = await Promise.all(
      Array.from({ length: 8 }, (_, index) => place.acknowledge('index', `index ${round} ${index}`)),
    )
    const gone = stored.filter((_, index) => index % 2 === 0)
    await Promise.all(gone.map(({ handle }) => place.world.trash(place.access, handle)))
    removed.push(...gone.map(({ handle }) => handle))
    kept.push(...stored.filter((one) => !gone.includes(one)))
  }
  isBusy = false
  await making
  await place.world.ledger.idle()
  await place.files.empty()
  await place.files.empty()
  for (const { handle, content } of kept) assert.deepEqual(place.fileOf(handle), content)
  for (const handle of removed) assert.equal(place.store.bytes(place.folder, handle), null)
  assert.equal(place.trashPaths().length, removed.length)
  for (const file of place.trashPaths()) assert.ok(readText(file).startsWith('index '))
  assert.equal(await place.waiting(), 0)
})

test('what the disk refuses stays in the journal and keeps neither others nor a start waiting', async () => {
  await using place = await openPlace()
  const refused = await place.acknowledge('data', 'refused')
  const trashed = await place.acknowledge('index', 'trashed')
  await place.world.trash(place.access, trashed.handle)
  const others = await Promise.all(
    Array.from({ length: 30 }, (_, index) => place.acknowledge('snapshots', `other ${index}`)),
  )
  // Folders where files belong: what a disk does that goes bad, whoever the server runs as.
  mkdirSync(place.pathOf(refused.handle), { recursive: true })
  mkdirSync(place.pathOf(trashed.handle), { recursive: true })
  await place.files.empty()
  for (const { handle, content } of others) assert.deepEqual(place.fileOf(handle), content)
  assert.equal(await place.waiting(), 2)

  await new JournalFiles(place.world.database, place.store, log).empty()
  await verifyRecentLedger({ ...place.world, log })
  assert.ok(await place.world.ledger.find(place.access, refused.handle))
  assert.deepEqual(await place.contentOf(refused.handle), refused.content)
  rmdirSync(place.pathOf(refused.handle))
  rmdirSync(place.pathOf(trashed.handle))
  await place.files.empty()
  assert.deepEqual(place.fileOf(refused.handle), refused.content)
  assert.equal(await place.waiting(), 0)
})

test('a content that the disk refuses for long is not taken for a journal that is full', async () => {
  await using place = await openPlace()
  const refused = await place.acknowledge('data', 'refused')
  const latest = await place.acknowledge('data', 'latest')
  const { queries } = place.world.database
  // As after as many others have come and gone as may wait.
  await queries
    .updateTable('content_journal')
    .set({ seq: 20_000 })
    .where('name', '=', Buffer.from(latest.handle.name, 'hex'))
    .execute()
  const isTaken = () => {
    const content = Buffer.from('one more')
    const incoming = place.store.receive(place.folder, refused.handle)
    incoming.write(content)
    return (
      new ContentJournal(place.world.database, place.store).take(
        folderOf(place.access),
        refused.handle,
        incoming,
      ) !== null
    )
  }
  assert.equal(isTaken(), true)
  const { vault_no, type, name, content } = await queries
    .selectFrom('content_journal')
    .selectAll()
    .limit(1)
    .executeTakeFirstOrThrow()
  await sql`insert into content_journal (vault_no, type, name, content)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 16382)
    select ${vault_no}, ${type}, ${name}, ${content} from n`.execute(queries)
  assert.equal(isTaken(), false)
})

test('on a disk that runs full no more contents wait than their files find room', async () => {
  await using place = await openPlace()
  const { handle } = await place.acknowledge('data', 'waiting')
  await place.acknowledge('data', 'waiting, too')
  const room = { freeBytes: 64 * 1024 * 1024, totalBytes: 1e12, freeFiles: 20_000, totalFiles: 1e9 }
  const database = { ...place.world.database, room: () => room }
  const incoming = place.store.receive(place.folder, handle)
  incoming.write(Buffer.from('one more'))
  const isTaken = () =>
    new ContentJournal(database, place.store).take(place.folder, handle, incoming) !== null
  assert.equal(isTaken(), false)
  room.freeBytes += 16 * 1024
  assert.equal(isTaken(), false)
  room.freeFiles += 1
  assert.equal(isTaken(), true)
})

async function openPlace() {
  await using resources = new AsyncDisposableStack()
  const { database, dataFolder } = resources.use(await openTestPlace('sqlite'))
  const store = new LocalVaults(path.join(dataFolder, 'objects'), 'test')
  resources.defer(() => store.close())
  const world: VaultWorld = await openVaultWorld(database, store)
  const access: VaultAccess = await world.client('web01')
  resources.defer(() => world.ledger.idle())
  const folder = folderOf(access)
  const vault = path.join(dataFolder, 'objects/vaults', folder)
  const trash = path.join(dataFolder, 'objects/trash', folder)
  const pathOf = ({ type, name }: ObjectHandle) =>
    path.join(vault, type, type === 'data' ? name.slice(0, 2) : '', name)
  const kept = resources.move()
  return {
    world,
    store,
    access,
    folder,
    files: new JournalFiles(database, store, log),
    async acknowledge(type: ObjectType, text: string) {
      const content = Buffer.from(text)
      const handle = { type, name: createHash('sha256').update(content).digest('hex') }
      const from = { actor: 'client', address: '' }
      await world.ledger.stored({
        ...from,
        access,
        handle,
        content,
        bytes: content.length,
        reservation: undefined,
      })
      return { handle, content }
    },
    async contentOf(handle: ObjectHandle) {
      const content = await world.ledger.findContent(access, handle)
      return content === null ? null : Buffer.from(content)
    },
    pathOf,
    fileOf: (handle: ObjectHandle) => readFileSync(pathOf(handle)),
    trashPaths: () => readdirSync(trash).map((file) => path.join(trash, file)),
    async waiting() {
      const rows = await database.queries.selectFrom('content_journal').select('seq').execute()
      return rows.length
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8')
}
