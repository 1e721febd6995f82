import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AuditEntry,
  Brand,
  BrandSettings,
  ClientWithSecret,
  CustomerDetails,
  ProblemBody,
  Session,
} from '@granary/contract'
import { samplePng, startMailServer } from '@granary/testing'
import { startApiWorld } from '../test-world/api-world.ts'
import { brandPath, furnishBrands, serverBrandPath } from '../test-world/branded-tenants.ts'
import { onEachDatabase, openTestPlace } from '../test-world/on-each-database.ts'

const host = (name: string) => ({ key: null, headers: { host: name } })
const base64 = (content: Uint8Array) => Buffer.from(content).toString('base64')

onEachDatabase(
  'people see the brand of their reseller, and of the server where it says nothing',
  async (place) => {
    await using world = await startApiWorld(place)
    const { northwind, contoso, bakery } = await furnishBrands(world)
    const seenBy = async (who: { key: null }) => (await world.get<Session>('/api/v1/session', who)).brand
    const ada = await seenBy(await world.user('server-admin'))
    assert.deepEqual(ada, {
      productName: 'Cloudhaven',
      accent: '#7c3aed',
      logos: { light: null, dark: null },
    })
    for (const who of [
      await world.user('reseller-operator', northwind.id),
      await world.user('customer-read-only', bakery.id),
    ]) {
      const brand = await seenBy(who)
      assert.deepEqual([brand.productName, brand.accent], ['Northwind Backup', '#2563eb'])
      assert.deepEqual([brand.logos.light?.width, brand.logos.light?.height], [80, 20])
      assert.deepEqual(brand.logos.dark, brand.logos.light, 'one logo does for both')
    }
    assert.deepEqual(await seenBy(await world.user('reseller-admin', contoso.id)), ada)

    const settings = await world.get<BrandSettings>(brandPath(contoso))
    assert.deepEqual([settings.productName, settings.inherited.productName], [null, 'Cloudhaven'])
    await world.send('PATCH', serverBrandPath, { lightLogo: base64(samplePng(32, 32, '#7c3aed')) })
    const own = await seenBy(await world.user('reseller-admin', contoso.id))
    assert.equal(own.logos.light?.width, 32, 'the server’s logo with the server’s name')
    await world.send('PATCH', brandPath(contoso), { productName: 'Contoso Safe' })
    const named = await seenBy(await world.user('reseller-admin', contoso.id))
    assert.deepEqual(named.logos, { light: null, dark: null }, 'but not beside another name')
  },
)

onEachDatabase(
  'before signing in, a host name shows its brand, and every other one the server’s',
  async (place) => {
    await using world = await startApiWorld(place)
    const { northwind } = await furnishBrands(world)
    const shown = async (name: string) => (await world.get<Brand>('/api/v1/brand', host(name))).productName
    for (const name of [
      'backup.northwind.example',
      'BACKUP.Northwind.example:8480',
      'backup.northwind.example.',
    ]) {
      assert.equal(await shown(name), 'Northwind Backup', name)
    }
    for (const name of [
      'northwind.example',
      'x.backup.northwind.example',
      'backup.contoso.example',
      '127.0.0.1',
      'northwind',
    ]) {
      assert.equal(await shown(name), 'Cloudhaven', name)
    }
    await world.refused('invalid-request', 'GET', '/api/v1/brand', host('<script>'))
    const answer = await world.call<Brand>('GET', '/api/v1/brand', host('backup.northwind.example'))
    assert.ok(!JSON.stringify(answer.body).includes(northwind.id), 'nothing says which reseller it is')

    await world.send('PATCH', '/api/v1/settings', { resellerManagement: false })
    assert.equal(await shown('backup.northwind.example'), 'Cloudhaven', 'no resellers, no brands of theirs')
    const rita = await world.user('reseller-admin', northwind.id)
    assert.equal((await world.get<Session>('/api/v1/session', rita)).brand.productName, 'Cloudhaven')
    await world.send('PATCH', '/api/v1/settings', { resellerManagement: true })
    assert.equal(await shown('backup.northwind.example'), 'Northwind Backup')
  },
)

onEachDatabase('resellers set their own brand, and nothing that claims something outside', async (place) => {
  await using world = await startApiWorld(place)
  const { northwind, contoso, bakery } = await furnishBrands(world)
  const rita = await world.user('reseller-admin', northwind.id)
  const path = brandPath(northwind)
  const edited = await world.send<BrandSettings>('PATCH', path, { senderName: 'Northwind Team' }, rita)
  assert.equal(edited.senderName, 'Northwind Team')
  for (const body of [{ hostName: 'bank.example' }, { hostName: null }, { fromAddress: 'a@bank.example' }]) {
    const refused = await world.refused('not-permitted', 'PATCH', path, { ...rita, body })
    assert.equal(refused.needed, 'server-admin')
  }
  const { inherited: _, ...whole } = edited
  const sentBack = await world.send<BrandSettings>('PATCH', path, whole, rita)
  assert.equal(sentBack.hostName, 'backup.northwind.example', 'what was read may be sent back')
  await world.refused('reseller-not-found', 'PATCH', brandPath(contoso), { ...rita, body: { accent: null } })
  for (const role of ['reseller-operator', 'customer-admin'] as const) {
    const who = await world.user(role, role === 'customer-admin' ? bakery.id : northwind.id)
    await world.refused('not-permitted', 'PATCH', path, { ...who, body: { accent: null } })
  }
  await world.refused('not-permitted', 'PATCH', serverBrandPath, { ...rita, body: { accent: null } })

  const logo = base64(samplePng(16, 16, '#000000'))
  await world.send('PATCH', path, { darkLogo: logo, productName: 'Northwind Vault' }, rita)
  const log = await world.get<{ items: AuditEntry[] }>('/api/v1/audit-log?limit=1')
  const [entry] = log.items
  assert.equal(entry?.event, 'reseller.brand-edited')
  assert.equal(entry?.actor.name, rita.name)
  const details = JSON.stringify(entry?.details)
  assert.match(details, /Northwind Vault/)
  assert.match(details, /image\/png, 16 × 16, SHA-256 [0-9a-f]{64}/)
  assert.ok(!details.includes(logo), 'not the image itself')
})

test('what could lead astray, run or hide in a brand is refused, with the field that it stands in', async () => {
  await using place = await openTestPlace('sqlite')
  await using world = await startApiWorld(place)
  const { northwind } = await furnishBrands(world)
  const svg = base64(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))
  const png = samplePng(20, 20, '#ffffff')
  const hostNames = [
    ...['localhost', 'backup', '10.0.0.1', '127.1', '0x7f.0.0.1', '1.2.3.4.', '[::1]', '::1', '1.1.1.256'],
    ...[
      'backup.example:443',
      'https://backup.example',
      'backup.example/x',
      'user@backup.example',
      '*.example',
    ],
    ...['-backup.example', 'backup-.example', 'back_up.example', 'back..example', '.example', 'example.'],
    ...['bäckerei.example', 'backup.example\r\nx: y', 'a b.example', ''],
    ...[`${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}example`, 'backup.example\u0000', 'ｂackup.example'],
  ]
  const names = ['', ' ', 'x'.repeat(61), 'a\u202eb', 'a\u0000']
  const colours = [
    'red',
    '#fff',
    '#12345g',
    '#123456;',
    '#2563eb}body{display:none',
    'url(//evil.example)',
    '',
  ]
  const senders = [
    'ceo@bank.example',
    'Bank <x',
    '"Bank"',
    'a\r\nBcc: victim@customer.example',
    'x'.repeat(121),
  ]
  const addresses = [
    '',
    'x',
    'a@b.example, c@d.example',
    'a@b.example\r\nBcc: victim@customer.example',
    'Bank <a@b.example>',
  ]
  const logos = [
    svg,
    base64(png.subarray(0, -5)),
    'no base 64!',
    '',
    base64(Buffer.alloc(256 * 1024 + 1)),
    'AAAA',
  ]
  const bad = [
    ...hostNames.map((value) => ['hostName', value] as const),
    ...names.map((value) => ['productName', value] as const),
    ...colours.map((value) => ['accent', value] as const),
    ...senders.map((value) => ['senderName', value] as const),
    ...addresses.flatMap((value) => [['replyTo', value] as const, ['fromAddress', value] as const]),
    ...logos.flatMap((value) => [['lightLogo', value] as const, ['darkLogo', value] as const]),
  ]
  const before = await world.get(brandPath(northwind))
  for (const [field, value] of bad) {
    const problem = await world.refused('invalid-request', 'PATCH', brandPath(northwind), {
      body: { [field]: value },
    })
    const [error] = problem.errors as { path: string }[]
    assert.equal(error?.path, field, `${field}: ${value}`)
  }
  assert.deepEqual(await world.get(brandPath(northwind)), before)
  assert.deepEqual(world.log, [])
  for (const good of ['xn--bckerei-5wa.example', 'a-b.c9.example', 'backup.example.co']) {
    const { hostName } = await world.send<BrandSettings>('PATCH', brandPath(northwind), { hostName: good })
    assert.equal(hostName, good)
  }
})

onEachDatabase(
  'a logo is served to everybody as what it is, to be kept, and to do nothing',
  async (place) => {
    await using world = await startApiWorld(place)
    const { northwind } = await furnishBrands(world)
    const brand = await world.get<Brand>('/api/v1/brand', host('backup.northwind.example'))
    const address = world.url + brand.logos.light?.url
    const logo = await fetch(address)
    assert.equal(logo.status, 200)
    assert.deepEqual(Buffer.from(await logo.arrayBuffer()), samplePng(80, 20, '#2563eb'))
    assert.equal(logo.headers.get('content-type'), 'image/png')
    assert.equal(logo.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(logo.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(logo.headers.get('content-security-policy'), "default-src 'none'; sandbox")
    const tag = logo.headers.get('etag') ?? ''
    const again = await fetch(address, { headers: { 'if-none-match': `"other", ${tag}` } })
    assert.deepEqual([again.status, await again.text()], [304, ''])
    const head = await fetch(address, { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''])

    for (const path of ['x', '0'.repeat(64), '..%2F..', '%00', `${'a'.repeat(190)}`]) {
      await world.refused('logo-not-found', 'GET', `/api/v1/brand/logos/${path}`, { key: null })
    }
    const post = await world.call<ProblemBody>('POST', brand.logos.light?.url ?? '', { key: null })
    assert.equal(post.body.code, 'method-not-allowed')
    await world.send('PATCH', brandPath(northwind), { lightLogo: null })
    assert.equal((await fetch(address)).status, 404)
    assert.equal((await world.get<BrandSettings>(brandPath(northwind))).logos.light, null)
  },
)

onEachDatabase(
  'a host name belongs to one, also when two want it at once, and never to the server',
  async (place) => {
    await using world = await startApiWorld(place, { publicUrl: 'https://granary.provider.example' })
    const { northwind, contoso } = await furnishBrands(world)
    await using server = await startMailServer()
    await world.setUpMail(server)
    await world.send('PATCH', '/api/v1/settings/mail', { consoleUrl: 'https://console.provider.example' })
    for (const hostName of [
      'backup.northwind.example',
      'granary.provider.example',
      'console.provider.example',
    ]) {
      await world.refused('host-name-taken', 'PATCH', brandPath(contoso), { body: { hostName } })
    }
    await world.send('PATCH', brandPath(northwind), { hostName: 'backup.northwind.example' })
    const both = await Promise.all(
      [northwind, contoso].map((reseller) =>
        world.call<ProblemBody>('PATCH', brandPath(reseller), { body: { hostName: 'new.example.com' } }),
      ),
    )
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409])
    const taken = { consoleUrl: 'https://new.example.com' }
    const refused = await world.refused('invalid-request', 'PATCH', '/api/v1/settings/mail', { body: taken })
    assert.match(JSON.stringify(refused.errors), /a reseller/)
  },
)

onEachDatabase(
  'a reseller in the trash gives its host name up, and comes back with it, or without',
  async (place) => {
    await using world = await startApiWorld(place)
    const { northwind, contoso } = await furnishBrands(world)
    const name = 'backup.northwind.example'
    const shown = async () => (await world.get<Brand>('/api/v1/brand', host(name))).productName
    const logo = (await world.get<BrandSettings>(brandPath(northwind))).logos.light?.url ?? ''
    const remove = async () => {
      await world.send('DELETE', `/api/v1/resellers/${northwind.id}`)
      const { items } = await world.get<{ items: { id: string }[] }>('/api/v1/deletions?kind=reseller')
      return `/api/v1/deletions/${items[0]?.id}/undelete`
    }
    const undelete = await remove()
    assert.equal(await shown(), 'Cloudhaven')
    await world.refused('logo-not-found', 'GET', logo, { key: null })
    await world.send('POST', undelete, {})
    assert.equal(await shown(), 'Northwind Backup', 'nobody wanted it meanwhile')

    const again = await remove()
    await world.send('PATCH', brandPath(contoso), { hostName: name, productName: 'Contoso Safe' })
    await world.send('POST', again, {})
    assert.equal(await shown(), 'Contoso Safe')
    const settings = await world.get<BrandSettings>(brandPath(northwind))
    assert.deepEqual([settings.hostName, settings.lostHostName], [null, name])
    assert.equal(settings.productName, 'Northwind Backup')
    const log = await world.get<{ items: AuditEntry[] }>('/api/v1/audit-log?limit=1')
    assert.match(JSON.stringify(log.items[0]?.details), /"lostHostName":"backup.northwind.example"/)
    await world.send('PATCH', brandPath(northwind), { hostName: null })
    assert.equal((await world.get<BrandSettings>(brandPath(northwind))).lostHostName, null)
  },
)

onEachDatabase('addresses to copy are under the host name of whose machines they are for', async (place) => {
  await using world = await startApiWorld(place, { publicUrl: 'https://granary.provider.example:8443' })
  const { contoso, bakery } = await furnishBrands(world)
  const clinic = await world.customer({ name: 'Clinic', reseller: contoso.id })
  const forged = { headers: { host: 'evil.example' } }
  for (const options of [{}, forged, { headers: { host: 'backup.northwind.example' } }]) {
    const addressOf = async (customer: { id: string }) => {
      const { vaultsUrl } = await world.get<CustomerDetails>(`/api/v1/customers/${customer.id}`, options)
      return vaultsUrl
    }
    assert.equal(await addressOf(bakery), 'https://backup.northwind.example:8443/vault/bakery/')
    assert.equal(await addressOf(clinic), 'https://granary.provider.example:8443/vault/clinic/')
  }
  const till = await world.send<ClientWithSecret>(
    'POST',
    `/api/v1/customers/${bakery.id}/clients`,
    { clientId: 'till-1' },
    forged,
  )
  assert.equal(till.vaultUrl, 'https://backup.northwind.example:8443/vault/bakery/till-1/')
  const bea = await world.user('customer-admin', bakery.id)
  const session = await world.get<Session>('/api/v1/session', bea)
  assert.equal(session.server.url, 'https://backup.northwind.example:8443')
  await world.send('PATCH', '/api/v1/settings', { resellerManagement: false })
  const without = await world.get<{ vaultUrl: string }>(`/api/v1/clients/${till.id}`)
  assert.equal(without.vaultUrl, 'https://granary.provider.example:8443/vault/bakery/till-1/')
})

onEachDatabase(
  'passkeys belong to the host name that was reached, and to none that was made up',
  async (place) => {
    await using world = await startApiWorld(place, { publicUrl: 'https://granary.provider.example' })
    await furnishBrands(world)
    const party = async (name: string) => {
      const path = '/api/v1/session/passkey/begin'
      const { options } = await world.send<{ options: { rpId: string } }>('POST', path, undefined, host(name))
      return options.rpId
    }
    assert.equal(await party('backup.northwind.example'), 'backup.northwind.example')
    assert.equal(await party('evil.example'), 'granary.provider.example')
  },
)
