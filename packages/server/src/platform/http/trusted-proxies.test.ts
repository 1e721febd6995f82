import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import type { CustomerDetails } from '@granary/contract'
import { readTrustedProxies } from '../../config.ts'
import { type ApiWorld, startApiWorld } from '../../test-world/api-world.ts'
import { onEachDatabase, openTestPlace } from '../../test-world/on-each-database.ts'
import { TrustedProxies } from './trusted-proxies.ts'

const trusted = 'loopback, 10.0.0.0/8, 2001:db8:a::/48, 192.0.2.7'

const cases: [what: string, peer: string, header: string | undefined, expected: string][] = [
  ['nobody passes it on', '10.0.0.1', undefined, '10.0.0.1'],
  ['a stranger claims to be somebody', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['a stranger claims to be a proxy', '198.51.100.1', '203.0.113.9, 10.0.0.1', '198.51.100.1'],
  ['a proxy passes it on', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['the client has put something before it', '10.0.0.1', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies pass it on', '127.0.0.1', '1.1.1.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['one behind a proxy that is none of ours', '10.0.0.1', '203.0.113.9, 192.0.2.8', '192.0.2.8'],
  ['a proxy asks by itself', '127.0.0.1', '192.0.2.7, 10.1.2.3', '192.0.2.7'],
  ['garbage', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['garbage before a proxy', '127.0.0.1', '203.0.113.9, <b>, 10.1.2.3', '10.1.2.3'],
  ['nothing but commas', '10.0.0.1', ' , ,', '10.0.0.1'],
  ['what resembles an address', '10.0.0.1', '203.0.113.256', '10.0.0.1'],
  ['an address with a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6', '2001:db8:a::1', '2001:DB8:0:0::9', '2001:db8::9'],
  ['IPv6 in brackets, with a port', '2001:db8:a::1', '[2001:db8::9]:443', '2001:db8::9'],
  ['IPv6 with a zone', '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
  ['IPv6 from a stranger', '2001:db8:b::1', '2001:db8::9', '2001:db8:b::1'],
  ['a stranger on the same network', 'fe80::1%eth0', '203.0.113.9', 'fe80::1%eth0'],
  ['IPv4 over IPv6', '::ffff:10.0.0.1', '::ffff:203.0.113.9, ::FFFF:a00:2', '203.0.113.9'],
  ['IPv4 over IPv6 from a stranger', '::ffff:198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['a connection that is gone', '', '203.0.113.9', ''],
]
for (const [what, peer, header, expected] of cases) {
  test(`the client's address: ${what}`, () => {
    const proxies = new TrustedProxies(readTrustedProxies(trusted))
    assert.equal(proxies.clientAddress(requestFrom(peer, header)), expected)
    const without = new TrustedProxies([])
    assert.equal(without.clientAddress(requestFrom(peer, header)), peer.replace('::ffff:', ''))
  })
}

function requestFrom(remoteAddress: string, header: string | undefined): IncomingMessage {
  const headers = header === undefined ? {} : { 'x-forwarded-for': header }
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage
}

onEachDatabase('behind a trusted proxy, guessing slows down nobody at another address', async (place) => {
  await using world = await startApiWorld(place, { trustedProxies: 'loopback' })
  for (let n = 0; n < 20; n += 1) await guess(world, '203.0.113.9', 'oidc-refused')
  await guess(world, '203.0.113.9', 'too-many-attempts')
  await guess(world, '10.9.9.9, 203.0.113.9', 'too-many-attempts')
  await guess(world, '203.0.113.10', 'oidc-refused')
})

test('who is not behind a trusted proxy can not say where they are', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place, { trustedProxies: '192.0.2.7' })
  for (let n = 0; n < 20; n += 1) await guess(world, `203.0.113.${n}`, 'oidc-refused')
  await guess(world, '203.0.113.99', 'too-many-attempts')
})

/** Unlike with a password, nothing is hashed for it. */
function guess(world: ApiWorld, from: string, code: 'oidc-refused' | 'too-many-attempts') {
  return world.refused(code, 'POST', '/api/v1/session/oidc', {
    ...{ key: null, body: { query: 'state=guessed' } },
    headers: { 'x-forwarded-for': from },
  })
}

onEachDatabase('audit log, waiting room and ledger show the address behind the proxy', async (place) => {
  await using world = await startApiWorld(place, { trustedProxies: 'loopback' })
  const forwarded = { 'x-forwarded-for': '198.51.100.1, 2001:db8::9' }
  const customer = await world.send<CustomerDetails>(
    ...(['POST', '/api/v1/customers', { name: 'Bakery' }] as const),
    { headers: forwarded },
  )
  const made = await place.database.queries
    .selectFrom('audit_log')
    .select('address')
    .where('target_id', '=', customer.id)
    .execute()
  assert.deepEqual(addressesOf(made), ['2001:db8::9'])

  const unknown = await world.call('GET', `/vault/${customer.urlKey}/pc/config`, {
    ...{ key: null, headers: { ...forwarded, authorization: basic('pc', 'a-secret-alone') } },
  })
  assert.equal(unknown.status, 401)
  const waiting = await place.database.queries.selectFrom('waiting_clients').select('address').execute()
  assert.deepEqual(addressesOf(waiting), ['2001:db8::9'])

  const { secret } = await world.client(customer, { clientId: 'web01', kind: 'server' })
  const headers = { ...forwarded, authorization: basic('web01', secret) }
  const config = `/vault/${customer.urlKey}/web01/config`
  const vault = { key: null, headers }
  assert.equal((await world.call('POST', config, { ...vault, body: 'config' })).status, 200)
  assert.equal((await world.call('DELETE', config, vault)).status, 200)
  const ledger = await place.database.queries.selectFrom('ledger').select('address').execute()
  assert.deepEqual(addressesOf(ledger), ['2001:db8::9', '2001:db8::9'], 'stored and trashed')
})

function addressesOf(rows: readonly { address: string }[]): string[] {
  return rows.map(({ address }) => address)
}

test('a proxy says that it was reached by HTTPS, and nobody else does', async () => {
  for (const [trustedProxies, scheme] of [
    ['loopback', 'https'],
    ['192.0.2.7', 'http'],
  ] as const) {
    await using place = await openTestPlace('sqlite')
    await using world = await startApiWorld(place, { trustedProxies })
    const user = await world.user('server-admin')
    const signedIn = await world.call<{ server: { url: string } }>('GET', '/api/v1/session', {
      key: null,
      headers: { ...user.headers, 'x-forwarded-proto': 'http, https' },
    })
    assert.equal(signedIn.body.server.url, world.url.replace('http:', `${scheme}:`))
  }
})

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
