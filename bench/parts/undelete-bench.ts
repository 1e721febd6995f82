import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientWithSecret, Undeletion } from '@granary/contract'
import { sampleObject, startWorld, type World } from '@granary/testing'
import type { BenchTable } from '../measure/report.ts'

const dataType = 5

/**
 * Puts a vault back into which a prune of a million objects had cut, by the API of a running server, and looks how
 * long that takes and how long uploads wait meanwhile. The files are empty: none of them is ever opened for it.
 */
export async function runUndeleteBench(objects: number): Promise<BenchTable> {
  await using world = await startWorld({ workers: 2 })
  const customer = await world.customer()
  const client = await world.client(customer)
  const other = await world.client(customer)
  for (const one of [client, other]) await world.vault(one, '?create=true', { method: 'POST' })
  const moment = Date.now() - 60_000
  await world.stop()
  seedTrash(world.dataFolder, client, objects, moment)
  await world.restart()

  const uploads = probeUploads(world, other)
  const began = performance.now()
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
  await until(['verifying', 'done', 'damaged'])
  const inPlace = seconds()
  const waited = await uploads.stop()
  await world.killHard()
  const columns = ['objects', 'asked s', 'readable s', 'files in place s', 'uploads meanwhile', 'longest ms']
  const figures = { restoredObjects, asked, readable, inPlace, ...waited }
  return {
    title:
      'A vault is put back to a moment (seconds since it was asked for; uploads of another client meanwhile)',
    columns,
    rows: [
      [
        String(restoredObjects),
        asked.toFixed(1),
        readable.toFixed(1),
        inPlace.toFixed(1),
        String(waited.uploads),
        waited.longestMs.toFixed(0),
      ],
    ],
    data: figures,
  }
}

/** As if the client had stored them and pruned them half a minute ago. */
function seedTrash(dataFolder: string, client: ClientWithSecret, objects: number, moment: number): void {
  const database = new DatabaseSync(path.join(dataFolder, 'granary.sqlite'))
  const { vault_no } = database.prepare('select vault_no from clients where id = ?').get(client.id) as {
    vault_no: number
  }
  database.exec('begin')
  database
    .prepare(
      `insert into trash (vault_no, type, name, id, bytes, stored_at, trashed_at, until, actor, address)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      select ?, ?, randomblob(32), i, 0, ?, ?, ?, 'client', '192.0.2.1' from n`,
    )
    .run(objects, vault_no, dataType, moment - 1000, moment + 30_000, moment + 1_000_000_000)
  database.exec('commit')
  const folder = `${String(vault_no).padStart(6, '0')}-${client.clientId}`
  const trash = path.join(dataFolder, 'objects', 'trash', folder)
  mkdirSync(trash, { recursive: true })
  for (const row of database.prepare('select id, hex(name) as name from trash').iterate()) {
    closeSync(openSync(path.join(trash, `data-${String(row.name).toLowerCase()}.${row.id}`), 'w'))
  }
  database.close()
}

/** Another machine that goes on backing up. */
function probeUploads(world: World, client: ClientWithSecret) {
  let running = true
  let uploads = 0
  let longestMs = 0
  const done = (async () => {
    for (; running; uploads += 1) {
      const object = sampleObject(4096, `probe ${uploads}`)
      const began = performance.now()
      const { status } = await world.vault(client, object.place, { method: 'POST', body: object.content })
      if (status !== 200) throw new Error(`An upload was answered with ${status}`)
      longestMs = Math.max(longestMs, performance.now() - began)
    }
  })()
  return {
    async stop() {
      running = false
      await done
      return { uploads, longestMs }
    },
  }
}
