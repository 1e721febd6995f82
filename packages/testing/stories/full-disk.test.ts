import assert from 'node:assert/strict'
import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { mountSmallDisk } from '../src/small-disk.ts'
import { within } from '../src/within.ts'
import { ApiProblemError, startWorld } from '../src/world.ts'

const mebibyte = 1024 * 1024

test('a full disk is answered with 507, loses nothing, and is over when room returns', async () => {
  await using disk = await mountSmallDisk(48 * mebibyte)
  await using world = await startWorld({ dataDir: disk.path, workers: 2 })
  const client = await world.client(await world.customer())
  await world.vault(client, '?create=true', { method: 'POST' })
  const upload = (object: { place: string; content: Buffer }) =>
    world.vault(client, object.place, { method: 'POST', body: object.content })

  // Large objects first, then ever smaller ones, until neither an object nor a ledger row finds room.
  const stored = []
  for (const bytes of [2 * mebibyte, 200_000, 20_000, 1000]) {
    for (let i = 0, refusals = 0; refusals < 5; i++) {
      assert.ok(i < 10_000, 'the disk never filled up')
      const object = sampleObject(bytes, `${bytes} ${i}`)
      const answer = await upload(object)
      if (answer.status === 200) stored.push(object)
      else {
        assert.equal(answer.status, 507, answer.body.toString())
        assert.equal(JSON.parse(answer.body.toString()).code, 'storage-full')
        refusals += 1
      }
    }
  }
  assert.ok(stored.length > 10)
  const tooLate = await Promise.all(
    Array.from({ length: 8 }, (_, i) => upload(sampleObject(mebibyte, `crowd ${i}`))),
  )
  assert.deepEqual(
    tooLate.map((answer) => answer.status),
    Array(8).fill(507),
  )
  for (const object of stored) {
    assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
  }

  // What else lies on the disk takes the rest: nothing can be written down then, and whoever asks is told why.
  const ballast = await fillWholly(disk.path)
  const [removed, read] = stored
  assert.ok(removed && read)
  const change = () => world.api('PATCH', `/api/v1/clients/${client.id}`, { appendOnly: false })
  await assert.rejects(
    async () => {
      for (;;) await change()
    },
    (error) => error instanceof ApiProblemError && error.problem.code === 'storage-full',
  )
  const refused = await world.vault(client, removed.place, { method: 'DELETE' })
  assert.equal(JSON.parse(refused.body.toString()).code, 'storage-full')
  assert.deepEqual((await world.vault(client, read.place, { method: 'GET' })).body, read.content)
  await rm(ballast)
  await change()
  assert.equal((await world.vault(client, removed.place, { method: 'DELETE' })).status, 200)
  stored.shift()

  await disk.resize(96 * mebibyte)
  const after = sampleObject(2 * mebibyte, 'after')
  await within(2000, async () => assert.equal((await upload(after)).status, 200))
  stored.push(after)
  await within(2000, async () => {
    const onDisk = await world.vaultOnDisk(client)
    const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
    assert.deepEqual(onDisk.strays, [])
    assert.deepEqual(await world.incomingFiles(), [])
    assert.equal(onDisk.files.length, stored.length)
    assert.equal(space.usedBytes, onDisk.bytes)
  })
  await world.restart()
  for (const object of stored) {
    assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
  }
})

/** Leaves not a block of a disk. @returns the file that takes them */
async function fillWholly(folder: string): Promise<string> {
  const file = path.join(folder, 'something-else')
  await using handle = await open(file, 'w')
  const block = Buffer.alloc(4096)
  for (;;) {
    try {
      await handle.writeFile(block)
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      return file
    }
  }
}
