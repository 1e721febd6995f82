import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomSecret, repositoryAddress, resticCommands } from './restic-commands.ts'

const vaultUrl = 'https://backup.example:8480/vault/bakery/till-1/'

test('credentials stand in the address as restic decodes them', () => {
  const secret = `a/b@c:d?e#f%g h'i"j\\k`
  const address = repositoryAddress({ vaultUrl, clientId: 'till-1', secret })
  const url = new URL(address.slice('rest:'.length))
  assert.equal(decodeURIComponent(url.username), 'till-1')
  assert.equal(decodeURIComponent(url.password), secret)
  assert.equal(url.host, 'backup.example:8480')
  assert.equal(url.pathname, '/vault/bakery/till-1/')
})

test('a secret can not break out of the quotes of the shell', () => {
  const { address } = resticCommands({ vaultUrl, clientId: 'till-1', secret: "x'; rm -rf ~; '" }, 'unix')
  assert.equal(address.match(/'/g)?.length, 2)
})

test('a secret made here can stand in an address as it is, and is never made twice', () => {
  const secret = randomSecret()
  assert.match(secret, /^[A-Za-z0-9_-]{32}$/)
  assert.notEqual(secret, randomSecret())
})
