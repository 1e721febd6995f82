import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { test } from 'node:test'
import type { ClientWithSecret, CustomerDetails, ResellerDetails } from '@granary/contract'
import { sampleObject } from '../src/sample-object.ts'
import { describeTree, fillSampleTree, temporaryFolder } from '../src/sample-tree.ts'
import { within } from '../src/within.ts'
import { startWorld, type World } from '../src/world.ts'

interface Family {
  reseller: ResellerDetails
  customer: CustomerDetails
  client: ClientWithSecret
}

async function family(world: World): Promise<Family> {
  const reseller = await world.api<ResellerDetails>('POST', '/api/v1/resellers', { name: 'A reseller' })
  const customer = await world.customer({ reseller: reseller.id })
  return { reseller, customer, client: await world.client(customer) }
}

for (const level of ['client', 'customer', 'reseller'] as const) {
  test(`a machine whose ${level} is deactivated cannot back up, and can still restore`, async () => {
    await using world = await startWorld({ workers: 2 })
    await using files = await temporaryFolder('files')
    await using target = await temporaryFolder('restored')
    const tenants = await family(world)
    const { client } = tenants
    const setState = (action: string) => world.api('POST', `/api/v1/${level}s/${tenants[level].id}/${action}`)
    await fillSampleTree(files.path, level)
    await world.restic(client, ['init'])
    await world.restic(client, ['backup', '.'], { cwd: files.path })

    await setState('deactivate')
    const object = sampleObject(1000, 'late')
    await within(1000, async () => {
      const refused = await world.vault(client, object.place, { method: 'POST', body: object.content })
      assert.equal(refused.status, 403)
      assert.equal(JSON.parse(refused.body.toString()).code, `${level}-deactivated`)
    })
    await assert.rejects(world.restic(client, ['backup', '--force', '.'], { cwd: files.path }), /403/)
    await world.restic(client, ['restore', 'latest', '--target', target.path])
    assert.deepEqual(await describeTree(target.path), await describeTree(files.path))
    const { stdout } = await world.restic(client, ['snapshots', '--json'])
    assert.equal(JSON.parse(stdout).length, 1)
    assert.deepEqual(JSON.parse((await world.vault(client, 'locks/', { method: 'GET' })).body.toString()), [])

    await setState('activate')
    await within(1000, async () => {
      const answer = await world.vault(client, object.place, { method: 'POST', body: object.content })
      assert.equal(answer.status, 200)
    })
  })
}

test('deactivation takes effect in every server process within a second, on connections that stay open', async () => {
  await using world = await startWorld({ workers: 2 })
  const { customer, client } = await family(world)
  await world.vault(client, '?create=true', { method: 'POST' })
  let deactivatedAt = Number.POSITIVE_INFINITY
  let acceptedLateMs = 0
  const statuses: number[][] = []
  const machines = Array.from({ length: 6 }, async (_, machine) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const seen: number[] = []
    statuses.push(seen)
    for (let i = 0; performance.now() < deactivatedAt + 1500; i++) {
      const { place, content } = sampleObject(100, `${machine} ${i}`)
      const askedAt = performance.now()
      const { status } = await world.vault(client, place, { method: 'POST', body: content, agent })
      seen.push(status)
      if (status === 200) acceptedLateMs = Math.max(acceptedLateMs, askedAt - deactivatedAt)
    }
    agent.destroy()
  })
  await within(5000, async () => assert.ok(statuses.every((seen) => seen.includes(200))))
  await world.api('POST', `/api/v1/customers/${customer.id}/deactivate`)
  deactivatedAt = performance.now()
  await Promise.all(machines)
  for (const seen of statuses) assert.equal(seen.at(-1), 403)
  assert.ok(acceptedLateMs < 1000, `still accepted ${acceptedLateMs} ms later`)
})
