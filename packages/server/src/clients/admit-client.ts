import { timingSafeEqual } from 'node:crypto'
import { fields, ProblemError } from '@granary/contract'
import type { CredentialHash } from '../access/credential-hash.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { insertClient } from './client-store.ts'

/** The shortest secret of its own that a client may bring. */
const leastSecretLength = 8

/** A client whose ID is not known, at its first contact. */
interface FirstContact {
  readonly urlKey: string
  readonly clientId: string
  /** `<pass key>.<its own secret>` */
  readonly secret: string
  readonly address: string
}

export type AdmitClient = (contact: FirstContact) => Promise<void>

/**
 * Auto authorization: lets an unknown client in that presents its customer's pass key, and binds it to the
 * whole secret it brought (trust on first use). Who doesn't know the pass key learns nothing about which
 * customers and clients exist.
 */
export function admitClients(dependencies: {
  database: Database
  hash: CredentialHash
  clock: Clock
}): AdmitClient {
  const { database, hash, clock } = dependencies
  return async (contact) => {
    const customer = await database.queries
      .selectFrom('customers as u')
      .innerJoin('resellers as r', 'r.id', 'u.reseller_id')
      .select(['u.id', 'u.pass_key', 'u.auto_authorization', 'u.state', 'r.state as reseller_state'])
      .where('u.url_key', '=', contact.urlKey)
      .where('u.deleted_at', 'is', null)
      .executeTakeFirst()
    const dot = contact.secret.indexOf('.')
    const presented = contact.secret.slice(0, Math.max(dot, 0))
    const own = contact.secret.slice(dot + 1)
    if (customer === undefined || dot < 0) throw new ProblemError('credentials-invalid')
    if (!equalSecrets(presented, customer.pass_key)) throw new ProblemError('pass-key-invalid')
    // From here on the caller has shown to belong to this customer: refusals may say why.
    if (customer.state !== 'active') throw new ProblemError('customer-deactivated')
    if (customer.reseller_state !== 'active') throw new ProblemError('reseller-deactivated')
    if (customer.auto_authorization !== 1) throw new ProblemError('client-not-admitted')
    if (own.length < leastSecretLength) {
      throw new ProblemError('credentials-invalid', {
        reason: `After the pass key and a dot, the password needs a secret of at least ${leastSecretLength} characters.`,
      })
    }
    if (!fields.clientId.safeParse(contact.clientId).success) throw new ProblemError('vault-not-found')
    await refuseKnown(database, contact.clientId)
    await database.transaction(async (transaction) => {
      await insertClient(transaction, {
        customerId: customer.id,
        clientId: contact.clientId,
        kind: 'workstation',
        state: 'active',
        appendOnly: false,
        secretHash: hash.of(contact.secret),
        allottedBytes: null,
        admittedBy: 'auto-authorization',
        now: clock.now(),
      })
    })
  }
}

/** The ID is taken elsewhere; or it was deleted, and so has to be let in again by a person. */
async function refuseKnown(database: Database, clientId: string): Promise<void> {
  const known = await database.queries
    .selectFrom('clients')
    .select('deleted_at')
    .where('client_id_key', '=', clientId.toLowerCase())
    .orderBy('deleted_at', 'asc')
    .execute()
  if (known.some((row) => row.deleted_at === null)) throw new ProblemError('client-id-elsewhere')
  if (known.length > 0)
    throw new ProblemError('client-not-admitted', { reason: 'A client with this ID was deleted.' })
}

function equalSecrets(presented: string, known: string): boolean {
  const a = Buffer.from(presented, 'utf8')
  const b = Buffer.from(known, 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}
