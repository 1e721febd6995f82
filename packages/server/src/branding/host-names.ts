import type { IncomingMessage } from 'node:http'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { publicUrlOf, underHostName } from '../platform/http/public-url.ts'
import type { TrustedProxies } from '../platform/http/trusted-proxies.ts'
import { readMailSettings } from '../platform/mail/mail.ts'
import { readSettings } from '../platform/settings.ts'

/** Where a request came to. */
export interface ReachedAt {
  /** Start of the server's own addresses, without a slash at its end */
  readonly publicUrl: string
  /** Start of the addresses of the console that was asked: under a reseller's host name, or the server's own */
  readonly origin: string
  /** Whose host name it was; null for the server's own and for every name that is nobody's */
  readonly resellerOfHost: string | null
}

/**
 * The host names of resellers. A Host header can say anything, so it is only looked up here and never repeated: what
 * comes out was set by an administrator. Kept in memory until something is edited in any process.
 */
export class HostNames {
  readonly #database: Database
  readonly #proxies: TrustedProxies
  #known: Promise<Map<string, string>> | undefined
  #knownAt = -1

  constructor(database: Database, proxies: TrustedProxies) {
    this.#database = database
    this.#proxies = proxies
  }

  /**
   * @param configured `GRANARY_URL`, if it is set
   * @throws {ProblemError} invalid-request when the Host header is no host
   */
  async reachedAt(request: IncomingMessage, configured: string | undefined): Promise<ReachedAt> {
    const asked = publicUrlOf(request, configured, this.#proxies)
    const hostName = hostNameOf(request)
    const resellerId = (await this.#names()).get(hostName)
    if (resellerId === undefined) return { publicUrl: asked, origin: asked, resellerOfHost: null }
    const origin = underHostName(asked, hostName)
    // Without GRANARY_URL the server knows its own address from the settings of mail, if at all.
    const own = configured ?? ((await readMailSettings(this.#database.queries)).consoleUrl || asked)
    return { publicUrl: own, origin, resellerOfHost: resellerId }
  }

  #names(): Promise<Map<string, string>> {
    const counter = this.#database.changeCounter.current()
    if (this.#known === undefined || counter !== this.#knownAt) {
      this.#knownAt = counter
      const reading = readHostNames(this.#database.queries)
      this.#known = reading
      reading.catch(() => {
        if (this.#known === reading) this.#known = undefined
      })
    }
    return this.#known
  }
}

/** Without its port, in lower case, and without the dot that ends a name for good. */
function hostNameOf(request: IncomingMessage): string {
  const [name = ''] = (request.headers.host ?? '').split(':', 1)
  return name.toLowerCase().replace(/\.$/, '')
}

async function readHostNames(queries: Kysely<Schema>): Promise<Map<string, string>> {
  if (!(await readSettings(queries)).resellerManagement) return new Map()
  const rows = await queries
    .selectFrom('brands')
    .innerJoin('resellers', 'resellers.id', 'brands.owner_id')
    .select(['brands.owner_id', 'brands.host_name'])
    .where('brands.host_name', 'is not', null)
    .where('resellers.deleted_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.host_name ?? '', row.owner_id]))
}

/** A reseller in the trash holds no host name; it is noted, for the day it comes back. */
export async function releaseHostName(transaction: Transaction<Schema>, resellerId: string): Promise<void> {
  await transaction
    .updateTable('brands')
    .set((eb) => ({ host_name: null, former_host_name: eb.ref('host_name') }))
    .where('owner_id', '=', resellerId)
    .where('host_name', 'is not', null)
    .execute()
}

/**
 * Gives a reseller that comes back the host name it had, unless somebody else has it by now: everything else is worth
 * more than a name, so it comes back without.
 * @returns the name it lost, if it lost one
 * @throws a unique violation when it is taken in this very instant, which only PostgreSQL lets happen
 */
export async function takeBackHostName(
  transaction: Transaction<Schema>,
  resellerId: string,
): Promise<string | null> {
  const former = await transaction
    .selectFrom('brands')
    .select('former_host_name')
    .where('owner_id', '=', resellerId)
    .executeTakeFirst()
  const hostName = former?.former_host_name ?? null
  if (hostName === null) return null
  const holder = await transaction
    .selectFrom('brands')
    .select('owner_id')
    .where('host_name', '=', hostName)
    .executeTakeFirst()
  if (holder) return hostName
  await transaction
    .updateTable('brands')
    .set({ host_name: hostName, former_host_name: null })
    .where('owner_id', '=', resellerId)
    .execute()
  return null
}
