import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
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
import { onEachDatabase } from '../test-world/on-each-database.ts'

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

onEachDatabase(
  'of two moves at once, or a move and the deletion of where it goes, one is refused, and bytes are counted once',
  async (place) => {
    await using world = await startApiWorld(place)
    const [from, to, other] = [await branch(world, 'A'), await branch(world, 'B'), await branch(world, 'C')]
    const elsewhere = await place.openAnother()
    /** Lets two requests read, and wait for each other in this order. */
    const crossing = async (clientId: string, ...requests: (() => Promise<unknown>)[]) => {
      const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const holding = elsewhere.transaction(async (transaction) => {
        await transaction
          .updateTable('clients')
          .set((eb) => ({ state: eb.ref('state') }))
          .where('id', '=', clientId)
          .execute()
        await transaction
          .updateTable('customers')
          .set((eb) => ({ state: eb.ref('state') }))
          .where('id', '=', to.customer.id)
          .execute()
        held.resolve()
        await released.promise
      })
      await held.promise
      const under: Promise<unknown>[] = []
      for (const request of requests) {
        under.push(request())
        await pause(300)
      }
      released.resolve()
      await holding
      return Promise.allSettled(under)
    }
    const move = (id: string, where: typeof to) => () =>
      world.send('POST', `/api/v1/clients/${id}/move`, { customer: where.customer.id })
    const used = async () => {
      const rows = await world.database.queries.selectFrom('space').selectAll().execute()
      const of = new Map(rows.map((row) => [row.owner_id, row.used_bytes]))
      return [from, to, other].flatMap((at) => [of.get(at.customer.id), of.get(at.reseller.id)])
    }

    const first = await clientInUse(world, from, 'web01')
    await crossing(first.id, move(first.id, to), move(first.id, other))
    const { customer } = await world.get<Client>(`/api/v1/clients/${first.id}`)
    const bytes = (at: typeof to) => (customer.id === at.customer.id ? 1000 : 0)
    assert.deepEqual(await used(), [0, 0, bytes(to), bytes(to), bytes(other), bytes(other)])

    const second = await clientInUse(world, from, 'web02')
    const [deleted, moved] = await crossing(
      second.id,
      () => world.send('DELETE', `/api/v1/customers/${to.customer.id}?contents=move-to-default`),
      move(second.id, to),
    )
    assert.equal(deleted?.status, 'fulfilled')
    assert.equal(moved?.status, 'rejected')
    const { customer: stays } = await world.get<Client>(`/api/v1/clients/${second.id}`)
    assert.equal(stays.id, from.customer.id)
  },
)
