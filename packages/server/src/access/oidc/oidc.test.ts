import assert from 'node:assert/strict'
import type { InvitedUser, OidcSettings, Session } from '@granary/contract'
import { type IdentityProvider, startIdentityProvider } from '@granary/testing'
import { type ApiWorld, startApiWorld } from '../../test-world/api-world.ts'
import { onEachDatabase } from '../../test-world/on-each-database.ts'
import { userOfIdentity } from './user-of-identity.ts'

onEachDatabase('an identity provider signs in whom somebody invited, and nobody else', async (place) => {
  await using world = await startApiWorld(place)
  await world.refused('oidc-not-set-up', 'POST', '/api/v1/session/oidc/begin', { key: null })
  await using provider = await startIdentityProvider({
    redirectUrl: `${world.url}/sign-in/oidc`,
    verified: (login) => !login.startsWith('unverified'),
  })
  await setUp(world, provider)
  const invited = await world.send<InvitedUser>('POST', '/api/v1/users', {
    name: 'Bea',
    email: 'bea@provider.example',
    role: 'server-operator',
  })
  const first = await signIn(world, provider, 'bea@provider.example')
  assert.deepEqual([first.status, first.body.user?.id], [200, invited.id])
  assert.equal((await world.get<{ state: string }>(`/api/v1/users/${invited.id}`)).state, 'active')
  assert.equal((await signIn(world, provider, 'stranger@provider.example')).body.code, 'oidc-no-user')
  await world.send('POST', '/api/v1/users', {
    name: 'U',
    email: 'unverified@provider.example',
    role: 'server-admin',
  })
  assert.equal((await signIn(world, provider, 'unverified@provider.example')).body.code, 'oidc-no-user')
  await world.send('POST', `/api/v1/users/${invited.id}/deactivate`)
  assert.equal((await signIn(world, provider, 'bea@provider.example')).body.code, 'oidc-no-user')
})

onEachDatabase(
  'a server that a provider knows by another ID finds its users by their addresses anew',
  async (place) => {
    await using world = await startApiWorld(place)
    await using provider = await startIdentityProvider({ redirectUrl: `${world.url}/sign-in/oidc` })
    await setUp(world, provider)
    const ada = await world.user('server-admin')
    assert.equal((await signIn(world, provider, ada.email)).status, 200)
    const person = { subject: 'another name for her', verifiedEmail: ada.email }
    const comes = () =>
      place.database.transaction((transaction) => userOfIdentity(transaction, provider.issuer, person))
    await world.send('PATCH', '/api/v1/settings/oidc', { label: 'Northwind' })
    await assert.rejects(comes(), { code: 'oidc-no-user' })
    await world.send('PATCH', '/api/v1/settings/oidc', { clientId: 'registered anew' })
    assert.equal((await comes()).id, ada.id)
  },
)

onEachDatabase(
  'what leads back from a provider is good once and in the browser that set out',
  async (place) => {
    await using world = await startApiWorld(place)
    await using provider = await startIdentityProvider({ redirectUrl: `${world.url}/sign-in/oidc` })
    await setUp(world, provider)
    const ada = await world.user('server-admin')
    const begun = await begin(world)
    const query = new URL(await provider.signIn(begun.url, ada.email)).search.slice(1)
    const elsewhere = await begin(world)
    assert.equal((await finish(world, query, elsewhere.cookie)).body.code, 'oidc-refused', 'another browser')
    assert.equal((await finish(world, query, '')).body.code, 'oidc-refused')
    const forged = new URLSearchParams(query)
    forged.set('code', 'made-up')
    assert.equal((await finish(world, query, begun.cookie)).status, 200)
    assert.equal((await finish(world, query, begun.cookie)).body.code, 'oidc-refused', 'once')
    const again = await begin(world)
    const state = new URL(again.url).searchParams.get('state') ?? ''
    forged.set('state', state)
    assert.equal(
      (await finish(world, forged.toString(), again.cookie)).body.code,
      'oidc-refused',
      'a made-up code',
    )
    for (const bad of ['', 'state=&code=', 'error=access_denied']) {
      assert.equal((await finish(world, bad, again.cookie)).body.code, 'oidc-refused')
    }
  },
)

onEachDatabase('a provider is asked whether it is one before it is saved', async (place) => {
  await using world = await startApiWorld(place)
  const path = '/api/v1/settings/oidc'
  for (const issuer of [world.url, 'http://127.0.0.1:1', 'http://login.example.com']) {
    const refused = await world.refused('oidc-unreachable', 'PATCH', path, {
      body: { issuer, clientId: 'x' },
    })
    assert.ok(String(refused.reason).length > 5)
  }
  await world.refused('invalid-request', 'PATCH', path, { body: { issuer: 'javascript:alert(1)' } })
  await world.refused('invalid-request', 'PATCH', path, { body: { issuer: 'https://x.example' } })
  assert.equal((await world.get<OidcSettings>(path)).issuer, '')
})

async function setUp(world: ApiWorld, provider: IdentityProvider): Promise<void> {
  const { issuer, clientId, clientSecret } = provider
  const settings = { issuer, clientId, clientSecret, label: 'Northwind login' }
  const saved = await world.send<OidcSettings>('PATCH', '/api/v1/settings/oidc', settings)
  assert.equal(saved.redirectUrl, `${world.url}/sign-in/oidc`)
  assert.ok(!JSON.stringify(saved).includes(clientSecret))
  const options = await world.get<{ oidc: unknown }>('/api/v1/sign-in-options', { key: null })
  assert.deepEqual(options.oidc, { label: 'Northwind login' })
}

async function begin(world: ApiWorld): Promise<{ url: string; cookie: string }> {
  const answer = await world.call<{ url: string }>('POST', '/api/v1/session/oidc/begin', { key: null })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { url: answer.body.url, cookie }
}

function finish(world: ApiWorld, query: string, cookie: string) {
  const options = { key: null, body: { query }, headers: { cookie } }
  return world.call<Partial<Session> & { code?: string }>('POST', '/api/v1/session/oidc', options)
}

async function signIn(world: ApiWorld, provider: IdentityProvider, login: string) {
  const { url, cookie } = await begin(world)
  const back = new URL(await provider.signIn(url, login))
  return finish(world, back.search.slice(1), cookie)
}
