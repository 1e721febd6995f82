import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVaultAddress } from './vault-address.ts'

const name = 'ab'.repeat(32)

test('addresses of a vault are read', () => {
  const base = { urlKey: 'acme', clientId: 'web-01.lan', query: '' }
  assert.deepEqual(parseVaultAddress('/vault/acme/web-01.lan/?create=true'), {
    ...base,
    query: 'create=true',
    place: { kind: 'repository' },
  })
  assert.deepEqual(parseVaultAddress('/vault/acme/web-01.lan/config'), {
    ...base,
    place: { kind: 'object', handle: { type: 'config', name: '' } },
  })
  assert.deepEqual(parseVaultAddress('/vault/acme/web-01.lan/locks/'), {
    ...base,
    place: { kind: 'list', type: 'locks' },
  })
  assert.deepEqual(parseVaultAddress(`/vault/acme/web-01.lan/data/${name}`), {
    ...base,
    place: { kind: 'object', handle: { type: 'data', name } },
  })
})

for (const url of [
  '/vault/acme/web01',
  '/vault/acme//config',
  '/vault//acme/web01/config',
  '//vault/acme/web01/config',
  '/vault/acme/../config',
  '/vault/acme/./config',
  '/vault/acme/.../config',
  '/vault/acme/web01/../web02/config',
  '/vault/acme/web01/data/../keys/',
  '/vault/acme/web01/data%2F',
  '/vault/acme/web%3001/config',
  '/vault/%2e%2e/web01/config',
  '/vault/Acme/web01/config',
  '/vault/acme/web01/config/',
  '/vault/acme/web01/locks',
  '/vault/acme/web01/other/',
  `/vault/acme/web01/data/${name.toUpperCase()}`,
  `/vault/acme/web01/data/${name}0`,
  `/vault/acme/web01/data/${name.slice(1)}`,
  `/vault/acme/web01/data/ab/${name}`,
  `/vault/acme/web01/data/${name}/`,
  `/vault/acme/web01/data/${name}\n`,
  `/vault/acme/${'a'.repeat(64)}/config`,
  '/vault/acme/wéb/config',
  '/vault/acme/web01/config#x',
]) {
  test(`${JSON.stringify(url)} leads nowhere`, () => {
    assert.equal(parseVaultAddress(url), null)
  })
}
