import assert from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ClientWithSecret } from '@granary/contract'
import { type SampleObject, sampleObject } from './sample-object.ts'
import { within } from './within.ts'
import type { World } from './world.ts'

export interface CrashTrialOptions {
  /** How many machines upload and remove at the same time. */
  readonly connections: number
  /** The kill comes at a random moment up to this many milliseconds after the first upload. */
  readonly killWithinMs: number
  /** Tells the objects of one trial from those of another. */
  readonly seed: string
}

export interface CrashTrialResult {
  readonly acknowledgedUploads: number
  readonly acknowledgedRemovals: number
  /** Requests whose answer the kill swallowed. */
  readonly unanswered: number
}

/** What was promised about an object when the server died. */
type Promised = 'stored' | 'removed' | 'unknown'

/**
 * Kills the server with SIGKILL amid uploads and removals, starts it again, and holds it to what it had
 * acknowledged: stored objects are there with the right content, removed ones are gone, one of unknown fate is
 * there whole or not at all, and ledger, listing and disk agree.
 * @throws {AssertionError} when the server broke its word
 */
export async function crashTrial(
  world: World,
  client: ClientWithSecret,
  options: CrashTrialOptions,
): Promise<CrashTrialResult> {
  const promises = new Map<SampleObject, Promised>()
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const machines = Array.from({ length: options.connections }, (_, machine) =>
    workUntilKilled(world, client, agent, promises, `${options.seed} ${machine}`),
  )
  await pause(randomInt(options.killWithinMs))
  await world.killHard()
  const counts = await Promise.all(machines)
  agent.destroy()
  await world.restart()
  for (const [object, promised] of promises) await assertKept(world, client, object, promised)
  // The reconciler may still be at it when the server already answers.
  await within(5000, () => assertLedgerEqualsDisk(world, client))
  return {
    acknowledgedUploads: counts.reduce((sum, count) => sum + count.uploads, 0),
    acknowledgedRemovals: counts.reduce((sum, count) => sum + count.removals, 0),
    unanswered: [...promises.values()].filter((promised) => promised === 'unknown').length,
  }
}

async function workUntilKilled(
  world: World,
  client: ClientWithSecret,
  agent: Agent,
  promises: Map<SampleObject, Promised>,
  seed: string,
): Promise<{ uploads: number; removals: number }> {
  const counts = { uploads: 0, removals: 0 }
  for (let i = 0; ; i++) {
    const object = sampleObject(
      randomInt(4) === 0 ? randomInt(1_000_000) : randomInt(1, 10_000),
      `${seed} ${i}`,
    )
    promises.set(object, 'unknown')
    const stored = await answerUnlessKilled(
      world.vault(client, object.place, { method: 'POST', body: object.content, agent }),
    )
    if (!stored) return counts
    assert.equal(stored.status, 200, stored.body.toString())
    promises.set(object, 'stored')
    counts.uploads += 1
    if (randomInt(6) > 0) continue

    promises.set(object, 'unknown')
    const removed = await answerUnlessKilled(world.vault(client, object.place, { method: 'DELETE', agent }))
    if (!removed) return counts
    assert.equal(removed.status, 200, removed.body.toString())
    promises.set(object, 'removed')
    counts.removals += 1
  }
}

async function answerUnlessKilled<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code)) return undefined
    throw error
  }
}

async function assertKept(world: World, client: ClientWithSecret, object: SampleObject, promised: Promised) {
  const { status, body } = await world.vault(client, object.place, { method: 'GET' })
  const possible = { stored: [200], removed: [404], unknown: [200, 404] }[promised]
  assert.ok(possible.includes(status), `${object.place} was promised ${promised} and answers ${status}`)
  if (status === 200) {
    const name = createHash('sha256').update(body).digest('hex')
    assert.equal(name, object.name, `${object.place} came back with other content`)
  }
}

async function assertLedgerEqualsDisk(world: World, client: ClientWithSecret): Promise<void> {
  const onDisk = await world.vaultOnDisk(client)
  assert.deepEqual(onDisk.strays, [])
  assert.deepEqual(await world.incomingFiles(), [])
  const listed = await world.vault(client, 'data/', { method: 'GET' })
  const names = (JSON.parse(listed.body.toString()) as string[]).map((name) => `data/${name}`)
  const files = onDisk.files.map((file) => file.object).filter((object) => object.startsWith('data/'))
  assert.deepEqual(names.sort(), files.sort())
  const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  assert.equal(space.usedBytes, onDisk.bytes)
}
