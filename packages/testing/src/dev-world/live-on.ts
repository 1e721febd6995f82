import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '@granary/server'
import { knock } from '../knock.ts'
import { resticBinary } from '../tools/restic-binary.ts'
import { ProgramFailedError } from '../tools/run-program.ts'
import { MissingToolError } from '../tools/tools-folder.ts'
import type { DevServer } from './dev-server.ts'
import { LiveMachine } from './live-machine.ts'
import { deletedCustomer, type MachineKind, machines, stranger } from './machines.ts'
import { type DevWorld, devApi } from './set-up-dev-world.ts'

const betweenBackupsMs = 4_000
const betweenKnocksMs = 25_000
const silentForMs = 9 * 24 * 3_600_000

/** Lets the machines of a dev world back up, one after the other, until it is told to stop. */
export async function liveOn(world: DevWorld, server: DevServer, signal: AbortSignal): Promise<void> {
  try {
    await resticBinary('0.19.1')
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    console.log(`Nothing moves by itself here: ${error.message}`)
    return await untilAborted(signal)
  }
  await Promise.all([backUpInTurn(world, server, signal), keepKnocking(world, server, signal)])
}

async function backUpInTurn(world: DevWorld, server: DevServer, signal: AbortSignal): Promise<void> {
  const folder = path.join(server.dataFolder, 'machines')
  const gone = new AbortController()
  server.ended.then(() => gone.abort())
  const at = { folder, url: server.url, signal: gone.signal }
  const all = machines.flatMap((kind) => {
    const client = world.clients.find(({ clientId }) => clientId === kind.clientId)
    return client ? [{ kind, machine: new LiveMachine(kind, client, at) }] : []
  })
  /** What the server refuses is part of the life here: said, and no reason to stop. */
  const said = async (kind: MachineKind, run: () => Promise<void>) => {
    try {
      await run()
    } catch (error) {
      // Ctrl+C reaches restic as well.
      if (signal.aborted) return
      if (!(error instanceof ProgramFailedError)) throw error
      const reason = error.result.stderr.trim().split('\n').at(-1)
      console.log(`${kind.clientId}: ${reason}`)
    }
  }
  for (const { kind, machine } of all) {
    if (signal.aborted) return
    if (machine.isNew) await said(kind, () => machine.firstBackup())
    else if (kind.changeBytes > 0) await said(kind, () => machine.unlock())
  }
  if (signal.aborted) return
  await silence(world, server)
  await deleteOne(world, server)
  const alive = all.filter(({ kind }) => kind.changeBytes > 0)
  for (let turn = 0; !signal.aborted; turn += 1) {
    const { kind, machine } = alive[turn % alive.length] ?? {}
    if (kind && machine) await said(kind, () => machine.liveOn())
    await paused(betweenBackupsMs, signal)
  }
}

/** Moves the last backup of those that are silent back in time, past what any rhythm allows. */
async function silence({ clients }: DevWorld, { dataFolder }: DevServer): Promise<void> {
  const silent = machines.filter(({ isSilent }) => isSilent).map(({ clientId }) => clientId)
  const database = await openDatabase({ kind: 'sqlite', dataFolder })
  try {
    await database.queries
      .updateTable('clients')
      .set({ last_backup_at: Date.now() - silentForMs })
      .where(
        'id',
        'in',
        clients.filter(({ clientId }) => silent.includes(clientId)).map(({ id }) => id),
      )
      .execute()
  } finally {
    await database.close()
  }
}

/** Puts a customer with a client and its versions into the trash, once; undeleted, it stays. */
async function deleteOne(world: DevWorld, { url }: DevServer): Promise<void> {
  const api = devApi(url, world.apiKey)
  const id = world.customers[deletedCustomer]?.id
  const report = await api<{ total: number }>('GET', '/api/v1/deletions?kind=customer&search=Old%20Mill')
  if (report.total > 0) return
  await api('POST', `/api/v1/customers/${id}/deactivate`)
  await api('DELETE', `/api/v1/customers/${id}?contents=delete`)
}

async function keepKnocking(world: DevWorld, { url }: DevServer, signal: AbortSignal): Promise<void> {
  const { customer, clientId, secret } = stranger
  const vaultUrl = new URL(`/vault/${world.customers[customer]?.urlKey}/${clientId}/`, url).href
  while (!signal.aborted) {
    await knock(vaultUrl, clientId, secret)
    await paused(betweenKnocksMs, signal)
  }
}

async function paused(ms: number, signal: AbortSignal): Promise<void> {
  await Promise.race([pause(ms, undefined, { ref: false }), untilAborted(signal)])
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
