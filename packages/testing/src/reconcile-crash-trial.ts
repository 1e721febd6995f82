import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientWithSecret } from '@granary/contract'
import { granaryEnvironment, granaryProgram } from './granary-process.ts'
import { removeOnExit } from './leave-nothing-behind.ts'
import { type SampleObject, sampleObject } from './sample-object.ts'
import { assertAccountsAreSums, assertLedgerAndDiskAgree } from './undelete-crash-trial.ts'
import { within } from './within.ts'
import type { World } from './world.ts'

const objectsPerTrial = 12
/** Of each kind: lost files, files cut short, files that no row knows, accounts */
const damagesOfAKind = 4
const patienceMs = 30_000

/**
 * Spoils a vault behind the server's back (files are gone, cut short or unknown to the ledger, an account is wrong), and
 * kills `granary reconcile --repair` with SIGKILL after a random one of its repairs; lets it run once more to its end,
 * and holds it to what has to come of it: nothing differs any more, and every object has its bytes.
 * @throws {AssertionError} when anything differs
 */
export async function reconcileCrashTrial(
  world: World,
  client: ClientWithSecret,
  { seed }: { seed: string },
): Promise<void> {
  const objects = Array.from({ length: objectsPerTrial }, (_, i) => sampleObject(20_000 + i, `${seed} ${i}`))
  for (const { place, content } of objects)
    assert.equal((await world.vault(client, place, { method: 'POST', body: content })).status, 200)
  const copies = path.join(world.dataFolder, 'copies')
  const vaults = path.join(world.dataFolder, 'objects', 'vaults')
  await world.stop()
  await rm(copies, { recursive: true, force: true })
  await cp(vaults, path.join(copies, 'vaults'), { recursive: true })
  const strays = await spoil(world, client, objects, seed)

  const env = { GRANARY_COPIES: copies }
  await killedAmidRepairs(world, env, randomInt(damagesOfAKind * 3 + 2))
  await world.granary(['reconcile', '--repair'], env)
  const { stdout } = await world.granary(['reconcile', '--json'], env)
  assert.deepEqual(JSON.parse(stdout), { differences: [], strangeVaults: [] })
  await world.restart()
  for (const { place, content } of [...objects, ...strays])
    assert.deepEqual((await world.vault(client, place, { method: 'GET' })).body, content, place)
  await within(patienceMs, () => assertLedgerAndDiskAgree(world, client))
  await assertAccountsAreSums(world)
}

/** @returns the objects that lie there now without a row */
async function spoil(
  world: World,
  client: ClientWithSecret,
  objects: readonly SampleObject[],
  seed: string,
): Promise<SampleObject[]> {
  const [row] = await world.query<{ vault_no: number }>(
    `select vault_no from clients where id = '${client.id}'`,
  )
  const folder = `${String(row?.vault_no).padStart(6, '0')}-${client.clientId}`
  const fileOf = ({ name }: SampleObject) =>
    path.join(world.dataFolder, 'objects', 'vaults', folder, 'data', name.slice(0, 2), name)
  for (const object of objects.slice(0, damagesOfAKind)) await rm(fileOf(object))
  for (const object of objects.slice(damagesOfAKind, damagesOfAKind * 2))
    await writeFile(fileOf(object), 'cut short')
  const strays = Array.from({ length: damagesOfAKind }, (_, i) =>
    sampleObject(30_000 + i, `${seed} stray ${i}`),
  )
  for (const stray of strays) {
    await mkdir(path.dirname(fileOf(stray)), { recursive: true })
    await writeFile(fileOf(stray), stray.content)
  }
  await world.change(`update space set used_bytes = used_bytes + 7 where owner_id in (
    '${client.id}', (select customer_id from clients where id = '${client.id}'),
    (select u.reseller_id from clients c join customers u on u.id = c.customer_id where c.id = '${client.id}'))`)
  return strays
}

/** Kills it a moment after it has told of so many repairs. */
async function killedAmidRepairs(world: World, env: NodeJS.ProcessEnv, repairs: number): Promise<void> {
  const { dataFolder, databaseUrl } = world
  const listen = new URL(world.url).host
  const settings = { dataFolder, listen, ...(databaseUrl && { databaseUrl }) }
  const running = spawn(process.execPath, [granaryProgram, 'reconcile', '--repair'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...granaryEnvironment(settings), ...env },
  })
  const isGone = removeOnExit({ ...(running.pid && { processId: running.pid }) })
  const ended = once(running, 'close')
  let told = 0
  for await (const _ of createInterface({ input: running.stdout })) {
    told += 1
    if (told <= repairs) continue
    await pause(randomInt(20))
    running.kill('SIGKILL')
  }
  await ended
  isGone()
}
