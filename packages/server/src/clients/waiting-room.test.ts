import assert from 'node:assert/strict'
import type { Client, List, WaitingClient, WaitingReason } from '@granary/contract'
import { defaultLocation } from '@granary/object-store'
import { CredentialHash } from '../access/access.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { admitClients } from './admit-client.ts'
import { ClientAuthentication } from './authenticate-client.ts'
import { type NoteAttempt, noteAttempts } from './note-attempt.ts'

const list = (world: ApiWorld, query = '') =>
  world.get<List<WaitingClient>>(`/api/v1/waiting-room${query && `?${query}`}`)

/** The data plane's door, of another server process than the API's. */
async function door(world: ApiWorld, openAnother: () => Promise<ApiWorld['database']>) {
  const database = await openAnother()
  const hash = new CredentialHash(world.serverKey, 'client-secrets')
  const { clock } = world
  const admit = admitClients({
    ...{ database, hash, clock, noteAttempt: noteAttempts({ database, clock }) },
    placeVault: () => defaultLocation,
  })
  const authentication = new ClientAuthentication(database, hash, admit)
  return async (urlKey: string, clientId: string, secret: string) => {
    const header = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
    try {
      await authentication.authenticate(urlKey, clientId, header, '192.0.2.7')
      return 'in'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
}

onEachDatabase('who is not let in waits with the reason, and gets in once admitted', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const other = await world.customer({ name: 'Clinic' })
  await world.client(other, { clientId: 'taken' })
  const gone = await world.client(customer, { clientId: 'gone' })
  await world.send('DELETE', `/api/v1/clients/${gone.id}`)
  const knock = await door(world, place.openAnother)
  const key = customer.passKey

  const attempts: [clientId: string, secret: string, told: string, reason: WaitingReason | null][] = [
    ['Till-1', `${key}.own-secret-1`, 'client-not-admitted', 'auto-authorization-off'],
    ['gone', `${key}.own-secret-2`, 'client-not-admitted', 'deleted-before'],
    ['taken', `${key}.own-secret-3`, 'client-id-elsewhere', 'client-id-elsewhere'],
    ['till-2', `${key}x.own-secret-4`, 'pass-key-invalid', 'pass-key-wrong'],
    ['till-3', 'a-secret-alone', 'credentials-invalid', 'pass-key-missing'],
    ['till-4', `${key}.short`, 'credentials-invalid', null],
    ['..', `${key}.own-secret-5`, 'vault-not-found', null],
    ['<b>', `${key}x.own-secret-5`, 'pass-key-invalid', null],
  ]
  for (const [clientId, secret, told] of attempts) {
    assert.equal(await knock('bakery', clientId, secret), told, clientId)
  }
  assert.equal(await knock('nobody', 'till-9', `${key}.own-secret-9`), 'credentials-invalid')

  const { items, total } = await list(world, 'sort=clientId')
  const expected = attempts.flatMap(([clientId, , , reason]) => (reason === null ? [] : [[clientId, reason]]))
  assert.deepEqual(
    items.map(({ clientId, reason }) => [clientId, reason]).sort(),
    expected.sort(),
    'each with its reason; what could never be let in, and who came to no customer, is not kept',
  )
  assert.equal(total, expected.length)
  const [first] = items.filter(({ clientId }) => clientId === 'Till-1')
  assert.ok(first)
  assert.deepEqual([first.customer.name, first.address, first.state], ['Bakery', '192.0.2.7', 'waiting'])

  const admitted = await world.send<Client>('POST', `/api/v1/waiting-room/${first.id}/admit`, {
    kind: 'server',
  })
  assert.deepEqual(
    [admitted.clientId, admitted.kind, admitted.customer.id, admitted.admittedBy],
    ['Till-1', 'server', customer.id, 'waiting-room'],
  )
  assert.equal(await knock('bakery', 'till-1', `${key}.own-secret-1`), 'in')
  assert.equal(await knock('bakery', 'till-1', `${key}.another-secret`), 'credentials-invalid')
  await world.refused('waiting-client-not-found', 'POST', `/api/v1/waiting-room/${first.id}/admit`, {
    body: {},
  })

  const at = (wanted: string) => items.find(({ clientId }) => clientId === wanted)?.id
  await world.refused('client-id-taken', 'POST', `/api/v1/waiting-room/${at('taken')}/admit`, { body: {} })
  assert.ok(
    (await list(world)).items.some(({ clientId }) => clientId === 'taken'),
    'it still waits',
  )

  const moved = await world.send<Client>('POST', `/api/v1/waiting-room/${at('till-2')}/admit`, {
    customer: other.id,
  })
  assert.equal(moved.customer.id, other.id)
  assert.equal(await knock('bakery', 'till-2', `${key}x.own-secret-4`), 'in', 'at the address it came to')
  assert.equal(await knock('clinic', 'till-2', `${key}x.own-secret-4`), 'in')

  await world.send('POST', `/api/v1/waiting-room/${at('till-3')}/refuse`)
  world.clock.advance(60_000)
  assert.equal(await knock('bakery', 'till-3', 'a-secret-alone'), 'credentials-invalid')
  assert.ok(!(await list(world)).items.some(({ clientId }) => clientId === 'till-3'), 'refused, it stays out')
  const [refused] = (await list(world, 'state=refused')).items
  assert.ok(
    refused && refused.lastAttemptAt - refused.firstAttemptAt >= 60_000,
    'its attempts are still noted',
  )
  await world.send('POST', `/api/v1/waiting-room/${refused.id}/admit`, {})
  assert.equal(await knock('bakery', 'till-3', 'a-secret-alone'), 'in')
  assert.deepEqual(world.log, [])
})

onEachDatabase('two admit the same one at the same instant: one client', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  await note(noteAttempts(world), customer.id, 'till-1', 1)
  await note(noteAttempts(world), customer.id, 'TILL-1', 2)
  const { items } = await list(world)
  const answers = await Promise.all(
    [...items, ...items].map(({ id }) =>
      world.call('POST', `/api/v1/waiting-room/${id}/admit`, { body: {} }),
    ),
  )
  const statuses = answers.map(({ status }) => status).sort()
  assert.equal(statuses[0], 200)
  assert.ok(
    statuses.slice(1).every((status) => status === 404 || status === 409),
    String(statuses),
  )
  assert.equal((await world.get<List<Client>>(`/api/v1/customers/${customer.id}/clients`)).total, 1)
})

onEachDatabase('guesses without the pass key push nobody out who brought it, and end', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const noteAttempt = noteAttempts(world)
  await note(noteAttempt, customer.id, 'till-1', 1)
  for (let n = 0; n < 130; n++) {
    world.clock.advance(1)
    await note(noteAttempt, customer.id, `guess-${n}`, n, 'pass-key-wrong')
  }
  const waiting = await list(world, 'limit=500')
  assert.equal(waiting.total, 101)
  const ids = waiting.items.map(({ clientId }) => clientId)
  assert.ok(ids.includes('till-1') && ids.includes('guess-129') && !ids.includes('guess-29'))
  const found = await list(world, 'search=TILL')
  assert.equal(found.total, 1)
  world.clock.advance(31 * 24 * 3_600_000)
  await note(noteAttempt, customer.id, 'late', 1)
  await world.runJobs()
  assert.deepEqual(
    (await list(world)).items.map(({ clientId }) => clientId),
    ['late'],
    'who has not come back for a month is forgotten',
  )
})

function note(
  noteAttempt: NoteAttempt,
  customerId: string,
  clientId: string,
  secret: number,
  reason: WaitingReason = 'auto-authorization-off',
): Promise<void> {
  const secretHash = Buffer.alloc(32, secret)
  return noteAttempt({ customerId, clientId, secretHash, reason, address: '2001:db8::1' })
}
