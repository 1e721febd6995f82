import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { ObjectHandle, ObjectSummary, ObjectType } from './object-store.ts'
import { smallBytes, type VaultStore } from './vault-store.ts'

/** A store for one test. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: VaultStore
}

/** What every vault store promises; each adopts it with a way to open an empty one. */
export function vaultStoreConformance(kind: string, open: () => Promise<StoreUnderTest>): void {
  const promise = (name: string, keep: (store: VaultStore) => Promise<void>) =>
    test(`${kind}: ${name}`, async () => {
      await using opened = await open()
      await keep(opened.store)
    })

  promise('an object is read back as it came, whole and in parts', async (store) => {
    const content = bytes(3_000_000)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    assert.equal(store.bytes(vault, handle), content.length)
    assert.deepEqual(await readAll(store, handle), content)
    const object = await store.open(vault, handle)
    assert.ok(object)
    assert.equal(object.bytes, content.length)
    assert.deepEqual(object.readNow(1_000_000, 10), content.subarray(1_000_000, 1_000_010))
    assert.equal(object.readWhole(1000), null)
    const tail = Buffer.alloc(100)
    assert.equal(await object.read(tail, content.length - 40), 40)
    object.close()
  })

  promise('an empty object exists', async (store) => {
    const handle = handleOf('snapshots', Buffer.alloc(0))
    await put(store, handle, Buffer.alloc(0))
    assert.equal(store.bytes(vault, handle), 0)
    const object = await store.open(vault, handle)
    assert.deepEqual(object?.readWhole(10), Buffer.alloc(0))
    object?.close()
  })

  promise(
    'nothing can be seen of an object before it is published, and nothing after it is discarded',
    async (store) => {
      const content = bytes(200_000)
      const handle = handleOf('index', content)
      const incoming = store.receive(vault, handle)
      await incoming.write(content)
      assert.equal(incoming.receivedBytes, content.length)
      assert.deepEqual(incoming.digest().toString('hex'), handle.name)
      await incoming.persist()
      assert.equal(store.bytes(vault, handle), null)
      assert.equal(await store.open(vault, handle), null)
      assert.deepEqual(await listed(store, 'index'), [])
      await incoming.discard()
      assert.equal(store.bytes(vault, handle), null)
    },
  )

  promise('publishing never replaces what is there', async (store) => {
    const config: ObjectHandle = { type: 'config', name: '' }
    await put(store, config, Buffer.from('first'))
    const second = store.receive(vault, config)
    await second.write(Buffer.from('second'))
    await second.persist()
    assert.deepEqual(await second.publish(), { existed: true })
    await second.discard()
    assert.equal((await readAll(store, config)).toString(), 'first')
  })

  promise('small content can be had as a whole, and large content never', async (store) => {
    for (const [length, isSmall] of [
      [0, true],
      [smallBytes, true],
      [smallBytes + 1, false],
    ] as const) {
      const content = bytes(length)
      const incoming = store.receive(vault, handleOf('data', content))
      await incoming.write(content.subarray(0, length / 2))
      await incoming.write(content.subarray(length / 2))
      const small = incoming.smallContent()
      assert.deepEqual(small && Buffer.from(small), isSmall ? content : null)
      await incoming.discard()
    }
  })

  promise(
    'content is put under its name and into the trash, once, and where it was damaged',
    async (store) => {
      const content = bytes(300)
      const handle = handleOf('snapshots', content)
      assert.equal(store.put(vault, handle, content, { trashId: null }), true)
      assert.equal(store.put(vault, handle, content, { trashId: null }), false)
      assert.deepEqual(await readAll(store, handle), content)
      store.put(vault, handle, bytes(299), { trashId: null })
      assert.equal(store.put(vault, handle, content, { trashId: null }), true)
      assert.deepEqual(await readAll(store, handle), content)
      assert.equal(store.put(vault, handle, content, { trashId: 3 }), true)
      assert.equal(store.put(vault, handle, content, { trashId: 3 }), false)
      assert.equal(store.shareTrash(vault, handle, 3, 4), true)
      assert.equal(store.moveToTrash(vault, handle, 3, { keepPublished: true }), true)
      assert.deepEqual(await readAll(store, handle), content)
      assert.equal(store.moveToTrash(vault, handle, 3, { keepPublished: false }), true)
      assert.deepEqual(await listed(store, 'snapshots'), [])
      if (store.canFlush) await store.flush()
    },
  )

  promise('lists have every object of a type and of a vault, and nothing else', async (store) => {
    const contents = [bytes(10), bytes(20), bytes(30)]
    for (const content of contents) await put(store, handleOf('data', content), content)
    await put(store, handleOf('keys', bytes(5)), bytes(5))
    await put(store, { type: 'config', name: '' }, bytes(7))
    await put(store, handleOf('data', bytes(40)), bytes(40), 'another-vault')
    const expected = contents.map((content) => ({
      name: handleOf('data', content).name,
      bytes: content.length,
    }))
    assert.deepEqual(await listed(store, 'data'), expected.sort(byName))
    assert.deepEqual(await listed(store, 'config'), [{ name: '', bytes: 7 }])
    assert.deepEqual(await listed(store, 'locks'), [])
  })

  promise('what is trashed can not be read; moving it twice does no harm', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    assert.equal(store.moveToTrash(vault, handle, 7, { keepPublished: false }), true)
    assert.equal(store.moveToTrash(vault, handle, 7, { keepPublished: false }), true)
    assert.equal(store.moveToTrash(vault, handle, 8, { keepPublished: false }), false)
    assert.equal(store.shareTrash(vault, handle, 7, 8), true)
    assert.equal(store.shareTrash(vault, handle, 6, 9), false)
    assert.equal(store.moveToTrash(vault, handle, 8, { keepPublished: false }), true)
    store.purge(vault, handle, 7)
    store.purge(vault, handle, 7)
    assert.equal(store.shareTrash(vault, handle, 7, 10), false)
    assert.equal(store.shareTrash(vault, handle, 8, 10), true)
    await store.settle(vault, handle)
    assert.equal(await store.open(vault, handle), null)
    assert.deepEqual(await listed(store, 'data'), [])
  })

  promise('what returns from the trash is read as before; twice does no harm', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    store.moveToTrash(vault, handle, 7, { keepPublished: false })
    assert.deepEqual(store.findInTrash(vault, handle), [7])
    assert.equal(store.returnFromTrash(vault, handle, 7), true)
    assert.deepEqual(store.findInTrash(vault, handle), [])
    assert.equal(store.returnFromTrash(vault, handle, 7), true)
    await store.settle(vault, handle)
    assert.deepEqual(await readAll(store, handle), content)
    assert.equal(store.shareTrash(vault, handle, 7, 8), false, 'the entry is gone')
    const never = handleOf('data', bytes(101))
    assert.equal(store.returnFromTrash(vault, never, 9), false)
  })

  promise('what was uploaded again stays when the entry of the trash returns', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    store.moveToTrash(vault, handle, 7, { keepPublished: true })
    assert.equal(store.returnFromTrash(vault, handle, 7), true)
    assert.deepEqual(await readAll(store, handle), content)
    assert.equal(store.shareTrash(vault, handle, 7, 8), false)
  })

  promise('what is set aside makes room for a good copy', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, bytes(99))
    store.setAside(vault, handle, 1)
    store.setAside(vault, handle, 2)
    assert.equal(await store.open(vault, handle), null)
    await put(store, handle, content)
    assert.deepEqual(await readAll(store, handle), content)
  })

  promise('a vault is removed with its trash, and no other vault with it', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    await put(store, handle, content, 'another-vault')
    await put(store, handleOf('index', bytes(50)), bytes(50))
    store.moveToTrash(vault, handle, 7, { keepPublished: false })
    assert.deepEqual([...store.vaults()].sort(), ['another-vault', vault].sort())
    await store.removeVault(vault)
    await store.removeVault(vault)
    assert.deepEqual([...store.vaults()], ['another-vault'])
    assert.deepEqual(await listed(store, 'index'), [])
    assert.equal(store.returnFromTrash(vault, handle, 7), false)
    assert.equal(store.bytes('another-vault', handle), content.length)
  })

  promise('an object uploaded again while its removal went on stays readable', async (store) => {
    const content = bytes(100)
    const handle = handleOf('data', content)
    await put(store, handle, content)
    store.moveToTrash(vault, handle, 8, { keepPublished: true })
    assert.deepEqual(await readAll(store, handle), content)
  })

  promise(
    'what a removal took away during an upload is shown again when asked, and not by itself',
    async (store) => {
      const content = bytes(5000)
      const handle = handleOf('data', content)
      const incoming = store.receive(vault, handle)
      await incoming.write(content)
      await incoming.persist()
      await incoming.publish()
      assert.equal(incoming.isShown(), true)
      store.moveToTrash(vault, handle, 9, { keepPublished: false })
      assert.equal(incoming.isShown(), false)
      incoming.showAgain()
      incoming.showAgain()
      assert.deepEqual(await readAll(store, handle), content)
      store.remove(vault, handle)
      await incoming.release()
      assert.equal(store.bytes(vault, handle), null)
      assert.deepEqual(store.findInTrash(vault, handle), [9])
    },
  )

  promise('removing and withdrawing what is not there does no harm', async (store) => {
    const handle = handleOf('locks', bytes(50))
    store.remove(vault, handle)
    store.withdraw(vault, handle)
    await put(store, handle, bytes(50))
    store.remove(vault, handle)
    assert.equal(store.bytes(vault, handle), null)
  })

  promise('64 uploads at once arrive whole', async (store) => {
    const contents = Array.from({ length: 64 }, (_, index) => bytes(100_000 + index))
    await Promise.all(contents.map((content) => put(store, handleOf('data', content), content)))
    for (const content of contents) assert.deepEqual(await readAll(store, handleOf('data', content)), content)
  })

  promise('it says how much room is left', async (store) => {
    const { freeBytes, totalBytes } = store.room(vault)
    assert.ok(freeBytes > 0 && freeBytes <= totalBytes)
  })
}

const vault = '000001-web01'

/** Bytes that differ with their length and place. */
function bytes(length: number): Buffer {
  const content = Buffer.alloc(length)
  for (let i = 0; i < length; i += 1) content[i] = (i * 31 + length + (i >> 8)) & 0xff
  return content
}

function handleOf(type: ObjectType, content: Uint8Array): ObjectHandle {
  return { type, name: createHash('sha256').update(content).digest('hex') }
}

async function put(store: VaultStore, handle: ObjectHandle, content: Buffer, folder = vault): Promise<void> {
  const incoming = store.receive(folder, handle)
  for (let start = 0; start < content.length; start += 65_536) {
    await incoming.write(content.subarray(start, start + 65_536))
  }
  await incoming.persist()
  await incoming.publish()
  await incoming.settle()
  await incoming.release()
}

async function readAll(store: VaultStore, handle: ObjectHandle): Promise<Buffer> {
  const object = await store.open(vault, handle)
  assert.ok(object, 'it should be there')
  try {
    return object.readNow(0, object.bytes)
  } finally {
    object.close()
  }
}

async function listed(store: VaultStore, type: ObjectType): Promise<ObjectSummary[]> {
  const found: ObjectSummary[] = []
  for await (const object of store.list(vault, type)) found.push(object)
  return found.sort(byName)
}

function byName(a: ObjectSummary, b: ObjectSummary): number {
  return a.name < b.name ? -1 : 1
}
