import assert from 'node:assert/strict'
import type { Customer, List } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { ListTotals } from './list-totals.ts'

type Totals = List<Customer> & {
  totals: { usedBytes: number; trashBytes: number; allottedBytes: number; mcalsUsedTillDate: number }
}

onEachDatabase(
  'totals are right after every edit, upload, removal and draw, in every process',
  async (place) => {
    await using here = await startApiWorld(place)
    await using there = await startApiWorld({
      database: await place.openAnother(),
      dataFolder: place.dataFolder,
    })
    const plane = await openVaultWorld(place.database)
    const expect = async (
      total: number,
      usedBytes: number,
      allottedBytes: number,
      mcalsUsedTillDate: number,
      trashBytes = 0,
    ) => {
      for (const world of [here, there]) {
        const list = await world.get<Totals>('/api/v1/customers')
        assert.deepEqual(
          [list.total, list.totals],
          [total, { usedBytes, trashBytes, allottedBytes, mcalsUsedTillDate }],
          world === here ? 'where it happened' : 'elsewhere',
        )
      }
    }
    await expect(1, 0, 0, 0)
    const acme = await here.customer({ name: 'Acme', space: { allottedBytes: 70 } })
    await expect(2, 0, 70, 0)
    await there.send('PATCH', `/api/v1/customers/${acme.id}`, { space: { allottedBytes: 50 } })
    await expect(2, 0, 50, 0)
    const client = await plane.client('web01')
    const { handle } = await plane.put(client, 'data', 'twelve bytes')
    await expect(2, 12, 50, 0)
    await plane.licences.draw(client)
    await expect(2, 12, 50, 1)
    await plane.trash(client, handle)
    await expect(2, 0, 50, 1, 12)
    await here.send('DELETE', `/api/v1/customers/${acme.id}`)
    await expect(1, 0, 0, 1, 12)
  },
)

onEachDatabase(
  'sums are made once for each filter while nothing moves',
  async ({ database, openAnother }) => {
    await openVaultWorld(database)
    const totals = new ListTotals<number>(database.kind)
    let made = 0
    const read = (view: string) => totals.read(database.queries, view, async () => ++made)
    assert.deepEqual([await read('a'), await read('b'), await read('a')], [1, 2, 1])
    const other = await openAnother()
    await other.transaction((transaction) => other.changeCounter.bump(transaction))
    assert.deepEqual([await read('a'), await read('a')], [3, 3])
  },
)

onEachDatabase('sums made beside a writer that has not committed are not kept', async (place) => {
  const plane = await openVaultWorld(place.database)
  const client = await plane.client('web01')
  const totals = new ListTotals<number>(place.database.kind)
  const read = () =>
    totals.read(place.database.queries, '', async () => {
      const sum = await place.database.queries
        .selectFrom('space')
        .select((eb) => eb.fn.sum<number>('used_bytes').as('sum'))
        .executeTakeFirstOrThrow()
      return sum.sum
    })
  if (place.database.kind === 'sqlite') return assert.equal(await read(), 0)
  // Two uploads, of which the one with the lower number in the ledger is committed last.
  const slow = await place.openAnother()
  const written = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const slowly = slow.transaction(async (transaction) => {
    await transaction.insertInto('ledger').values(row(client.vaultNo)).execute()
    await transaction.updateTable('space').set({ used_bytes: 5 }).where('owner_id', '=', 'nobody').execute()
    written.resolve()
    await mayCommit.promise
    await transaction.updateTable('space').set({ used_bytes: 5 }).where('owner_id', '=', client.id).execute()
  })
  await written.promise
  await place.database.queries.insertInto('ledger').values(row(client.vaultNo)).execute()
  assert.equal(await read(), 0)
  mayCommit.resolve()
  await slowly
  assert.equal(await read(), 5)
})

function row(vaultNo: number) {
  const name = Buffer.alloc(32)
  return { at: 1, vault_no: vaultNo, change: 1, type: 1, name, bytes: 5, actor: 'client', address: '' }
}
