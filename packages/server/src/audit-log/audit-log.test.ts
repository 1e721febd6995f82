import assert from 'node:assert/strict'
import { type AuditEntry, type AuditVerdict, auditSortColumns, type List } from '@granary/contract'
import { startApiWorld } from '../test-world/api-world.ts'
import { asBefore } from '../test-world/as-before.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

onEachDatabase(
  'the audit log is searched, filtered and paged, and shows each place its own part',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const rob = await world.user('reseller-admin', reseller.id)
    const customer = await world.customer({ name: 'Bakery_100%', reseller: reseller.id })
    const other = await world.customer({ name: 'KLINIK SÜD' })
    const bea = await world.user('customer-admin', customer.id)
    await world.send(
      'POST',
      '/api/v1/users',
      { name: 'N', email: 'n@x.example', role: 'customer-operator' },
      bea,
    )
    await world.send('POST', `/api/v1/customers/${customer.id}/deactivate`, undefined, rob)
    const list = (query = '', as: Parameters<typeof world.get>[1] = {}) =>
      world.get<List<AuditEntry>>(`/api/v1/audit-log?${query}`, as)
    const all = await list()
    assert.deepEqual(
      all.items.map(({ event }) => event),
      ['customer.deactivated', 'user.invited', 'customer.created', 'customer.created', 'reseller.created'],
    )
    assert.equal((await list('search=bakery_100%25')).total, 2)
    assert.equal((await list('search=bakeryX100')).total, 0)
    assert.equal((await list('search=klinik%20süd')).total, 1)
    assert.equal((await list('search=customer.created')).total, 2)
    assert.equal((await list('event=customer.')).total, 3)
    assert.equal((await list(`target=${other.id}`)).total, 1)
    assert.equal((await list(`actor=user:${rob.id}`)).total, 1)
    const { at } = all.items[2] ?? { at: 0 }
    assert.ok((await list(`from=${at}`)).total >= 3)
    assert.equal((await list(`to=${all.items.at(-1)?.at}`)).total, 0)
    const pages: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: List<AuditEntry> = await list(`limit=2${cursor && `&cursor=${cursor}`}`)
      pages.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    assert.deepEqual(
      pages,
      all.items.map(({ id }) => id),
    )

    const ofRob = await list('', rob)
    assert.deepEqual(
      ofRob.items.map(({ event, actor }) => [event, actor.name]),
      [
        ['customer.deactivated', rob.name],
        ['user.invited', bea.name],
        ['customer.created', 'Provider'],
        ['reseller.created', 'Provider'],
      ],
    )
    assert.equal(ofRob.items.at(-1)?.address, '', 'nor from where')
    assert.equal((await list('search=server-admin', rob)).total, 0, 'nor can it be found out by searching')
    const ofBea = await list('', bea)
    assert.deepEqual(
      ofBea.items.map(({ event, actor }) => [event, actor.name]),
      [
        ['customer.deactivated', 'Provider'],
        ['user.invited', bea.name],
        ['customer.created', 'Provider'],
      ],
    )
  },
)

onEachDatabase(
  'the audit log is sorted by any column, page by page, and tells by it nothing that is not shown',
  async (place) => {
    await using world = await startApiWorld(place)
    const reseller = await world.reseller({ name: 'Northwind' })
    const rob = await world.user('reseller-admin', reseller.id)
    const made = (name: string, as = {}) =>
      world.send<{ id: string }>('POST', '/api/v1/customers', { name, reseller: reseller.id }, as)
    for (const name of ['delta', 'Bravo', 'alpha', 'Charlie', 'echo']) {
      const { id } = await made(name, name === 'Bravo' || name === 'echo' ? rob : {})
      await world.send('POST', `/api/v1/customers/${id}/deactivate`, undefined, name === 'alpha' ? rob : {})
    }
    const values: Record<(typeof auditSortColumns)[number], (entry: AuditEntry) => string | number> = {
      at: ({ id }) => Number(id),
      event: ({ event }) => event,
      target: ({ target }) => target.name.toLowerCase(),
      actor: ({ actor }) => (actor.id === null ? '' : actor.name.toLowerCase()),
    }
    for (const as of [{}, rob]) {
      for (const sort of auditSortColumns.flatMap((column) => [column, `-${column}`] as const)) {
        const entries: AuditEntry[] = []
        for (let cursor: string | null = ''; cursor !== null; ) {
          const query = `limit=3&sort=${sort}${cursor && `&cursor=${cursor}`}`
          const page: List<AuditEntry> = await world.get(`/api/v1/audit-log?${query}`, as)
          entries.push(...page.items)
          cursor = page.nextCursor
          const behind = cursor && Buffer.from(cursor, 'base64url').toString()
          assert.doesNotMatch(behind ?? '', as === rob ? /server-admin/ : /nothing/)
        }
        assert.equal(new Set(entries.map(({ id }) => id)).size, 11, sort)
        const column = sort.replace('-', '') as keyof typeof values
        const keys = entries.map((entry) => [values[column](entry), Number(entry.id)] as const)
        const sorted = keys.toSorted(([a, m], [b, n]) => (a < b ? -1 : a > b ? 1 : m - n))
        assert.deepEqual(keys, sort === column ? sorted : sorted.toReversed(), sort)
      }
    }
    const { nextCursor } = await world.get<List<AuditEntry>>('/api/v1/audit-log?limit=2&sort=actor')
    const [fingerprint, value] = JSON.parse(Buffer.from(nextCursor ?? '', 'base64url').toString())
    const forged = Buffer.from(JSON.stringify([fingerprint, value, '1'])).toString('base64url')
    await world.refused('invalid-cursor', 'GET', `/api/v1/audit-log?limit=2&sort=actor&cursor=${forged}`)
  },
)

onEachDatabase('a changed entry shows in the console too', async (place) => {
  await using world = await startApiWorld(place)
  const customer = await world.customer({ name: 'Bakery' })
  const verify = () => world.get<AuditVerdict>('/api/v1/audit-log/verification')
  assert.deepEqual(await verify(), {
    intact: true,
    entries: 1,
    prunedEntries: 0,
    brokenAt: null,
    reason: null,
  })
  await place.database.queries
    .updateTable('audit_log')
    .set({ actor_name: 'Somebody else' })
    .where('target_id', '=', customer.id)
    .execute()
  const broken = await verify()
  assert.deepEqual([broken.intact, broken.brokenAt], [false, 1])
})

onEachDatabase('entries written by an older version are found after the upgrade', async (place) => {
  await using world = await startApiWorld(place)
  await world.customer({ name: 'BÄCKEREI Łódź' })
  await world.customer({ name: 'Clinic' })
  await asBefore(place.database.queries, '0025-audit-log-by-keys')
  await place.openAnother()
  const found = await world.get<List<AuditEntry>>('/api/v1/audit-log?search=bäckerei')
  assert.deepEqual(
    found.items.map(({ target }) => target.name),
    ['BÄCKEREI Łódź'],
  )
  assert.equal((await world.get<AuditVerdict>('/api/v1/audit-log/verification')).intact, true)
})

onEachDatabase('entries name nothing that lies beside or above the place that reads them', async (place) => {
  await using world = await startApiWorld(place)
  const [north, south] = [await world.reseller({ name: 'North' }), await world.reseller({ name: 'South' })]
  const [from, beside, to] = [
    await world.customer({ name: 'Secret Clinic', reseller: south.id }),
    await world.customer({ name: 'Neighbour', reseller: north.id }),
    await world.customer({ name: 'Bakery', reseller: north.id, storageLocation: 'default' }),
  ]
  const rob = await world.user('reseller-admin', north.id)
  const bea = await world.user('customer-admin', to.id)
  const move = async (clientId: string, of: { id: string }, as = {}) => {
    const { id } = await world.client(of, { clientId })
    await world.send('POST', `/api/v1/clients/${id}/move`, { customer: to.id }, as)
  }
  await move('till-1', from)
  await move('till-2', beside, rob)
  const read = async (as: Parameters<typeof world.get>[1]) =>
    JSON.stringify(await world.get<List<AuditEntry>>('/api/v1/audit-log', as))
  const [ofServer, ofReseller, ofCustomer] = [await read({}), await read(rob), await read(bea)]
  for (const name of ['Secret Clinic', 'Neighbour', 'storageLocation']) {
    assert.ok(ofServer.includes(name), name)
    assert.ok(!ofCustomer.includes(name), `${name} is not the customer’s business`)
  }
  assert.ok(!ofReseller.includes('Secret Clinic'), 'nor are other resellers’ customers a reseller’s')
  assert.ok(ofReseller.includes('"from":{"id"'), 'its own are')
  assert.ok(ofCustomer.includes('till-1') && ofCustomer.includes('till-2'))
})
