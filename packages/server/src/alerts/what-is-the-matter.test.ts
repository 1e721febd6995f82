import assert from 'node:assert/strict'
import type { Alert, List } from '@granary/contract'
import { calendarMonth, monthBefore } from '../platform/calendar-month.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const minute = 60_000
const day = 24 * 60 * minute

onEachDatabase('MCALs of who was deleted are nobody’s trouble any more', async (place) => {
  await using world = await startApiWorld(place)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['mcals-short', 'space-low'] })
  const [gone, alsoGone] = [
    await world.customer({ name: 'Gone' }),
    await world.customer({ name: 'Gone, too' }),
  ]
  const tight = await world.customer({ name: 'Tight', space: { allottedBytes: 100 } })
  for (const { id } of [gone, alsoGone]) await shortOfMcals(world, id)
  await tick(world)
  assert.deepEqual(await open(world), ['mcals-short Gone', 'mcals-short Gone, too'])
  for (const { id } of [gone, alsoGone]) await world.send('DELETE', `/api/v1/customers/${id}`)
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: 100 })
    .where('owner_id', '=', tight.id)
    .execute()
  await tick(world)
  assert.deepEqual(await open(world), ['space-low Tight'])
})

onEachDatabase('nobody is late while their reseller is deactivated', async (place) => {
  await using world = await startApiWorld(place)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['backup-overdue'] })
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const client = await world.client(customer, { clientId: 'till-1' })
  await lastBackup(world, client.id, world.clock.now() - 5 * day)
  await tick(world)
  assert.deepEqual(await open(world), ['backup-overdue till-1'])
  await world.send('POST', `/api/v1/resellers/${reseller.id}/deactivate`)
  await tick(world)
  assert.deepEqual(await open(world), [])
})

async function shortOfMcals(world: ApiWorld, ownerId: string): Promise<void> {
  const { queries } = world.database
  await queries
    .updateTable('licence_use')
    .set({ allotted: 10, used_till_date: 10 })
    .where('owner_id', '=', ownerId)
    .execute()
  const month = monthBefore(calendarMonth(world.clock.now()), 1)
  await queries.insertInto('licence_months').values({ owner_id: ownerId, month, used: 10 }).execute()
}

async function lastBackup(world: ApiWorld, clientId: string, at: number): Promise<void> {
  await world.database.queries
    .updateTable('clients')
    .set({ last_backup_at: at })
    .where('id', '=', clientId)
    .execute()
}

async function open(world: ApiWorld, as?: Parameters<ApiWorld['get']>[1]): Promise<string[]> {
  const { items } = await world.get<List<Alert>>('/api/v1/alerts?state=open', as)
  return items.map(({ kind, subject }) => `${kind} ${subject.name}`).toSorted()
}

/** Lets the server look again. */
async function tick(world: ApiWorld): Promise<void> {
  world.clock.advance(5 * minute)
  await world.runJobs()
}
