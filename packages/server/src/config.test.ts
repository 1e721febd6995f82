import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

test('without any setting there is SQLite under ./data and a loopback address', () => {
  const config = readConfig({})
  assert.equal(config.dataFolder, path.resolve('data'))
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8480 })
  assert.deepEqual(config.database, { kind: 'sqlite', dataFolder: path.resolve('data') })
  assert.equal(config.tls, undefined)
  assert.ok(config.workers >= 1)
})

test('what is set is taken, and empty is as good as unset', () => {
  const config = readConfig({
    GRANARY_DATA: '/srv/granary',
    GRANARY_LISTEN: '[::1]:443',
    GRANARY_URL: 'https://backup.example.com/',
    DATABASE_URL: 'postgres://granary@db/granary',
    GRANARY_TLS_CERT: '/etc/tls/chain.pem',
    GRANARY_TLS_KEY: '/etc/tls/key.pem',
    GRANARY_WORKERS: '3',
    GRANARY_STORAGE: 'archive=/mnt/big, fast-2=/mnt/bigger/,eq=/mnt/a=b',
    GRANARY_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::1',
    GRANARY_LOG: ' ',
  })
  assert.deepEqual(config.listen, { host: '::1', port: 443 })
  assert.deepEqual(config.database, { kind: 'postgres', url: 'postgres://granary@db/granary' })
  assert.equal(config.publicUrl, 'https://backup.example.com')
  assert.deepEqual(config.tls, { certificateFile: '/etc/tls/chain.pem', keyFile: '/etc/tls/key.pem' })
  assert.equal(config.workers, 3)
  assert.deepEqual(config.storageLocations, [
    { name: 'archive', folder: '/mnt/big' },
    { name: 'fast-2', folder: '/mnt/bigger' },
    { name: 'eq', folder: '/mnt/a=b' },
  ])
  assert.deepEqual(config.trustedProxies, [
    { network: '127.0.0.0', prefixBits: 8 },
    { network: '::1', prefixBits: 128 },
    { network: '10.0.0.0', prefixBits: 8 },
    { network: '2001:db8::1', prefixBits: 128 },
  ])
  assert.equal(config.logLevel, 'warn')
})

const refused: [string, Record<string, string>, RegExp][] = [
  ['a port alone', { GRANARY_LISTEN: '8480' }, /Write host:port/],
  ['a port out of range', { GRANARY_LISTEN: '127.0.0.1:65536' }, /Write host:port/],
  ['an address with a path', { GRANARY_LISTEN: 'http://127.0.0.1:80' }, /Write host:port/],
  ['another kind of database', { DATABASE_URL: 'mysql://db/granary' }, /Write postgres:/],
  ['a certificate without its key', { GRANARY_TLS_CERT: 'a.pem' }, /both files/],
  ['a key without its certificate', { GRANARY_TLS_KEY: 'a.pem' }, /both files/],
  [
    'a public address with a path',
    { GRANARY_URL: 'https://example.com/backup' },
    /Write the address people use/,
  ],
  ['a public address that is none', { GRANARY_URL: 'backup.example.com' }, /Write the address people use/],
  [
    'a proxy by name',
    { GRANARY_TRUSTED_PROXIES: 'loopback,proxy.example' },
    /has "proxy.example"\. Write addr/,
  ],
  ['a range beyond its address', { GRANARY_TRUSTED_PROXIES: '10.0.0.0/33' }, /Write addresses and ranges/],
  ['a proxy that is nothing', { GRANARY_TRUSTED_PROXIES: '10.0.0.1,' }, /has ""\. Write addresses/],
  ['IPv4 as IPv6', { GRANARY_TRUSTED_PROXIES: '::ffff:10.0.0.1' }, /Write addresses and ranges/],
  ['a short secret', { GRANARY_SECRET: 'secret' }, /at least 32/],
  ['no workers', { GRANARY_WORKERS: '0' }, /from 1 to 128/],
  ['workers in words', { GRANARY_WORKERS: 'two' }, /from 1 to 128/],
  ['a location without a folder', { GRANARY_STORAGE: 'archive' }, /has "archive"\. Write name=\/folder/],
  ['a location without a name', { GRANARY_STORAGE: '=/mnt/a' }, /Write name=\/folder/],
  ['an empty location', { GRANARY_STORAGE: 'a=/mnt/a,' }, /has ""\. Write name=\/folder/],
  ['a location in capitals', { GRANARY_STORAGE: 'Archive=/mnt/a' }, /lower-case letters/],
  ['a location with a path for a name', { GRANARY_STORAGE: '../x=/mnt/a' }, /lower-case letters/],
  ['a long name of a location', { GRANARY_STORAGE: `${'a'.repeat(41)}=/mnt/a` }, /at most 40/],
  ['a relative folder', { GRANARY_STORAGE: 'archive=mnt/a' }, /folders absolute/],
  ['the default location', { GRANARY_STORAGE: 'default=/mnt/a' }, /always the data folder/],
  ['a location named twice', { GRANARY_STORAGE: 'a=/mnt/a, a=/mnt/b' }, /names a twice/],
  ['a folder named twice', { GRANARY_STORAGE: 'a=/mnt/a,b=/mnt/x/../a/' }, /inside each other/],
  ['a folder in another', { GRANARY_STORAGE: 'a=/mnt/a/deep/down,b=/mnt/a' }, /inside each other/],
  [
    'a location among the objects',
    { GRANARY_STORAGE: 'a=/srv/granary/objects/a', GRANARY_DATA: '/srv/granary' },
    /\/srv\/granary\/objects and \/srv\/granary\/objects\/a lie inside each other/,
  ],
  [
    'a location around the objects',
    { GRANARY_STORAGE: 'a=/srv', GRANARY_DATA: '/srv/granary' },
    /inside each other/,
  ],
  ['a log level that is none', { GRANARY_LOG: 'verbose' }, /debug, info, warn or error/],
]
for (const [what, env, says] of refused) {
  test(`${what} is refused with what to write instead`, () => {
    assert.throws(
      () => readConfig(env),
      (error) =>
        error instanceof ConfigError &&
        says.test(error.message) &&
        error.message.includes(Object.keys(env)[0] ?? ''),
    )
  })
}
