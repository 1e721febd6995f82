import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Client,
  CustomerDetails,
  LicenceDraw,
  List,
  ResellerDetails,
  StatementRow,
} from '@granary/contract'
import { VaultAccessQuery } from '../clients/vault-access.ts'
import { Licences } from '../licences/draw-licence.ts'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'
import { oneAfterTheOther, untilBlocked } from '../test-world/until-blocked.ts'

async function branch(world: ApiWorld, name: string, more: Record<string, unknown> = {}) {
  const reseller = await world.reseller({ name: `Reseller ${name}` })
  const customer = await world.customer({ name: `Customer ${name}`, reseller: reseller.id, ...more })
  return { reseller, customer }
}

/** A client that stores 1000 bytes and has drawn its MCAL. */
async function clientInUse(world: ApiWorld, at: Awaited<ReturnType<typeof branch>>, clientId: string) {
  const client = await world.client(at.customer, { clientId })
  await world.database.queries
    .updateTable('space')
    .set((eb) => ({ used_bytes: eb('used_bytes', '+', 1000) }))
    .where('owner_id', 'in', [client.id, at.customer.id, at.reseller.id])
    .execute()
  const access = await new VaultAccessQuery(world.database).find(at.customer.urlKey, clientId)
  assert.ok(access)
  await new Licences(world.database, world.clock).draw(access)
  return client
}

onEachDatabase(
  'a client moves with data, address and its right; quotas and history are right on both sides',
  async (place) => {
    await using world = await startApiWorld(place)
    const [from, to] = [
      await branch(world, 'A', { mcals: { allotted: 5 } }),
      await branch(world, 'B', { mcals: { allotted: 0 } }),
    ]
    const client = await clientInUse(world, from, 'web01')
    const moved = await world.send<Client>('POST', `/api/v1/clients/${client.id}/move`, {
      customer: to.customer.id,
    })
    assert.equal(moved.customer.id, to.customer.id)
    assert.match(moved.vaultUrl, /customer-b/)
    const read = async (at: typeof from) => {
      const customer = await world.get<CustomerDetails>(`/api/v1/customers/${at.customer.id}`)
      const reseller = await world.get<ResellerDetails>(`/api/v1/resellers/${at.reseller.id}`)
      return [
        customer.space.usedBytes,
        customer.mcals.usedTillDate,
        reseller.space.usedBytes,
        reseller.mcals.usedTillDate,
      ]
    }
    assert.deepEqual(await read(from), [0, 1, 0, 1])
    assert.deepEqual(await read(to), [1000, 0, 1000, 0])

    const query = new VaultAccessQuery(place.database)
    for (const urlKey of [from.customer.urlKey, to.customer.urlKey]) {
      const access = await query.find(urlKey, 'web01')
      assert.deepEqual(
        [access?.id, access?.customerId],
        [client.id, to.customer.id],
        'both addresses lead to it',
      )
      assert.ok(access && new Licences(place.database, world.clock).holds(access), 'its right goes on')
    }
    const statement = async (customer: string) => {
      const answer = await world.get<{ rows: StatementRow[] }>(
        `/api/v1/licences/statement?months=1&customer=${customer}`,
      )
      return [answer.rows[0]?.used, answer.rows[0]?.closing]
    }
    assert.deepEqual(await statement(from.customer.id), [1, 4])
    assert.deepEqual(await statement(to.customer.id), [0, 0])
    const draws = await world.get<List<LicenceDraw>>('/api/v1/licences/draws')
    assert.deepEqual(
      draws.items.map((draw) => draw.customer.name),
      ['Customer A'],
    )
    const edited = await world.refused('licence-exhausted', 'PATCH', `/api/v1/clients/${client.id}`, {
      body: { kind: 'server' },
    })
    assert.equal(edited.level, 'customer', 'what it needs more is drawn where it is now')

    await world.send('POST', `/api/v1/clients/${client.id}/move`, { customer: from.customer.id })
    assert.deepEqual(await read(from), [1000, 1, 1000, 1])
    assert.deepEqual(await read(to), [0, 0, 0, 0])
  },
)

onEachDatabase('nobody moves to where there is no room, nor where they can not see', async (place) => {
  await using world = await startApiWorld(place)
  const [from, full] = [
    await branch(world, 'A'),
    await branch(world, 'B', { space: { allottedBytes: 2500 } }),
  ]
  const clients = await Promise.all(['a', 'b', 'c', 'd'].map((id) => clientInUse(world, from, id)))
  const answers = await Promise.all(
    clients.map(({ id }) =>
      world.call<{ code?: string }>('POST', `/api/v1/clients/${id}/move`, {
        body: { customer: full.customer.id },
      }),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).sort(),
    [200, 200, 507, 507],
    'at the same instant, as many as fit',
  )
  const refused = answers.find(({ status }) => status === 507)
  assert.equal(refused?.body.code, 'quota-exceeded')
  const [first] = clients
  assert.ok(first)
  const asReseller = {
    key: await world.key('reseller-admin', from.reseller.id),
    body: { customer: full.customer.id },
  }
  const stayed = (await world.get<List<Client>>(`/api/v1/customers/${from.customer.id}/clients`)).items[0]
  assert.ok(stayed)
  await world.refused('customer-not-found', 'POST', `/api/v1/clients/${stayed.id}/move`, asReseller)
  await world.refused('state-conflict', 'POST', `/api/v1/clients/${stayed.id}/move`, {
    body: { customer: from.customer.id },
  })
  await world.refused('not-permitted', 'POST', `/api/v1/clients/${stayed.id}/move`, {
    key: await world.key('customer-admin', from.customer.id),
    body: { customer: full.customer.id },
  })
})

test('of a move and the deletion of where it goes at the same instant, the second is refused (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  const [from, to] = [await branch(world, 'A'), await branch(world, 'B')]
  const client = await clientInUse(world, from, 'web01')
  const [deleted, moved] = await oneAfterTheOther(
    place,
    ['customers', 'id', to.customer.id],
    () => world.call('DELETE', `/api/v1/customers/${to.customer.id}?contents=move-to-default`),
    () => world.call('POST', `/api/v1/clients/${client.id}/move`, { body: { customer: to.customer.id } }),
  )
  assert.deepEqual([deleted.status, moved.status], [204, 404])
  const { customer: stays } = await world.get<Client>(`/api/v1/clients/${client.id}`)
  assert.equal(stays.id, from.customer.id)
})

test('of two moves at the same instant one moves it, and its bytes are counted once (postgres)', async () => {
  await using place = await openTestPlace('postgres')
  await using world = await startApiWorld(place)
  const [a, b, c] = [await branch(world, 'A'), await branch(world, 'B'), await branch(world, 'C')]
  const client = await clientInUse(world, a, 'web01')
  const move = (to: typeof a) =>
    world.call('POST', `/api/v1/clients/${client.id}/move`, { body: { customer: to.customer.id } })
  const answers = await place.database.transaction(async (transaction) => {
    await transaction.updateTable('clients').set({ append_only: 0 }).where('id', '=', client.id).execute()
    const moves = [move(b), move(c)]
    await untilBlocked(place.database, 2)
    return moves
  })
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  assert.deepEqual(statuses.sort(), [200, 409])
  const used = async (at: typeof a) => {
    const customer = await world.get<CustomerDetails>(`/api/v1/customers/${at.customer.id}`)
    const reseller = await world.get<ResellerDetails>(`/api/v1/resellers/${at.reseller.id}`)
    return [customer.space.usedBytes, reseller.space.usedBytes]
  }
  assert.deepEqual(await used(a), [0, 0])
  assert.deepEqual([await used(b), await used(c)].sort(), [
    [0, 0],
    [1000, 1000],
  ])
})

onEachDatabase('where Settings forbid over-allotting, no move allots more than there is', async (place) => {
  await using world = await startApiWorld(place)
  const [from, to] = [await branch(world, 'A'), await branch(world, 'B', { space: { allottedBytes: 100 } })]
  await world.send('PATCH', '/api/v1/settings', { overAllotting: false })
  const [big, small] = [
    await world.client(from.customer, { clientId: 'big', space: { allottedBytes: 101 } }),
    await world.client(from.customer, { clientId: 'small', space: { allottedBytes: 100 } }),
  ]
  const body = { customer: to.customer.id }
  await world.refused('over-allotted', 'POST', `/api/v1/clients/${big.id}/move`, { body })
  await world.send('POST', `/api/v1/clients/${small.id}/move`, body)
})
