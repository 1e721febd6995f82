import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { MemoryStore, type ObjectHandle, type ObjectStore, objectTypes } from '@granary/object-store'
import { noise, prose } from '@granary/testing'
import fc from 'fast-check'
import { encodeTree, type TreeNode } from './format/tree.ts'
import { encodeIndexFile } from './index/index-file.ts'
import { backup } from './operations/backup/backup.ts'
import { nodePrimitives } from './primitives/node-primitives.ts'
import type { Primitives } from './primitives/primitives.ts'
import { Repository } from './repository.ts'
import { RepositoryProblem } from './repository-problem.ts'
import { engineWorld } from './test-world/engine-world.ts'

const password = 'a password'
const owner = { username: 'tester', hostname: 'test' }

/** A small repository in memory, as restic would have left it. */
async function smallRepository(): Promise<ObjectStore> {
  await using world = await engineWorld()
  const source = `${world.folder}/source`
  await mkdir(`${source}/folder`, { recursive: true })
  await writeFile(`${source}/text`, prose(20_000, 'hostile'))
  await writeFile(`${source}/folder/noise`, noise(20_000, 'hostile'))
  const store = new MemoryStore()
  const repository = await Repository.init(store, { password, primitives: nodePrimitives, owner })
  await backup(repository, { targets: ['source'], workingFolder: world.folder })
  return store
}

/** A copy of a store, in which one object is another one. */
async function withObject(
  store: ObjectStore,
  handle: ObjectHandle,
  content: Uint8Array,
): Promise<ObjectStore> {
  const copy = new MemoryStore()
  for (const type of objectTypes) {
    for await (const { name } of store.list(type)) {
      const isChanged = type === handle.type && name === handle.name
      await copy.write({ type, name }, isChanged ? content : await store.read({ type, name }))
    }
  }
  return copy
}

// The same key file is opened again and again; deriving its key anew would take most of the test's time.
const derived = new Map<string, Promise<Uint8Array>>()
const rememberingPrimitives: Primitives = {
  ...nodePrimitives,
  scrypt(secret, salt, cost, lengthBytes) {
    const key = JSON.stringify([secret, salt.toHex(), cost.N, cost.r, cost.p, lengthBytes])
    const known = derived.get(key) ?? nodePrimitives.scrypt(secret, salt, cost, lengthBytes)
    derived.set(key, known)
    return known
  },
}

/** Everything that can be read, as one text: two stores with the same text hold the same. */
async function readEverything(store: ObjectStore): Promise<string> {
  const repository = await Repository.open(store, { password, primitives: rememberingPrimitives })
  await repository.loadIndex()
  const seen: string[] = []
  const walk = async (tree: string): Promise<void> => {
    for (const node of await repository.loadTree(tree)) {
      seen.push(node.name)
      for (const id of node.content ?? []) seen.push((await repository.loadBlob('data', id)).toHex())
      if (node.subtree) await walk(node.subtree)
    }
  }
  for await (const { snapshot } of repository.snapshots()) await walk(snapshot.tree)
  for await (const { name, bytes } of store.list('data')) {
    seen.push(JSON.stringify(await repository.readPackHeader(name, bytes)))
  }
  return seen.join('\n')
}

test('whatever bit of whatever file is flipped, and wherever it is cut: the same content, or an error that names the file', async () => {
  const store = await smallRepository()
  const good = await readEverything(store)
  const handles: ObjectHandle[] = []
  for (const type of objectTypes) {
    for await (const { name } of store.list(type)) handles.push({ type, name })
  }
  const damage = fc.record({
    handle: fc.constantFrom(...handles),
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    kind: fc.constantFrom('flip', 'cut', 'grow', 'empty'),
    bit: fc.nat(7),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ handle, place, kind, bit }) => {
      const content = Buffer.from(await store.read(handle))
      const at = Math.floor(place * content.length)
      if (kind === 'flip') content[at] = (content[at] ?? 0) ^ (1 << bit)
      const changed = {
        flip: content,
        cut: content.subarray(0, at),
        grow: Buffer.concat([content, content.subarray(0, 1 + bit)]),
        empty: Buffer.alloc(0),
      }[kind]
      try {
        assert.equal(await readEverything(await withObject(store, handle, changed)), good)
      } catch (error) {
        assert.ok(error instanceof RepositoryProblem, `${kind} in ${handle.type}: ${error}`)
        // A key that no longer fits is, to whoever has the password, a wrong password.
        const names = handle.type === 'keys' ? /keys|password/ : new RegExp(handle.name || 'config')
        assert.match(error.message, names)
        assert.ok(error.advice.length > 0)
      }
    }),
    { numRuns: 120 },
  )
})

async function emptyRepository(): Promise<Repository> {
  const repository = await Repository.init(new MemoryStore(), { password, primitives: nodePrimitives, owner })
  await repository.loadIndex()
  return repository
}

const problem = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof RepositoryProblem && error.code === code && message.test(error.message)

test('an index that lies about places, lengths and types leads to errors, never to other content', async () => {
  const repository = await emptyRepository()
  const writer = repository.startWriting()
  const { id } = await writer.save('data', prose(5000, 'lies'))
  await writer.flush()
  const honest = repository.index.get('data', id)
  assert.ok(honest)
  const lies = [
    { offset: 4_000_000_000 },
    { lengthBytes: 4_294_967_295 },
    { lengthBytes: 0 },
    { lengthBytes: 31 },
    { uncompressedBytes: 4_294_967_295 },
    { uncompressedBytes: 1 },
    { offset: 1 },
    { id: 'ab'.repeat(32) },
  ]
  for (const lie of lies) {
    const blob = { ...honest, ...lie }
    for await (const { name } of repository.store.list('index'))
      await repository.removeUnpacked('index', name)
    await repository.saveUnpacked('index', encodeIndexFile([{ id: honest.packId, blobs: [blob] }]))
    const lied = await Repository.open(repository.store, { password, primitives: nodePrimitives })
    await lied.loadIndex()
    await assert.rejects(lied.loadBlob('data', blob.id), problem('damaged-pack', new RegExp(honest.packId)))
    await assert.rejects(lied.loadBlob('tree', blob.id), problem('missing-blob', /no index lists/))
  }
})

test('a blob that would burst on decompression is refused before it takes memory', async () => {
  const repository = await emptyRepository()
  const bomb = new Uint8Array(64 * 1024 * 1024)
  const frame = new Uint8Array(1024 * 1024)
  const frameBytes = nodePrimitives.zstdCompress(bomb, 3, frame)
  const writer = repository.startWriting()
  const id = nodePrimitives.sha256Hex(bomb)
  await writer.saveSealed('data', id, repository.cipher.seal(frame.subarray(0, frameBytes)), 1000)
  await writer.flush()
  const before = process.memoryUsage().arrayBuffers
  await assert.rejects(repository.loadBlob('data', id), problem('damaged-pack', /decompressed/))
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024)
})

test('keys that demand absurd work, and configs from the future, are refused', async () => {
  const repository = await emptyRepository()
  const { store } = repository
  for (const change of [
    { N: 2 ** 30 },
    { r: 2 ** 20 },
    { p: 2 ** 30 },
    { N: 3 },
    { kdf: 'none' },
    { salt: 'AAAA' },
  ]) {
    for await (const { name } of store.list('keys')) {
      const file = JSON.parse(Buffer.from(await store.read({ type: 'keys', name })).toString())
      const changed = await withObject(
        store,
        { type: 'keys', name },
        Buffer.from(JSON.stringify({ ...file, ...change })),
      )
      const opening = Repository.open(changed, { password, primitives: nodePrimitives })
      await assert.rejects(opening, problem('damaged-key', new RegExp(name)))
    }
  }
  const configs: [object, string][] = [
    [{ version: 3, id: 'x', chunker_polynomial: '3da3358b4dc173' }, 'unsupported-version'],
    [{ version: 2, id: 'x', chunker_polynomial: '7' }, 'reducible-polynomial'],
    [{ version: 2 }, 'damaged-config'],
  ]
  for (const [config, code] of configs) {
    const sealed = repository.cipher.seal(Buffer.from(JSON.stringify(config)))
    const changed = await withObject(store, { type: 'config', name: '' }, sealed)
    await assert.rejects(
      Repository.open(changed, { password, primitives: nodePrimitives }),
      problem(code, /config|version/),
    )
  }
  await assert.rejects(
    Repository.open(store, { password: 'another', primitives: nodePrimitives }),
    (error) => error instanceof RepositoryProblem && error.code === 'wrong-password' && error.exitCode === 12,
  )
  await assert.rejects(
    Repository.open(new MemoryStore(), { password, primitives: nodePrimitives }),
    (error) => error instanceof RepositoryProblem && error.exitCode === 10,
  )
})

test('a tree of a hundred thousand entries is read', async () => {
  const repository = await emptyRepository()
  const time = '2024-01-01T00:00:00Z'
  const nodes = Array.from({ length: 100_000 }, (_, i): TreeNode => {
    const name = i.toString().padStart(6, '0')
    return {
      name,
      type: 'file',
      mode: 0o644,
      mtime: time,
      atime: time,
      ctime: time,
      uid: 0,
      gid: 0,
      content: [],
    }
  })
  const writer = repository.startWriting()
  const { id } = await writer.save('tree', encodeTree(nodes))
  await writer.flush()
  assert.equal((await repository.loadTree(id)).length, 100_000)
})
