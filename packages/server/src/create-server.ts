import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import path from 'node:path'
import { CredentialHash } from './access/credential-hash.ts'
import { admitClients } from './clients/admit-client.ts'
import { ClientAuthentication } from './clients/authenticate-client.ts'
import { noteAttempts } from './clients/note-attempt.ts'
import type { Config } from './config.ts'
import { createApi } from './create-api.ts'
import { Licences } from './licences/draw-licence.ts'
import { systemClock } from './platform/clock.ts'
import { openDatabase } from './platform/database/open-database.ts'
import { keepCertificate, readPair } from './platform/http/keep-certificate.ts'
import { TrustedProxies } from './platform/http/trusted-proxies.ts'
import { type Log, openLog } from './platform/log.ts'
import { loadServerKey } from './platform/server-key.ts'
import { Quotas } from './quotas/reserve-bytes.ts'
import { openStorage } from './storage/storage.ts'
import { ContentJournal } from './vaults/content-journal.ts'
import { ObjectLedger } from './vaults/object-ledger.ts'
import { ResticRoutes } from './vaults/restic-routes.ts'
import { vaultPrefix } from './vaults/vault-address.ts'
import { version } from './version.ts'

/** Where `npm start` builds the console. */
const consoleFolder = path.resolve(import.meta.dirname, '../../console/dist')

/** Go's HTTP client keeps idle connections for 90 s; closing one at the moment it is used again costs a retry. */
const keepAliveMs = 120_000
const headersMs = 60_000

/** One process's part of the server, put together. */
export interface GranaryServer {
  readonly http: Server
  /** Finishes what is in flight, then lets go of everything. */
  stop(): Promise<void>
}

/** The composition root: builds everything one worker process needs. The caller listens. */
export async function createGranaryServer(config: Config, processId: string): Promise<GranaryServer> {
  const log = openLog(config.logLevel, { process: processId })
  const clock = systemClock
  const database = await openDatabase(config.database, { checkpoints: 'elsewhere' })
  const serverKey = await loadServerKey(database, config)
  const storage = await openStorage(config, { database, serverKey }, processId)
  const { store, placeVault } = storage
  const hash = new CredentialHash(serverKey, 'client-secrets')
  const ledger = new ObjectLedger({ database, store, clock, log })
  const noteAttempt = noteAttempts({ database, clock })
  const admit = admitClients({ database, hash, clock, noteAttempt, placeVault })
  const proxies = new TrustedProxies(config.trustedProxies)
  const vaults = new ResticRoutes({
    authentication: new ClientAuthentication(database, hash, admit),
    store,
    ledger,
    quotas: new Quotas(database, processId),
    licences: new Licences(database, clock),
    journal: new ContentJournal(database, store),
    proxies,
    database,
    clock,
    log,
  })

  const api = await createApi({
    database,
    clock,
    serverKey,
    storage,
    log,
    publicUrl: config.publicUrl,
    proxies,
    consoleFolder,
    version,
    copies: config.copiesFolders,
  })

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith(vaultPrefix)) vaults.handle(request, response)
    else api.handle(request, response)
  }
  const { http, letGo } = createHttp(config, log, answer)
  // Whether to ask for the body is decided by who handles the request, once it may come in.
  http.on('checkContinue', answer)

  return {
    http,
    async stop() {
      letGo()
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeIdleConnections()
      await api.close()
      await vaults.idle()
      http.closeIdleConnections()
      await closed
      await ledger.idle()
      await store.close()
      await database.close()
    },
  }
}

function createHttp(
  config: Config,
  log: Log,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): { http: Server; letGo: () => void } {
  const options = {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersMs,
    // An upload over a slow line may take hours; silence is what ends it.
    requestTimeout: 0,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  }
  if (config.tls === undefined) return { http: createServer(options, answer), letGo: () => {} }
  const pair = readPair(config.tls)
  const http = createTlsServer({ ...options, ...pair }, answer)
  return { http, letGo: keepCertificate(http, config.tls, pair, log) }
}
