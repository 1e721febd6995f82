import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { type ProblemBody, type ProblemCode, type Route, type RouteName, routes } from '@granary/contract'
import { type ApiWorld, startApiWorld } from '../../test-world/api-world.ts'
import { openTestPlace } from '../../test-world/on-each-database.ts'

const bodyPatienceMs = 400

/** Bodies that no route takes, with what they are answered. */
const badBodies: readonly [what: string, body: string | Uint8Array<ArrayBuffer>, code: ProblemCode][] = [
  ['nothing', '', 'invalid-request'],
  ['half an object', '{"name":', 'invalid-json'],
  ['two values', '{} {}', 'invalid-json'],
  ['a comment', '{/* */}', 'invalid-json'],
  ['a list', '[]', 'invalid-request'],
  ['a text', '"name"', 'invalid-request'],
  ['a number', '5', 'invalid-request'],
  ['null', 'null', 'invalid-request'],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'invalid-json'],
  ['a byte order mark in UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'invalid-json'],
  ['NUL in a text', '{"name":"a\\u0000b"}', 'invalid-request'],
  ['half a surrogate pair', '{"name":"\\ud800"}', 'invalid-request'],
  ['a prototype', '{"__proto__":{"role":"server-admin"}}', 'invalid-request'],
  ['a prototype further in', '{"space":{"constructor":{"prototype":{}}}}', 'invalid-request'],
  ['an unknown field', '{"surprise":1}', 'invalid-request'],
  ['nesting without end', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'invalid-request'],
  ['a wrong type everywhere', '{"name":5,"email":5,"clientId":{},"kind":[],"token":true}', 'invalid-request'],
  ['more than a mebibyte', `{"name":"${'x'.repeat(1024 * 1024)}"}`, 'body-too-large'],
]

/** Bodies of one route, with the path of the field that is named. */
const badFields: readonly [name: RouteName, body: unknown, path: string][] = [
  ['createCustomer', { name: '' }, 'name'],
  ['createCustomer', { name: '  \t ' }, 'name'],
  ['createCustomer', { name: 'x'.repeat(121) }, 'name'],
  ['createCustomer', { name: 'a\u202eb' }, 'name'],
  ['createCustomer', { name: 'a\u200bb' }, 'name'],
  ['createCustomer', { name: 'a', urlKey: '../x' }, 'urlKey'],
  ['createCustomer', { name: 'a', urlKey: 'Ä' }, 'urlKey'],
  ['createCustomer', { name: 'a', space: { allottedBytes: -1 } }, 'space.allottedBytes'],
  ['createCustomer', { name: 'a', space: { allottedBytes: 1.5 } }, 'space.allottedBytes'],
  ['createCustomer', { name: 'a', space: { allottedBytes: 1e300 } }, 'space.allottedBytes'],
  ['createCustomer', { name: 'a', space: { allottedBytes: '5' } }, 'space.allottedBytes'],
  ['createCustomer', { name: 'a', mcals: { allotted: 2e9 } }, 'mcals.allotted'],
  ['createCustomer', { name: 'a', state: 'gone' }, 'state'],
  ['createCustomer', { name: 'a', autoAuthorization: 'true' }, 'autoAuthorization'],
  ['createCustomer', { name: 'a', information: { email: 'no' } }, 'information.email'],
  ['createCustomer', { name: 'a', information: { notes: 'x'.repeat(5001) } }, 'information.notes'],
  ['createCustomer', { name: 'a', information: { city: 'a\u0007' } }, 'information.city'],
  ['createCustomer', { name: 'a', information: { fax: '1' } }, 'information.fax'],
  ['createClient', { clientId: 'a/b' }, 'clientId'],
  ['createClient', { clientId: 'a', kind: 'toaster' }, 'kind'],
  ['createClient', { clientId: 'a', plugins: ['A B'] }, 'plugins.0'],
  ['createClient', { clientId: 'a', plugins: ['mssql', 'mssql'] }, 'plugins'],
  ['createClient', { clientId: 'a', plugins: 'mssql' }, 'plugins'],
  ['createPlugin', { key: 'server', name: 'A', monthlyUnits: 1 }, 'key'],
  ['createPlugin', { key: '../x', name: 'A', monthlyUnits: 1 }, 'key'],
  ['createPlugin', { key: 'a', name: ' ', monthlyUnits: 1 }, 'name'],
  ['createPlugin', { key: 'a', name: 'A', monthlyUnits: -1 }, 'monthlyUnits'],
  ['createPlugin', { key: 'a', name: 'A', monthlyUnits: 1.5 }, 'monthlyUnits'],
  ['createPlugin', { key: 'a', name: 'A', monthlyUnits: 1e12 }, 'monthlyUnits'],
  ['editPlugin', { monthlyUnits: null }, 'monthlyUnits'],
  ['putBackClient', { moment: 'yesterday' }, 'moment'],
  ['putBackClient', { moment: -1 }, 'moment'],
  ['putBackClient', { moment: 1, added: 'burn' }, 'added'],
  ['undeleteVersion', { version: 'AB'.repeat(32) }, 'version'],
  ['undelete', { name: '' }, 'name'],
  ['purgeDeletion', { reason: ' ' }, 'reason'],
  ['editCustomerProtection', { undeleteDays: -1 }, 'undeleteDays'],
  ['editServerProtection', { mostUndeleteDays: 1.5 }, 'mostUndeleteDays'],
  ['createApiKey', { name: 'a', role: 'server-god' }, 'role'],
  ['createApiKey', { name: 'a', role: 'server-admin', expiresAt: 'soon' }, 'expiresAt'],
  ['setUpAdministrator', { token: 't', name: 'A', email: 'no', password: 'x'.repeat(12) }, 'email'],
]

const badQueries = [
  'limit=0',
  'limit=501',
  'limit=ten',
  'limit=1&limit=2',
  'sort=password',
  'sort=name;drop%20table%20customers',
  'search=%00',
  `search=${'x'.repeat(201)}`,
  'state=gone',
  'surprise=1',
  '__proto__[x]=1',
]
const badCursors = ['x', 'bnVsbA', `${Buffer.from('["x",1,"y"]').toString('base64url')}`, '%F0%9F%92%A9']

test('whatever is sent to any route that takes a body, the answer is a clear problem', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place, { bodyPatienceMs })
  const ada = await world.user('server-admin')
  const before = await footprint(world)
  for (const [name, route] of everyRoute().filter(([, { body }]) => body)) {
    const path = await addressOf(world, route)
    for (const [what, body, code] of badBodies) {
      const said = `${name} with ${what}`
      const isPatch = route.method === 'PATCH'
      if (isPatch && what === 'a wrong type everywhere' && name === 'editClient') continue
      const answer = await raw(world, ada.headers, route.method, path, body)
      assert.equal(answer.code, code, `${said}: ${JSON.stringify(answer)}`)
      if (code === 'invalid-request')
        assert.ok(Array.isArray(answer.errors) && answer.errors.length > 0, said)
    }
    const form = await world.call<ProblemBody>(route.method, path, {
      key: null,
      body: 'name=x',
      headers: { ...ada.headers, 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.equal(form.body.code, 'unsupported-media-type', name)
    const packed = await world.call<ProblemBody>(route.method, path, {
      key: null,
      body: '{}',
      headers: { ...ada.headers, 'content-encoding': 'gzip' },
    })
    assert.equal(packed.body.code, 'unsupported-media-type', name)
  }
  assert.deepEqual(await footprint(world), before, 'nothing half-done stays')
  assert.deepEqual(world.log, [], 'none of it was an error of the server')
})

test('each wrong field is named', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  for (const [name, body, path] of badFields) {
    const route: Route = routes[name]
    const problem = await world.refused('invalid-request', route.method, await addressOf(world, route), {
      body,
    })
    assert.deepEqual(
      (problem.errors as { path: string }[]).map((error) => error.path),
      [path],
    )
  }
})

test('bad queries, cursors and IDs are refused on every route that takes them', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const ada = await world.user('server-admin')
  for (const [name, route] of everyRoute().filter(([, { access }]) => access !== 'public')) {
    const path = await addressOf(world, route)
    if (route.method === 'GET' && route.query && 'cursor' in route.query.shape) {
      for (const query of badQueries) {
        const takesState = 'state' in route.query.shape
        if (query.startsWith('state') && !takesState) continue
        await world.refused('invalid-request', 'GET', `${path}?${query}`, ada)
      }
      for (const cursor of 'cursor' in route.query.shape ? badCursors : [])
        await world.refused('invalid-cursor', 'GET', `${path}?cursor=${cursor}`, ada)
    } else {
      await world.refused('invalid-request', route.method, `${path}?surprise=1`, {
        ...ada,
        ...bodyFor(route),
      })
    }
    if (!route.path.includes(':id')) continue
    for (const id of ['x'.repeat(65), '%00', 'a%00b']) {
      await world.refused('invalid-request', route.method, route.path.replace(':id', id), {
        ...ada,
        ...bodyFor(route),
      })
    }
    for (const id of ['nope', '..%2F..', "'%20or%201=1", '%F0%9F%92%A9', '__proto__']) {
      const address = route.path.replace(':id', id) + neededQuery(route)
      const answer = await world.call<ProblemBody>(route.method, address, { ...ada, ...bodyFor(route) })
      assert.match(answer.body.code, /-not-found$/, `${name} of ${id}`)
    }
  }
  assert.deepEqual(world.log, [])
})

test('unknown addresses and methods say so', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  for (const path of ['/api', '/api/v1', '/api/v2/customers', '/api/v1/Customers', '/%zz']) {
    await world.refused('route-not-found', 'GET', path)
  }
  for (const [name, route] of everyRoute()) {
    const path = await addressOf(world, route)
    for (const method of ['PUT', 'OPTIONS']) {
      const answer = await world.call<ProblemBody>(method, path)
      assert.equal(answer.body.code, 'method-not-allowed', name)
      assert.ok(answer.headers.get('allow')?.split(', ').includes(route.method), name)
    }
  }
})

test('a body that comes slowly or never ends is given up, and the server goes on', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place, { bodyPatienceMs })
  const head = [
    'POST /api/v1/customers HTTP/1.1',
    'host: granary.test',
    `authorization: Bearer ${world.adminKey}`,
    'content-type: application/json',
  ]
  const slow = await talk(world, [...head, 'content-length: 100', '', '{"name":'], { hangUp: false })
  assert.match(slow, /^HTTP\/1\.1 408 /)
  assert.match(slow, /"code":"request-timeout"/)
  const early = await talk(
    world,
    ['POST /api/v1/customers HTTP/1.1', 'host: granary.test', 'content-length: 100', '', '{'],
    { hangUp: false },
  )
  assert.match(early, /^HTTP\/1\.1 401 /, 'refused without waiting for the body')
  await talk(world, [...head, 'content-length: 100', '', '{"name":"half'], { hangUp: true })
  const chunked = await talk(
    world,
    [...head, 'transfer-encoding: chunked', '', '10', '{"name":"Chunked"', '1', '}', '0', '', ''],
    { hangUp: false },
  )
  assert.match(chunked, /^HTTP\/1\.1 400 /, 'a chunk of a wrong length')
  await world.refused('invalid-request', 'POST', '/api/v1/customers', { body: {} })
  assert.equal(await customers(world), 1, 'Default Customer alone')
  assert.deepEqual(world.log, [])
})

test('a host that is none is refused where addresses are handed out', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  for (const host of ['evil.test/path', 'a b', 'user@evil.test', '<script>']) {
    const request = [
      'GET /api/v1/session HTTP/1.1',
      `host: ${host}`,
      `authorization: Bearer ${world.adminKey}`,
      'connection: close',
      '',
      '',
    ]
    assert.match(await talk(world, request, { hangUp: false }), /^HTTP\/1\.1 400 /, host)
  }
})

function everyRoute(): [RouteName, Route][] {
  return Object.entries(routes) as [RouteName, Route][]
}

/** An address with something real behind it. */
async function addressOf(world: ApiWorld, route: Route): Promise<string> {
  if (!route.path.includes(':id')) return route.path
  const { items } = await world.get<{ items: { id: string; reseller: { id: string } }[] }>(
    '/api/v1/customers?search=default',
  )
  const customer = items[0]
  assert.ok(customer)
  if (route.tag === 'Resellers') return route.path.replace(':id', customer.reseller.id)
  if (route.path.startsWith('/api/v1/customers')) return route.path.replace(':id', customer.id)
  if (route.tag === 'Clients' && route.method === 'GET' && route.query) {
    const found = await world.get<{ items: { id: string }[] }>('/api/v1/clients?search=a-client')
    const client = found.items[0] ?? (await world.client(customer, { clientId: 'a-client' }))
    return route.path.replace(':id', client.id)
  }
  return route.path.replace(':id', 'cli_none')
}

/** What a route can't do without. */
function neededQuery(route: Route): string {
  return route.query && 'moment' in route.query.shape ? '?moment=1' : ''
}

function bodyFor(route: Route) {
  const bodies: Record<string, unknown> = {
    '/api/v1/resellers': { name: 'x' },
    '/api/v1/customers': { name: 'x' },
    '/api/v1/customers/:id/clients': { clientId: 'x' },
    '/api/v1/clients/:id/move': { customer: 'x' },
    '/api/v1/users/:id/act-as': { mode: 'look' },
    '/api/v1/api-keys': { name: 'x', role: 'server-admin' },
    '/api/v1/deletions/:id/purge': { reason: 'x' },
    '/api/v1/clients/:id/put-back': { moment: 1 },
    '/api/v1/clients/:id/undelete-version': { version: 'ab'.repeat(32) },
  }
  return route.body ? { body: bodies[route.path] ?? {} } : {}
}

async function raw(
  world: ApiWorld,
  headers: Record<string, string>,
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<ProblemBody> {
  const response = await fetch(world.url + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  })
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  return (await response.json()) as ProblemBody
}

/** Sends lines as they are and reads until the server has answered and closed, or, hanging up, not at all. */
function talk(world: ApiWorld, lines: readonly string[], options: { hangUp: boolean }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    socket.write(lines.join('\r\n'), () => {
      if (options.hangUp) socket.destroy()
    })
  })
}

async function customers(world: ApiWorld): Promise<number> {
  return (await world.get<{ total: number }>('/api/v1/customers')).total
}

async function footprint(world: ApiWorld): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of [
    'resellers',
    'customers',
    'clients',
    'users',
    'sessions',
    'api_keys',
    'audit_log',
  ] as const) {
    const { count } = await world.database.queries
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    counts[table] = count
  }
  return counts
}
