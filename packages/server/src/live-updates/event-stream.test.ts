import assert from 'node:assert/strict'
import { type LiveUpdate, liveUpdate } from '@granary/contract'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase(
  'used space moves on the stream of those who may see it, and of nobody else',
  async (place) => {
    await using world = await startApiWorld(place)
    const [mine, theirs] = [await branch(world, 'mine'), await branch(world, 'theirs')]
    await using server = await listen(world, world.adminKey)
    await using ofReseller = await listen(world, await world.key('reseller-read-only', mine.reseller.id))
    await using ofCustomer = await listen(world, await world.key('customer-read-only', mine.customer.id))
    await using ofOthers = await listen(world, await world.key('customer-read-only', theirs.customer.id))
    await store(world, mine, 500)

    const update = await server.next((one) => one.clients.length > 0)
    assert.deepEqual(update.clients, [
      {
        id: mine.client.id,
        customerId: mine.customer.id,
        usedBytes: 500,
        trashBytes: 0,
        lastBackupAt: null,
        backupRunning: false,
      },
    ])
    assert.deepEqual(update.customers, [
      { id: mine.customer.id, usedBytes: 500, trashBytes: 0, mcalsUsedTillDate: 0 },
    ])
    assert.deepEqual(update.resellers, [
      { id: mine.reseller.id, usedBytes: 500, trashBytes: 0, mcalsUsedTillDate: 0 },
    ])
    const forReseller = await ofReseller.next((one) => one.clients.length > 0)
    assert.deepEqual(forReseller.resellers, update.resellers)
    const forCustomer = await ofCustomer.next((one) => one.clients.length > 0)
    assert.deepEqual([forCustomer.resellers, forCustomer.customers.length], [[], 1])

    await store(world, theirs, 700)
    const forOthers = await ofOthers.next((one) => one.clients.length > 0)
    assert.deepEqual(
      forOthers.clients.map(({ id }) => id),
      [theirs.client.id],
    )
    assert.ok(!JSON.stringify(ofOthers.received).includes(mine.client.id))
  },
)

onEachDatabase('an edit in another process is told, and the stream ends with its key', async (place) => {
  await using world = await startApiWorld(place)
  await using other = await startApiWorld({
    database: await place.openAnother(),
    dataFolder: place.dataFolder,
  })
  const made = await world.send<{ id: string; key: string }>('POST', '/api/v1/api-keys', {
    name: 'short',
    role: 'server-read-only',
  })
  await using stream = await listen(world, made.key)
  const customer = await other.customer({ name: 'Elsewhere' })
  await other.send('PATCH', `/api/v1/customers/${customer.id}`, { name: 'Edited' })
  assert.equal((await stream.next((one) => one.changed)).changed, true)
  await other.send('DELETE', `/api/v1/api-keys/${made.id}`)
  await other.send('PATCH', `/api/v1/customers/${customer.id}`, { name: 'Again' })
  await stream.ended
})

onEachDatabase('nobody listens without a key', async (place) => {
  await using world = await startApiWorld(place)
  await world.refused('not-signed-in', 'GET', '/api/v1/events', { key: null })
  await world.refused('method-not-allowed', 'POST', '/api/v1/events')
})

interface Listener extends AsyncDisposable {
  readonly received: readonly LiveUpdate[]
  /** Resolves with the first message received from now on, or before, that fits. */
  next(fits: (update: LiveUpdate) => boolean): Promise<LiveUpdate>
  readonly ended: Promise<void>
}

async function listen(world: ApiWorld, key: string): Promise<Listener> {
  const abort = new AbortController()
  const response = await fetch(`${world.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${key}` },
    signal: abort.signal,
  })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const received: LiveUpdate[] = []
  let arrived = Promise.withResolvers<void>()
  const { body } = response
  assert.ok(body)
  const ended = (async () => {
    let text = ''
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages.filter((one) => one.startsWith('data: '))) {
        received.push(liveUpdate.parse(JSON.parse(message.slice(6))))
      }
      arrived.resolve()
      arrived = Promise.withResolvers<void>()
    }
  })()
  const quietly = ended.catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
  return {
    received,
    ended: quietly,
    async next(fits) {
      for (;;) {
        const found = received.find(fits)
        if (found) return found
        await arrived.promise
      }
    },
    async [Symbol.asyncDispose]() {
      abort.abort()
      await quietly
    },
  }
}

async function branch(world: ApiWorld, name: string) {
  const reseller = await world.reseller({ name: `R ${name}` })
  const customer = await world.customer({ name: `C ${name}`, reseller: reseller.id })
  return { reseller, customer, client: await world.client(customer, { clientId: name }) }
}

/** What the ledger does to the accounts when an object is stored. */
async function store(
  world: ApiWorld,
  { client, customer, reseller }: Awaited<ReturnType<typeof branch>>,
  bytes: number,
): Promise<void> {
  await world.database.queries
    .updateTable('space')
    .set({ used_bytes: bytes, changed_at: world.clock.now() })
    .where('owner_id', 'in', [client.id, customer.id, reseller.id])
    .execute()
}
