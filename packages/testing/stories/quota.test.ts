import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { Client, ClientWithSecret, ResellerDetails } from '@granary/contract'
import { rawRequest } from '../src/raw-request.ts'
import { type SampleObject, sampleObject } from '../src/sample-object.ts'
import { noise, temporaryFolder } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

const limit = { space: { allottedBytes: 1_000_000 } }

/** A client under a limit at one of the three levels, the others unlimited. */
const levels = {
  client: async (world: World) => world.client(await world.customer(), limit),
  customer: async (world: World) => world.client(await world.customer(limit)),
  reseller: async (world: World) => {
    const body = { name: `Limited ${randomUUID()}`, ...limit }
    const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', body)
    return world.client(await world.customer({ reseller: reseller.id }))
  },
} as const

const usedBytes = async (world: World, client: ClientWithSecret) =>
  (await world.api<Client>('GET', `/api/v1/clients/${client.id}`)).space.usedBytes

for (const [level, limitedClient] of Object.entries(levels)) {
  test(`an upload past the limit of its ${level} is refused before its body, and fits again after a removal`, async () => {
    await using world = await startWorld({ workers: 1 })
    const client = await limitedClient(world)
    const post = (body: Buffer | Readable) => ({ method: 'POST', body })
    const [first, exact, more] = [600_000, 400_000, 1].map((bytes) => sampleObject(bytes, `of ${bytes}`))
    assert.ok(first && exact && more)
    assert.equal((await world.vault(client, first.place, post(first.content))).status, 200)

    const tooLarge = sampleObject(400_001, 'too large')
    const refused = await world.vault(client, tooLarge.place, post(tooLarge.content))
    assert.equal(refused.status, 507)
    const problem = JSON.parse(refused.body.toString())
    assert.equal(problem.code, 'quota-exceeded')
    assert.deepEqual(
      [problem.limitBytes, problem.usedBytes, problem.requestedBytes],
      level === 'reseller' ? [undefined, undefined, 400_001] : [1_000_000, 600_000, 400_001],
    )
    const announced = await announce(client, tooLarge.place, 50_000_000)
    assert.equal(announced, 507, 'refused while no byte of the body has been sent')
    assert.equal(await usedBytes(world, client), 600_000)

    assert.equal((await world.vault(client, exact.place, post(exact.content))).status, 200)
    assert.equal((await world.vault(client, more.place, post(more.content))).status, 507)
    assert.equal(await usedBytes(world, client), 1_000_000)
    // Reading, the same again and removing need no room.
    assert.deepEqual((await world.vault(client, exact.place, { method: 'GET' })).body, exact.content)
    assert.equal((await world.vault(client, first.place, { method: 'DELETE' })).status, 200)
    assert.equal(await usedBytes(world, client), 400_000)
    assert.equal((await world.vault(client, more.place, post(more.content))).status, 200)
    await within(5000, async () => assert.equal(await world.usedBytesOnDisk(client), 400_001))
  })

  test(`an upload of unknown length is cut at the limit of its ${level}`, async () => {
    await using world = await startWorld({ workers: 1 })
    const client = await limitedClient(world)
    const tooLarge = sampleObject(5_000_000, 'endless')
    const chunks = Readable.from(
      Array.from({ length: 100 }, (_, i) => tooLarge.content.subarray(i * 50_000, (i + 1) * 50_000)),
    )
    const refused = await world.vault(client, tooLarge.place, { method: 'POST', body: chunks })
    assert.equal(refused.status, 507)
    await within(2000, async () => {
      assert.deepEqual((await world.vaultOnDisk(client)).strays, [])
      assert.deepEqual(await world.incomingFiles(), [])
      assert.equal(await world.usedBytesOnDisk(client), 0)
    })
    assert.equal(await usedBytes(world, client), 0)
    const fits = sampleObject(1_000_000, 'fits exactly')
    const answer = await world.vault(client, fits.place, {
      method: 'POST',
      body: Readable.from([fits.content]),
    })
    assert.equal(answer.status, 200)
    assert.equal(await usedBytes(world, client), 1_000_000)
  })

  test(`many uploads at once never pass the limit of their ${level}, of known length or not`, async () => {
    await using world = await startWorld({ workers: 2 })
    for (const isLengthKnown of [true, false, true, false, false]) {
      const client = await limitedClient(world)
      const upload = ({ place, content }: SampleObject) =>
        world.vault(client, place, {
          method: 'POST',
          body: isLengthKnown ? content : Readable.from([content]),
        })
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => upload(sampleObject(90_000, `crowd ${i}`))),
      )
      const stored = answers.filter((answer) => answer.status === 200).length
      assert.deepEqual([...new Set(answers.map((answer) => answer.status))].sort(), [200, 507])
      // Uploads that failed may have held room while they ran; none may have held it beyond.
      assert.ok(stored <= 11, `${stored} were stored`)
      assert.equal(await usedBytes(world, client), stored * 90_000)
      assert.equal(await world.usedBytesOnDisk(client), stored * 90_000)
      for (let left = 11 - stored; left > 0; left--) {
        assert.equal((await upload(sampleObject(90_000, `late ${left}`))).status, 200)
      }
      assert.equal(await usedBytes(world, client), 990_000)
    }
  })
}

test('a full client can still lock, read and remove; restic prunes its way out', async () => {
  await using world = await startWorld({ workers: 1 })
  await using files = await temporaryFolder('files')
  const client = await world.client(await world.customer())
  await world.restic(client, ['init'])
  await writeFile(path.join(files.path, 'large'), noise(3_000_000, 'large'))
  await world.restic(client, ['backup', '.'], { cwd: files.path })
  await writeFile(path.join(files.path, 'large'), noise(3_000_000, 'another'))
  await world.restic(client, ['backup', '.'], { cwd: files.path })
  const full = await usedBytes(world, client)
  await world.api('PATCH', `/api/v1/clients/${client.id}`, { space: { allottedBytes: full - 1 } })
  await writeFile(path.join(files.path, 'large'), noise(3_000_000, 'a third'))
  await assert.rejects(world.restic(client, ['backup', '.'], { cwd: files.path }), /507/)
  await world.restic(client, ['check', '--read-data'])
  await world.restic(client, ['forget', '--keep-last', '1', '--prune'])
  assert.ok((await usedBytes(world, client)) < full - 2_500_000)
  await world.api('PATCH', `/api/v1/clients/${client.id}`, { space: { allottedBytes: full + 100_000 } })
  await world.restic(client, ['backup', '.'], { cwd: files.path })
})

test('a client without any room can lock, and store no backup', async () => {
  await using world = await startWorld({ workers: 1 })
  const client = await world.client(await world.customer(), { space: { allottedBytes: 0 } })
  // Not `index`: pruning has to write one before it can remove anything.
  for (const type of ['data', 'keys', 'snapshots', 'locks'] as const) {
    const { place, content } = sampleObject(100, 'over', type)
    const answer = await world.vault(client, place, { method: 'POST', body: content })
    assert.equal(answer.status, type === 'locks' ? 200 : 507, type)
  }
})

/** Announces a body and sends none of it. @returns the status answered all the same */
async function announce(client: ClientWithSecret, place: string, bytes: number): Promise<number> {
  const { origin, pathname } = new URL(client.vaultUrl)
  const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.secret}`).toString('base64')}`
  const never = new Readable({ read() {} })
  const answer = await rawRequest(origin, `${pathname}${place}`, {
    method: 'POST',
    headers: { authorization, 'content-length': String(bytes) },
    body: never,
    signal: AbortSignal.timeout(5000),
  })
  never.destroy()
  return answer.status
}
