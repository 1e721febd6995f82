import assert from 'node:assert/strict'
import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Alert, List } from '@granary/contract'
import { startMailServer } from '@granary/testing'
import { calendarMonth, monthBefore } from '../platform/calendar-month.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'
import { plantWarning } from '../test-world/plant-warning.ts'
import { untilBlocked } from '../test-world/until-blocked.ts'
import { warningOf } from './find-vault-conditions.ts'
import { tellBegun } from './tell-alert.ts'

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

onEachDatabase('an alert goes along with a client that moves to another customer', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['backup-overdue'] })
  const [from, to] = [await world.customer({ name: 'Bakery' }), await world.customer({ name: 'Clinic' })]
  const client = await world.client(from, { clientId: 'till-1' })
  const bea = await world.user('customer-admin', from.id)
  const carl = await world.user('customer-admin', to.id)
  await lastBackup(world, client.id, world.clock.now() - 5 * day)
  await tick(world)
  assert.deepEqual([await open(world, bea), await open(world, carl)], [['backup-overdue till-1'], []])
  await world.send('POST', `/api/v1/clients/${client.id}/move`, { customer: to.id })
  await tick(world)
  await tick(world)
  assert.deepEqual([await open(world, bea), await open(world, carl)], [[], ['backup-overdue till-1']])
  assert.match(mail.to(carl.email).text, /till-1 \(Clinic\)/)
  assert.equal(mail.mails.filter(({ to: reader }) => reader === carl.email).length, 1)
  assert.match(mail.to(bea.email).subject, /^Resolved/)
})

onEachDatabase('whose customer or reseller was deleted is mailed nothing any more', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['backup-overdue'] })
  const reseller = await world.reseller({ name: 'Northwind' })
  const customer = await world.customer({ name: 'Bakery', reseller: reseller.id })
  const client = await world.client(customer, { clientId: 'till-1' })
  const [bea, rob] = [
    await world.user('customer-admin', customer.id),
    await world.user('reseller-admin', reseller.id),
  ]
  await lastBackup(world, client.id, world.clock.now() - 5 * day)
  await tick(world)
  assert.deepEqual(mail.mails.map(({ to }) => to).toSorted(), [bea.email, rob.email].toSorted())
  await world.send('DELETE', `/api/v1/resellers/${reseller.id}?contents=delete`)
  await tick(world)
  assert.deepEqual(await open(world), [])
  assert.equal(mail.mails.length, 2, 'not even that it is over')
})

onEachDatabase('an open alert says how it is now', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['space-low'] })
  const ada = await world.user('server-admin')
  const customer = await world.customer({ name: 'Bakery', space: { allottedBytes: 1000 } })
  const use = (used_bytes: number) =>
    world.database.queries
      .updateTable('space')
      .set({ used_bytes })
      .where('owner_id', '=', customer.id)
      .execute()
  await use(900)
  await tick(world)
  await use(990)
  await world.send('PATCH', `/api/v1/customers/${customer.id}`, { name: 'Bakery & Sons' })
  await tick(world)
  const [alert] = (await world.get<List<Alert>>('/api/v1/alerts?state=open', ada)).items
  assert.match(alert?.text ?? '', /Bakery & Sons uses 990 B/)
  assert.equal(alert?.subject.name, 'Bakery & Sons')
})

onEachDatabase('what can’t be looked at keeps nothing else from being told', async (place) => {
  const dataFolder = path.join(place.dataFolder, 'data')
  await mkdir(dataFolder)
  await using world = await startApiWorld({ database: place.database, dataFolder })
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['disk-low', 'space-low'], diskPercent: 99 })
  const customer = await world.customer({ name: 'Bakery', space: { allottedBytes: 1000 } })
  const use = (used_bytes: number) =>
    world.database.queries
      .updateTable('space')
      .set({ used_bytes })
      .where('owner_id', '=', customer.id)
      .execute()
  await tick(world)
  const before = await open(world)
  await rename(dataFolder, `${dataFolder}-elsewhere`)
  await use(1000)
  await tick(world)
  assert.deepEqual(await open(world), [...before, 'space-low Bakery'])
  await use(0)
  await tick(world)
  assert.deepEqual(await open(world), before, 'and what could not be looked at is not taken for over')
  await rename(`${dataFolder}-elsewhere`, dataFolder)
})

onEachDatabase('what is switched off is not said to be over', async (place) => {
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  const customer = await world.customer({ name: 'Bakery', space: { allottedBytes: 1000 } })
  const bea = await world.user('customer-admin', customer.id)
  const settings = '/api/v1/settings/alerts'
  await world.send('PATCH', settings, { kinds: ['space-low'] })
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: 1000 })
    .where('owner_id', '=', customer.id)
    .execute()
  await tick(world)
  await world.send('PATCH', settings, { kinds: [] })
  await tick(world)
  assert.deepEqual(await open(world), [])
  assert.deepEqual(
    mail.mails.filter(({ to }) => to === bea.email).map(({ subject }) => subject),
    ['Space is low: Bakery'],
  )
})

test('what begins while others are mailed is mailed as well (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  await using mail = await startMailServer()
  await world.setUpMail(mail)
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['space-low', 'warning-sign'] })
  const ada = await world.user('server-admin')
  const { database } = world
  const full = await world.customer({ name: 'Full', space: { allottedBytes: 100 } })
  const client = await world.client(full, { clientId: 'till-1' })
  const warned = {
    ...{ id: client.id, client_id: 'till-1', customer_id: full.id, customer: 'Full' },
    reseller_id: full.reseller.id,
  }
  const use = (used_bytes: number) =>
    database.queries.updateTable('space').set({ used_bytes }).where('owner_id', '=', full.id).execute()
  await use(100)
  await tick(world)
  await use(0)
  const ofAda = () => mail.mails.filter(({ to }) => to === ada.email).map(({ subject }) => subject)
  let looking: Promise<void> | undefined
  await database.transaction(async (transaction) => {
    // Holds the alert that is over, so that the look stops where it has read what is open and told of nothing yet.
    await transaction.updateTable('alerts').set({ subject_name: 'Full' }).execute()
    looking = tick(world)
    await untilBlocked(database)
    await database.transaction((another) => tellBegun(another, warningOf(warned, []), world.clock.now()))
    await plantWarning(database, client.id)
  })
  await looking
  await tick(world)
  assert.ok(
    ofAda().some((subject) => subject.includes('till-1')),
    String(ofAda()),
  )
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
