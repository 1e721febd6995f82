import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ClientWithSecret, CustomerDetails, Deletion, List, Undeletion } from '@granary/contract'
import { type SampleObject, sampleObject } from './sample-object.ts'
import { within } from './within.ts'
import { ApiProblemError, type World } from './world.ts'

/** What is under way when the server is killed. */
export const undeleteTrials = ['keep', 'remove', 'purge', 'client', 'move'] as const
export type UndeleteTrial = (typeof undeleteTrials)[number]

const objectsPerTrial = 40
const patienceMs = 30_000

/**
 * Kills the server with SIGKILL at a random moment while a vault is plundered and put back, an entry of the trash is
 * purged, a client is deleted and undeleted, or moves between customers while it is plundered and put back; starts it
 * again, and holds it to what has to come of it: the vault is as it was, ledger and disk agree in vault and trash,
 * every account is the sum of what is below it, and nothing is half done.
 * @throws {AssertionError} when anything differs
 */
export async function undeleteCrashTrial(
  world: World,
  client: ClientWithSecret,
  options: { trial: UndeleteTrial; seed: string; killWithinMs: number },
): Promise<void> {
  const { trial, seed } = options
  // What it does looks like an attack, and frozen trash can't be purged.
  await world.api('PATCH', '/api/v1/protection', { warningSensitivity: 'off' })
  const objects = Array.from({ length: objectsPerTrial }, (_, i) => trialObject(`${seed} ${i}`, i))
  await Promise.all(objects.map((object) => store(world, client, object)))
  const before = await placesOf(world, client)
  await pause(3)
  const moment = Date.now()
  await pause(3)

  const dying = new AbortController()
  const other = trial === 'move' ? await world.customer({ name: `Customer of ${seed}` }) : undefined
  const working = work(world, client, objects, { trial, moment, seed, other, signal: dying.signal })
  await pause(randomInt(options.killWithinMs))
  dying.abort()
  await world.killHard()
  await working
  await world.restart()

  if (trial === 'client') await bringBack(world, client)
  else await putBack(world, client, moment, trial)
  await within(patienceMs, () => assertNothingHalfDone(world))
  const after = await placesOf(world, client)
  if (trial === 'keep') for (const place of before) assert.ok(after.has(place), `${place} is back`)
  else assert.deepEqual(after, before)
  for (const { place, content } of objects)
    assert.deepEqual((await world.vault(client, place, { method: 'GET' })).body, content, place)
  await within(patienceMs, () => assertLedgerAndDiskAgree(world, client))
  await assertAccountsAreSums(world)
}

/** What goes on until the server dies, which ends it without a word. */
async function work(
  world: World,
  client: ClientWithSecret,
  objects: readonly SampleObject[],
  {
    trial,
    moment,
    seed,
    other,
    signal,
  }: {
    trial: UndeleteTrial
    moment: number
    seed: string
    other: CustomerDetails | undefined
    signal: AbortSignal
  },
): Promise<void> {
  try {
    if (trial === 'client') {
      await world.api('DELETE', `/api/v1/clients/${client.id}`)
      await undeleteNewest(world)
      return
    }
    await Promise.all([
      other && moveToAndFro(world, client, other, signal),
      plunderAndPutBack(world, client, objects, { trial, moment, seed, signal }),
    ])
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined && message !== 'fetch failed') throw error
  }
}

async function plunderAndPutBack(
  world: World,
  client: ClientWithSecret,
  objects: readonly SampleObject[],
  {
    trial,
    moment,
    seed,
    signal,
  }: { trial: UndeleteTrial; moment: number; seed: string; signal: AbortSignal },
): Promise<void> {
  const flood = Array.from({ length: 10 }, (_, i) => trialObject(`${seed} flood ${i}`, i))
  await Promise.all([
    ...objects.map(({ place }) => world.vault(client, place, { method: 'DELETE' })),
    ...flood.map((object) => store(world, client, object)),
  ])
  const body = { moment, added: addedOf(trial) }
  await world.api('POST', `/api/v1/clients/${client.id}/put-back`, body)
  if (trial !== 'purge') return
  await untilUndeleted(world, signal)
  if (!signal.aborted) await purgeTakenOut(world, signal)
}

function addedOf(trial: UndeleteTrial): 'keep' | 'remove' {
  return trial === 'keep' ? 'keep' : 'remove'
}

async function moveToAndFro(
  world: World,
  client: ClientWithSecret,
  other: CustomerDetails,
  signal: AbortSignal,
): Promise<void> {
  const { customer } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  let to = other.id
  while (!signal.aborted) {
    try {
      await world.api('POST', `/api/v1/clients/${client.id}/move`, { customer: to })
      to = to === other.id ? customer.id : other.id
    } catch (error) {
      // It stays where it is while something comes back into its vault.
      if (!(error instanceof ApiProblemError) || error.problem.code !== 'undelete-running') throw error
      await pause(3)
    }
  }
}

/** Asks once more where the kill came before the asking. */
async function putBack(
  world: World,
  client: ClientWithSecret,
  moment: number,
  trial: UndeleteTrial,
): Promise<void> {
  await untilUndeleted(world)
  const added = addedOf(trial)
  const preview = await world.api<{ objects: number; addedObjects: number }>(
    'GET',
    `/api/v1/clients/${client.id}/put-back-preview?moment=${moment}&added=${added}`,
  )
  if (preview.objects + preview.addedObjects > 0) {
    await world.api('POST', `/api/v1/clients/${client.id}/put-back`, { moment, added })
    await untilUndeleted(world)
  }
  if (trial === 'purge') await purgeTakenOut(world)
}

async function bringBack(world: World, client: ClientWithSecret): Promise<void> {
  const { items } = await world.api<List<Client>>('GET', `/api/v1/clients?search=${client.clientId}`)
  if (!items.some(({ id }) => id === client.id)) await undeleteNewest(world)
  await untilUndeleted(world)
}

async function undeleteNewest(world: World): Promise<void> {
  const { items } = await world.api<List<Deletion>>(
    'GET',
    '/api/v1/deletions?kind=client&state=in-trash&limit=1',
  )
  if (items[0]) await world.api('POST', `/api/v1/deletions/${items[0].id}/undelete`, {})
}

async function purgeTakenOut(world: World, signal?: AbortSignal): Promise<void> {
  const { items } = await world.api<List<Deletion>>('GET', '/api/v1/deletions?kind=put-back&state=in-trash')
  for (const { id } of items)
    await world.api('POST', `/api/v1/deletions/${id}/purge`, { reason: 'a trial of crashes' })
  await within(patienceMs, async () => {
    if (signal?.aborted) return
    const left = await world.api<List<Deletion>>('GET', '/api/v1/deletions?kind=put-back&state=in-trash')
    assert.deepEqual(left.items, [])
  })
}

/** @param signal ends the waiting: nobody is left to answer */
async function untilUndeleted(world: World, signal?: AbortSignal): Promise<void> {
  await within(patienceMs, async () => {
    if (signal?.aborted) return
    const { items } = await world.api<List<Undeletion>>('GET', '/api/v1/undeletions?limit=20')
    for (const { finishedAt, step, damagedObjects } of items) {
      assert.notEqual(finishedAt, null)
      assert.deepEqual([step, damagedObjects], ['done', 0])
    }
  })
}

async function assertNothingHalfDone(world: World): Promise<void> {
  const [left] = await world.query<{ moves: number; held: number }>(
    'select (select count(*) from pending_moves) as moves, (select sum(reserved_bytes) from space) as held',
  )
  assert.deepEqual({ ...left }, { moves: 0, held: 0 })
}

/** In the vault and in the trash: names, sizes and accounts. */
export async function assertLedgerAndDiskAgree(world: World, client: ClientWithSecret): Promise<void> {
  const onDisk = await world.vaultOnDisk(client)
  assert.deepEqual(onDisk.strays, [])
  assert.deepEqual(new Set(onDisk.files.map((file) => file.object)), await placesOf(world, client))
  const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  assert.equal(space.usedBytes, onDisk.bytes)
  const rows = await world.query<{ id: number; bytes: number }>(
    `select t.id, t.bytes from trash as t join clients as c on c.vault_no = t.vault_no where c.id = '${client.id}'`,
  )
  const trash = path.join(world.dataFolder, 'objects', 'trash')
  const folder = (await readdir(trash)).find((name) => name.endsWith(`-${client.clientId}`))
  const files = folder === undefined ? [] : await readdir(path.join(trash, folder))
  const ids = files.map((file) => Number(file.split('.')[1])).sort((a, b) => a - b)
  assert.deepEqual(
    ids,
    rows.map(({ id }) => id).sort((a, b) => a - b),
  )
  const [account] = await world.query<{ trash_bytes: number }>(
    `select trash_bytes from space where owner_id = '${client.id}'`,
  )
  assert.equal(
    account?.trash_bytes,
    rows.reduce((sum, { bytes }) => sum + bytes, 0),
  )
}

/** Used space and trash of customers and resellers are what their clients have, deleted ones' vaults in the trash. */
export async function assertAccountsAreSums(world: World): Promise<void> {
  const living = 'case when c.deleted_at is null then s.used_bytes else 0 end'
  const gone = 'case when c.deleted_at is null then 0 else s.used_bytes end + s.trash_bytes'
  for (const owner of ['c.customer_id', 'u.reseller_id']) {
    const wrong = await world.query(
      `select a.owner_id, a.used_bytes, a.trash_bytes, b.used, b.trash from space as a join (
        select ${owner} as owner_id, sum(${living}) as used, sum(${gone}) as trash
        from clients as c join space as s on s.owner_id = c.id join customers as u on u.id = c.customer_id
        group by ${owner}
      ) as b on b.owner_id = a.owner_id where a.used_bytes <> b.used or a.trash_bytes <> b.trash`,
    )
    assert.deepEqual(wrong, [])
  }
}

async function placesOf(world: World, client: ClientWithSecret): Promise<Set<string>> {
  const places = new Set<string>()
  for (const type of ['data', 'index', 'snapshots']) {
    const { body } = await world.vault(client, `${type}/`, { method: 'GET' })
    for (const name of JSON.parse(body.toString()) as string[]) places.add(`${type}/${name}`)
  }
  return places
}

/** Of several types and sizes, small ones and such as never lie in the journal. */
function trialObject(seed: string, index: number): SampleObject {
  const object = sampleObject(index % 4 === 0 ? 40_000 : 300 + index, seed)
  const type = ['data', 'data', 'index', 'snapshots'][index % 4] ?? 'data'
  return { ...object, place: `${type}/${object.name}` }
}

async function store(
  world: World,
  client: ClientWithSecret,
  { place, content }: SampleObject,
): Promise<void> {
  const { status } = await world.vault(client, place, { method: 'POST', body: content })
  assert.equal(status, 200, place)
}
