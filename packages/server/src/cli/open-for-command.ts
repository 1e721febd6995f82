import { readConfig } from '../config.ts'
import { ensureDefaults } from '../customers/customers.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { openDatabase } from '../platform/database/open-database.ts'
import { loadServerKey, type ServerKey } from '../platform/server-key.ts'

export interface OpenGranary extends AsyncDisposable {
  readonly database: Database
  readonly serverKey: ServerKey
  readonly publicUrl: string
}

/** Opens what the server keeps, beside a running server or before its first start. */
export async function openForCommand(): Promise<OpenGranary> {
  const config = readConfig(process.env)
  const database = await openDatabase(config.database, { checkpoints: 'elsewhere' })
  try {
    const serverKey = await loadServerKey(database, config)
    await ensureDefaults(database, systemClock)
    const { host, port } = config.listen
    const ownUrl = `${config.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
    return {
      database,
      serverKey,
      publicUrl: config.publicUrl ?? ownUrl,
      [Symbol.asyncDispose]: () => database.close(),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
