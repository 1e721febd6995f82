import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  ObjectExistsError,
  type ObjectHandle,
  ObjectNotFoundError,
  type ObjectStore,
} from './object-store.ts'

export interface OpenedStore extends AsyncDisposable {
  readonly store: ObjectStore
}

/**
 * What every store promises. Each adopts it in a few lines, with a way to open an empty one.
 * @param open a new, empty store each time; it is disposed of after the test
 */
export function describeObjectStore(name: string, open: () => Promise<OpenedStore>): void {
  const promise = (title: string, body: (store: ObjectStore) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      await using opened = await open()
      await opened.store.create()
      await body(opened.store)
    })

  promise('what was written can be read, whole and in parts', async (store) => {
    const { handle, content } = object('data', 10_000)
    await store.write(handle, content)
    assert.deepEqual(Buffer.from(await store.read(handle)), content)
    assert.deepEqual(Buffer.from(await store.read(handle, { offset: 9_000 })), content.subarray(9_000))
    const part = await store.read(handle, { offset: 1, length: 5 })
    assert.deepEqual(Buffer.from(part), content.subarray(1, 6))
    assert.equal((await store.read(handle, { offset: 0, length: 0 })).length, 0)
    assert.deepEqual(await store.stat(handle), { name: handle.name, bytes: 10_000 })
  })

  promise('an object is read into memory that is given, unless that is too short', async (store) => {
    const { handle, content } = object('data', 10_000)
    await store.write(handle, content)
    const memory = new Uint8Array(new SharedArrayBuffer(20_000))
    for (const into of [memory.subarray(5), memory.subarray(0, 9_999)]) {
      assert.deepEqual(Buffer.from(await store.read(handle, undefined, into)), content)
      assert.deepEqual(
        Buffer.from(await store.read(handle, { offset: 10, length: 90 }, into)),
        content.subarray(10, 100),
      )
    }
  })

  promise('an object may be given in pieces', async (store) => {
    const { handle, content } = object('index', 1000)
    await store.write(handle, [content.subarray(0, 1), content.subarray(1, 700), content.subarray(700)])
    assert.deepEqual(Buffer.from(await store.read(handle)), content)
  })

  promise('objects of megabytes survive', async (store) => {
    const { handle, content } = object('data', 20 * 1024 * 1024 + 7)
    await store.write(handle, content)
    assert.equal(hash('sha256', await store.read(handle)), handle.name)
  })

  promise('a range beyond the end is refused', async (store) => {
    const { handle, content } = object('data', 100)
    await store.write(handle, content)
    await assert.rejects(store.read(handle, { offset: 90, length: 11 }), RangeError)
    await assert.rejects(store.read(handle, { offset: 200, length: 1 }), RangeError)
  })

  promise('what is not there is reported as missing', async (store) => {
    const { handle } = object('snapshots', 10)
    for (const missing of [handle, { type: 'config', name: '' } as const]) {
      await assert.rejects(store.read(missing), ObjectNotFoundError)
      await assert.rejects(store.stat(missing), ObjectNotFoundError)
    }
  })

  promise('writing the same again succeeds, writing something else does not', async (store) => {
    const config = { type: 'config', name: '' } as const
    await store.write(config, Buffer.from('first'))
    await store.write(config, Buffer.from('first'))
    await assert.rejects(store.write(config, Buffer.from('second')), ObjectExistsError)
    assert.equal(Buffer.from(await store.read(config)).toString(), 'first')
  })

  promise('a list holds exactly what is there, by type', async (store) => {
    assert.deepEqual(await Array.fromAsync(store.list('data')), [])
    const objects = [object('data', 1), object('data', 2), object('keys', 3)]
    for (const { handle, content } of objects) await store.write(handle, content)
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    assert.deepEqual(
      (await Array.fromAsync(store.list('data'))).toSorted(byName),
      objects
        .slice(0, 2)
        .map(({ handle, content }) => ({ name: handle.name, bytes: content.length }))
        .toSorted(byName),
    )
    assert.equal((await Array.fromAsync(store.list('keys'))).length, 1)
    assert.equal((await Array.fromAsync(store.list('locks'))).length, 0)
  })

  promise('removing takes an object away, and removing it again does no harm', async (store) => {
    const { handle, content } = object('locks', 50)
    await store.write(handle, content)
    await store.remove(handle)
    await store.remove(handle)
    await assert.rejects(store.read(handle), ObjectNotFoundError)
    assert.deepEqual(await Array.fromAsync(store.list('locks')), [])
    await store.write(handle, content)
    assert.equal((await store.stat(handle)).bytes, 50)
  })

  promise('many writes at once all arrive', async (store) => {
    const objects = Array.from({ length: 40 }, (_, i) => object('data', 1000 + i))
    await Promise.all(objects.map(({ handle, content }) => store.write(handle, content)))
    assert.equal((await Array.fromAsync(store.list('data'))).length, 40)
    await Promise.all(
      objects.map(async ({ handle, content }) => {
        assert.deepEqual(Buffer.from(await store.read(handle)), content)
      }),
    )
  })
}

function object(type: ObjectHandle['type'], bytes: number): { handle: ObjectHandle; content: Buffer } {
  const content = randomBytes(bytes)
  return { handle: { type, name: hash('sha256', content) }, content }
}
