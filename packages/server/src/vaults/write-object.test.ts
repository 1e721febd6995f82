import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ProblemError } from '@granary/contract'
import { type IncomingObject, MemoryVaults, type ObjectHandle, type ObjectType } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld, type VaultWorld } from '../test-world/vault-world.ts'
import { ContentJournal } from './content-journal.ts'
import { folderOf } from './object-ledger.ts'
import { writeObject } from './write-object.ts'

const mebibyte = 1024 * 1024

onEachDatabase(
  'an upload whose folder can’t be made durable leaves no row without a file, and is whole once it is sent again',
  async ({ database }) => {
    class RefusingVaults extends MemoryVaults {
      override receive(folder: string, handle: ObjectHandle): IncomingObject {
        const incoming = super.receive(folder, handle)
        if (isRefusing) incoming.settle = () => Promise.reject(new Error('The disk refuses'))
        return incoming
      }
    }
    let isRefusing = true
    const store = new RefusingVaults()
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    await using door = await openDoor(world, access)
    const pack = Buffer.alloc(20 * 1024, 'pack')
    const { handle, outcome } = await door.upload('data', pack)
    assert.equal(outcome, 'The disk refuses')
    await world.ledger.idle()
    const row = await world.ledger.find(access, handle)
    assert.equal(store.bytes(folderOf(access), handle), row && pack.length)
    isRefusing = false
    assert.equal((await door.upload('data', pack)).outcome, 'stored')
    assert.equal(store.bytes(folderOf(access), handle), pack.length)
    assert.equal((await world.space(access.id)).used, pack.length)
  },
)

onEachDatabase(
  'locks of one vault take so much together, which is enough for many machines, and nobody else’s',
  async ({ database }) => {
    const world = await openVaultWorld(database)
    const [greedy, other] = [await world.client('greedy'), await world.client('other')]
    await using door = await openDoor(world, greedy)
    await using next = await openDoor(world, other)
    const outcomesOf = async (count: number, bytes: number, at = door) => {
      const locks = Array.from({ length: count }, (_, n) =>
        at.upload('locks', Buffer.alloc(bytes, `lock ${n} `)),
      )
      return Map.groupBy(await Promise.all(locks), ({ outcome }) => outcome)
    }
    const large = await outcomesOf(20, 1024 * 1024)
    assert.equal(large.get('stored')?.length, 15)
    assert.equal(large.get('too-many-locks')?.length, 5)
    assert.equal((await outcomesOf(300, 200, next)).get('stored')?.length, 300)
    assert.equal((await door.upload('data', Buffer.from('a pack'))).outcome, 'stored')
    const [first] = large.get('stored') ?? []
    assert.ok(first)
    await world.trash(greedy, first.handle)
    assert.equal((await outcomesOf(200, 300)).get('stored')?.length, 200)
    assert.equal((await world.space(greedy.id)).used, 14 * 1024 * 1024 + 200 * 300 + 'a pack'.length)
  },
)

onEachDatabase('locks leave the database room on a disk that is nearly full', async ({ database }) => {
  class NearlyFull extends MemoryVaults {
    freeBytes = 40 * 1024 * 1024
    override room() {
      return { ...super.room(), freeBytes: this.freeBytes, totalBytes: 1e12 }
    }
  }
  const store = new NearlyFull()
  const world = await openVaultWorld(database, store)
  await using door = await openDoor(world, await world.client('web01'))
  assert.equal((await door.upload('data', Buffer.from('a pack'))).outcome, 'storage-full')
  assert.equal((await door.upload('locks', Buffer.from('a lock'))).outcome, 'stored')
  store.freeBytes = 15 * 1024 * 1024
  assert.equal((await door.upload('locks', Buffer.from('another lock'))).outcome, 'storage-full')
})

onEachDatabase('uploads that come in at once leave free together what is kept free', async ({ database }) => {
  const store = new MemoryVaults({ capacityBytes: 10 * mebibyte })
  const world = await openVaultWorld(database, store)
  await using door = await openDoor(world, await world.client('web01'))
  const packs = Array.from({ length: 12 }, (_, n) => Buffer.alloc(mebibyte, `pack ${n} `))
  const outcomes = await Promise.all(packs.map((pack) => door.upload('data', pack)))
  const counted = Map.groupBy(outcomes, ({ outcome }) => outcome)
  assert.deepEqual([...counted.keys()].sort(), ['storage-full', 'stored'])
  const { freeBytes, totalBytes } = store.room()
  assert.ok(freeBytes >= totalBytes / 50)
  assert.equal(freeBytes, totalBytes - (counted.get('stored')?.length ?? 0) * mebibyte)
})

onEachDatabase('a disk on which the database can’t grow takes nothing more in', async ({ database }) => {
  const world = await openVaultWorld(database)
  const room = { freeBytes: 1e9, totalBytes: 1e12, freeFiles: 1e6, totalFiles: 1e9 }
  const access = await world.client('web01')
  await using door = await openDoor({ ...world, database: { ...database, room: () => room } }, access)
  for (const short of [{ freeBytes: 40 * mebibyte }, { freeFiles: 10_000 }]) {
    Object.assign(room, { freeBytes: 1e9, freeFiles: 1e6 }, short)
    const named = (what: string) => Buffer.from(`${what}, ${JSON.stringify(short)}`)
    assert.equal((await door.upload('data', named('a pack'))).outcome, 'storage-full')
    assert.equal((await door.upload('locks', named('a lock'))).outcome, 'stored')
  }
})

onEachDatabase(
  'an upload that others leave no room for while it comes in draws no MCAL',
  async ({ database }) => {
    class FillingVaults extends MemoryVaults {
      isFull = false
      override room() {
        return this.isFull ? { ...super.room(), freeBytes: 0 } : super.room()
      }
      override receive(folder: string, handle: ObjectHandle): IncomingObject {
        const incoming = super.receive(folder, handle)
        const persist = incoming.persist.bind(incoming)
        incoming.persist = async () => {
          await persist()
          this.isFull = true
        }
        return incoming
      }
    }
    const store = new FillingVaults()
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    await using door = await openDoor(world, access)
    const pack = Buffer.alloc(20 * 1024, 'pack')
    const { handle, outcome } = await door.upload('data', pack)
    assert.equal(outcome, 'storage-full')
    assert.equal(store.bytes(folderOf(access), handle), null)
    const draws = database.queries.selectFrom('licence_draws').selectAll()
    assert.deepEqual(await draws.execute(), [])
  },
)

/** Takes uploads in through a real connection. */
async function openDoor(world: VaultWorld, access: VaultAccess) {
  const journal = new ContentJournal(world.database, world.store)
  const server = createServer(async (request, response) => {
    const [, type, name] = (request.url ?? '').split('/') as ['', ObjectType, string]
    const upload = {
      request,
      lengthBytes: Number(request.headers['content-length']),
      address: '',
      beforeBody: () => {},
    }
    try {
      await writeObject({ ...world, journal }, access, { type, name }, upload)
      response.end('stored')
    } catch (error) {
      response.end(error instanceof ProblemError ? error.code : (error as Error).message)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async upload(type: ObjectType, content: Buffer) {
      const handle = { type, name: createHash('sha256').update(content).digest('hex') }
      const url = `http://127.0.0.1:${port}/${type}/${handle.name}`
      const response = await fetch(url, { method: 'POST', body: content })
      return { handle, outcome: await response.text() }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
