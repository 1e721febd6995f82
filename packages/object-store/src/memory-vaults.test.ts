import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryVaults } from './memory-vaults.ts'
import { StorageFullError } from './vault-store.ts'
import { vaultStoreConformance } from './vault-store-conformance.ts'

vaultStoreConformance('memory', async () => {
  const store = new MemoryVaults({ capacityBytes: 1_000_000_000 })
  return { store, [Symbol.asyncDispose]: () => store.close() }
})

test('a full memory store says so, and has room again after a discard', async () => {
  const store = new MemoryVaults({ capacityBytes: 100 })
  const handle = { type: 'data', name: 'a'.repeat(64) } as const
  const large = store.receive('v', handle)
  large.write(Buffer.alloc(101))
  await assert.rejects(large.persist(), StorageFullError)
  await large.discard()
  const small = store.receive('v', handle)
  small.write(Buffer.alloc(100))
  await small.persist()
  assert.equal(store.room().freeBytes, 0)
  await small.discard()
  assert.equal(store.room().freeBytes, 100)
})
