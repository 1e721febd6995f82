import { LocalCopies } from '@granary/object-store'
import type { Config } from './config.ts'
import { createJobs } from './create-jobs.ts'
import { finishPurges } from './deletions/finish-purges.ts'
import { systemClock } from './platform/clock.ts'
import { lockDataFolder } from './platform/data-folder-lock.ts'
import type { Database } from './platform/database/database.ts'
import { openDatabase } from './platform/database/open-database.ts'
import { keepCheckpointing } from './platform/database/sqlite-checkpoints.ts'
import { followPrimary } from './platform/former-primary.ts'
import { releaseAllJobs, releaseJobsOf } from './platform/jobs/jobs.ts'
import { type Log, openLog } from './platform/log.ts'
import { loadServerKey, type ServerKey } from './platform/server-key.ts'
import { leaseMs, ServerProcesses } from './platform/server-processes.ts'
import { Quotas } from './quotas/reserve-bytes.ts'
import { writeServerBackup } from './server-backup/server-backup.ts'
import { openStorage, registerLocations } from './storage/storage.ts'
import { JournalFiles } from './vaults/journal-files.ts'
import { ObjectLedger } from './vaults/object-ledger.ts'
import { markLedgerOnDisk, recoverVaults, verifyRecentLedger } from './vaults/recover-vaults.ts'
import { Workers } from './workers.ts'

const markEveryMs = 30_000
const renewEveryMs = leaseMs / 3
/** Small objects wait for their files about so long. */
const makeFilesEveryMs = 100

/** What the primary has open. */
export interface OpenServer {
  readonly database: Database
  readonly serverKey: ServerKey
}

/**
 * Runs the server: one primary, which keeps the data folder, mends what a crash left, and looks after the
 * workers, which serve. Resolves when it has stopped in good order.
 */
export async function serve(
  config: Config,
  steps: {
    /** Before anything is served. */
    prepare: (server: OpenServer) => Promise<void>
    /** Once everything is. */
    announce: (url: string, server: OpenServer) => Promise<void>
  },
): Promise<void> {
  using _lock = lockDataFolder(config.dataFolder)
  const log = openLog(config.logLevel, { process: 'primary' })
  await using opened = new AsyncDisposableStack()
  const database = await openDatabase(config.database, { checkpoints: 'elsewhere' })
  opened.defer(() => database.close())
  const server = { database, serverKey: await loadServerKey(database, config) }
  await steps.prepare(server)

  const upkeep = await mendAtStart(config, server, log)
  opened.defer(() => upkeep.close())
  if (config.database.kind === 'sqlite') opened.use(keepCheckpointing(config.database.dataFolder, log))
  const workers = new Workers(config, log, upkeep, upkeep.name)
  const stopping = untilStopped(workers)
  opened.defer(() => workers.stop())
  const url = await workers.start()
  opened.use(repeatedly(renewEveryMs, () => upkeep.renewLeases(workers.processIds), log))
  opened.use(repeatedly(markEveryMs, () => markLedgerOnDisk(database, systemClock, { stopped: false }), log))
  opened.defer(() => upkeep.jobs.close())
  await upkeep.jobs.start()
  opened.use(repeatedly(makeFilesEveryMs, () => upkeep.makeFiles(), log))
  await steps.announce(config.publicUrl ?? url, server)
  await stopping
  await workers.stop()
  await upkeep.finishFiles()
  await markLedgerOnDisk(database, systemClock, { stopped: true })
}

/** Puts right what processes that died left behind, at the start and whenever one dies. */
async function mendAtStart(config: Config, { database, serverKey }: OpenServer, log: Log) {
  await registerLocations(config, { database, serverKey, clock: systemClock, log })
  const { name, former } = await followPrimary(config.dataFolder)
  const processes = new ServerProcesses(database, systemClock)
  // The folder's lock says that nobody else uses this SQLite; on PostgreSQL other servers may be at work.
  if (database.kind === 'sqlite') {
    await processes.forgetAll()
    await releaseAllJobs(database)
  }
  if (former !== undefined) {
    await processes.forgetServer(former)
    await releaseJobsOf(database, former)
  }
  await processes.renew([name])
  const { store, locations } = await openStorage(config, { database, serverKey }, name)
  const ledger = new ObjectLedger({ database, store, clock: systemClock, log })
  const quotas = new Quotas(database, name)
  const copies = config.copiesFolders.map((folder) => new LocalCopies(folder))
  const journalFiles = new JournalFiles(database, store, log)
  await journalFiles.empty()
  const alive = await processes.alive()
  const left = await recoverVaults({ store, ledger, log }, (processId) => alive.has(processId))
  await finishPurges({ database, store, log })
  // What could not be published would look as if it had been lost.
  if (left === 0) await verifyRecentLedger({ store, database, clock: systemClock, log })
  const releaseOfDead = async () => {
    for (const processId of await processes.deadHolders()) await quotas.releaseOf(processId)
  }
  await releaseOfDead()
  return {
    name,
    began: (processId: string) => processes.renew([processId]),
    async died(processId: string) {
      await recoverVaults({ store, ledger, log }, (other) => other !== processId)
      await processes.forget(processId)
      await quotas.releaseOf(processId)
    },
    async renewLeases(processIds: readonly string[]) {
      await processes.renew([name, ...processIds])
      await releaseOfDead()
    },
    jobs: createJobs(
      {
        ...{ database, store, ledger, copies, serverKey, clock: systemClock, log },
        backUpServer: async () => void (await writeServerBackup(config, systemClock.now())),
        dataFolder: config.dataFolder,
        storageLocations: locations,
        tls: config.tls,
      },
      name,
    ),
    makeFiles: () => journalFiles.tend(),
    finishFiles: () => journalFiles.empty(),
    async close() {
      await ledger.idle()
      await store.close()
    },
  }
}

/** Does something again and again, one time after the other; what fails is logged and tried again. */
function repeatedly(everyMs: number, work: () => Promise<unknown>, log: Log): AsyncDisposable {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= work()
      .then(() => {})
      .catch((error: unknown) => log.warn({ err: error }, 'Upkeep failed and will be tried again'))
      .finally(() => {
        running = undefined
      })
  }, everyMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

function untilStopped(workers: Workers): Promise<void> {
  const stopped = new Promise<void>((resolve, reject) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    workers.onHopeless = reject
  })
  // Workers may turn out hopeless before anyone waits for it; whoever waits later learns of it all the same.
  stopped.catch(() => {})
  return stopped
}
