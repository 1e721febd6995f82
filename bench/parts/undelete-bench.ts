import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientWithSecret, Undeletion } from '@granary/contract'
import { sampleObject, startWorld, type World } from '@granary/testing'
import { cpuSeconds } from '../measure/process-tree.ts'
import type { BenchTable } from '../measure/report.ts'

const dataType = 5
/** A prune of a million objects takes about so long. */
const pruneMs = 30 * 60_000
const dayMs = 86_400_000
const databases = ['sqlite', 'postgres'] as const

/**
 * Puts a vault back into which a prune of a million objects had cut, by the API of a running server, and looks how
 * long that takes and how long uploads wait meanwhile. The files are empty: none of them is ever opened for it.
 */
export async function runUndeleteBench(objects: number): Promise<BenchTable> {
  const figures = []
  const only = process.env.GRANARY_BENCH_DATABASE
  for (const database of databases)
    if (only === undefined || only === database) figures.push(await undelete(database, objects))
  return {
    title:
      'A vault is put back to a moment (seconds since it was asked for; uploads of another client meanwhile)',
    columns: [
      ...['database', 'objects', 'asked s', 'readable s', 'CPU s until readable', 'files in place s'],
      ...['uploads meanwhile', 'usual ms', 'longest ms until readable', 'longest ms'],
    ],
    rows: figures.map((row) => [
      row.database,
      String(row.restoredObjects),
      ...[row.asked, row.readable, row.readableCpu, row.inPlace].map((seconds) => seconds.toFixed(1)),
      String(row.uploads),
      ...[row.usualMs, row.longestUntilReadableMs, row.longestMs].map((ms) => ms.toFixed(0)),
    ]),
    data: figures,
  }
}

async function undelete(database: (typeof databases)[number], objects: number) {
  await using world = await startWorld({ workers: 2, database })
  const customer = await world.customer()
  const client = await world.client(customer)
  const other = await world.client(customer)
  for (const one of [client, other]) await world.vault(one, '?create=true', { method: 'POST' })
  const moment = Date.now() - 2 * pruneMs
  await world.stop()
  await seedTrash(world, client, objects, moment)
  await world.restart()

  const uploads = probeUploads(world, other)
  const began = performance.now()
  const cpuBegan = cpuOfServers()
  const seconds = () => (performance.now() - began) / 1000
  const { id } = await world.api<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, { moment })
  const asked = seconds()
  const until = async (steps: readonly string[]) => {
    for (;;) {
      const found = await world.api<Undeletion>('GET', `/api/v1/undeletions/${id}`)
      if (steps.includes(found.step)) return found
      await pause(50)
    }
  }
  const { restoredObjects } = await until(['moving', 'verifying', 'done', 'damaged'])
  const readable = seconds()
  const readableCpu = cpuOfServers() - cpuBegan
  const longestUntilReadableMs = uploads.longestMs
  await until(['verifying', 'done', 'damaged'])
  const inPlace = seconds()
  const waited = await uploads.stop()
  await world.killHard()
  return {
    database,
    restoredObjects,
    asked,
    readable,
    readableCpu,
    inPlace,
    longestUntilReadableMs,
    ...waited,
  }
}

/** CPU seconds of the server and of PostgreSQL, which are all that this process has started. */
function cpuOfServers(): number {
  const { user, system } = process.cpuUsage()
  return cpuSeconds(process.pid) - (user + system) / 1e6
}

/** As if the client had stored them, and pruned them over half an hour, in an order that has nothing to do with names. */
async function seedTrash(
  world: World,
  client: ClientWithSecret,
  objects: number,
  moment: number,
): Promise<void> {
  const [owner] = await world.query<{ vault_no: number }>(
    `select vault_no from clients where id = '${client.id}'`,
  )
  if (!owner) throw new Error('The client has no vault')
  const { vault_no } = owner
  const isPostgres = world.databaseUrl !== undefined
  const removedAfter = `i * ${Math.floor((pruneMs * 100) / objects)} / 100`
  await world.change(`
    insert into trash (vault_no, type, name, id, bytes, stored_at, trashed_at, until, actor, address)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${objects})
    select ${vault_no}, ${dataType}, ${isPostgres ? 'sha256(i::text::bytea)' : 'randomblob(32)'}, i, 0,
      ${moment - 1000}, ${moment + 1000} + ${removedAfter}, ${moment + 14 * dayMs} + ${removedAfter}, 'client', '192.0.2.1'
    from n`)
  if (isPostgres) await world.change('analyze')
  const folder = `${String(vault_no).padStart(6, '0')}-${client.clientId}`
  const trash = path.join(world.dataFolder, 'objects', 'trash', folder)
  mkdirSync(trash, { recursive: true })
  const name = isPostgres ? "encode(name, 'hex')" : 'lower(hex(name))'
  for (const row of await world.query<{ id: number; name: string }>(`select id, ${name} as name from trash`))
    closeSync(openSync(path.join(trash, `data-${row.name}.${row.id}`), 'w'))
}

/** Another machine that goes on backing up. */
function probeUploads(world: World, client: ClientWithSecret) {
  let running = true
  const waits: number[] = []
  const done = (async () => {
    while (running) {
      const object = sampleObject(4096, `probe ${waits.length}`)
      const began = performance.now()
      const { status } = await world.vault(client, object.place, { method: 'POST', body: object.content })
      if (status !== 200) throw new Error(`An upload was answered with ${status}`)
      waits.push(performance.now() - began)
    }
  })()
  const longest = () => waits.reduce((most, wait) => Math.max(most, wait), 0)
  return {
    get longestMs() {
      return longest()
    },
    async stop() {
      running = false
      await done
      const usualMs = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0
      return { uploads: waits.length, usualMs, longestMs: longest() }
    },
  }
}
