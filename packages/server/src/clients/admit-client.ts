import { timingSafeEqual } from 'node:crypto'
import { fields, type ProblemCode, ProblemError, type WaitingReason } from '@granary/contract'
import type { CredentialHash } from '../access/credential-hash.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { PlaceVault } from '../storage/storage.ts'
import { insertClient } from './client-store.ts'
import type { NoteAttempt } from './note-attempt.ts'

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

/** Why somebody is not let in: as they are told, and, where a person could let them in, as the waiting room says. */
interface Refusal {
  readonly code: ProblemCode
  readonly facts?: Readonly<Record<string, unknown>>
  readonly waits?: WaitingReason
}

/**
 * Auto authorization: lets an unknown client in that presents its customer's pass key, and binds it to the
 * whole secret it brought (trust on first use). Who doesn't know the pass key learns nothing about which
 * customers and clients exist. Those whom a person could let in are noted in the waiting room.
 */
export function admitClients(dependencies: {
  database: Database
  hash: CredentialHash
  clock: Clock
  noteAttempt: NoteAttempt
  placeVault: PlaceVault
}): AdmitClient {
  const { database, hash, clock, noteAttempt, placeVault } = dependencies
  return async (contact) => {
    const customer = await database.queries
      .selectFrom('customers as u')
      .innerJoin('resellers as r', 'r.id', 'u.reseller_id')
      .select(['u.id', 'u.pass_key', 'u.auto_authorization', 'u.state', 'r.state as reseller_state'])
      .where('u.url_key', '=', contact.urlKey)
      .where('u.deleted_at', 'is', null)
      .executeTakeFirst()
    if (customer === undefined) throw new ProblemError('credentials-invalid')
    const refusal = await refusalOf(database, contact, customer)
    if (refusal?.waits !== undefined && isWholeSecret(contact)) {
      await noteAttempt({
        customerId: customer.id,
        clientId: contact.clientId,
        secretHash: hash.of(contact.secret),
        reason: refusal.waits,
        address: contact.address,
      })
    }
    if (refusal !== null) throw new ProblemError(refusal.code, refusal.facts)
    await database.transaction(async (transaction) => {
      await insertClient(transaction, placeVault, {
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

async function refusalOf(
  database: Database,
  contact: FirstContact,
  customer: { pass_key: string; auto_authorization: number; state: string; reseller_state: string },
): Promise<Refusal | null> {
  const dot = contact.secret.indexOf('.')
  if (dot < 0) return { code: 'credentials-invalid', waits: 'pass-key-missing' }
  if (!equalSecrets(contact.secret.slice(0, dot), customer.pass_key)) {
    return { code: 'pass-key-invalid', waits: 'pass-key-wrong' }
  }
  // From here on the caller has shown to belong to this customer: refusals may say why.
  if (customer.state !== 'active') return { code: 'customer-deactivated' }
  if (customer.reseller_state !== 'active') return { code: 'reseller-deactivated' }
  if (contact.secret.length - dot - 1 < leastSecretLength) {
    const reason = `After the pass key and a dot, the password needs a secret of at least ${leastSecretLength} characters.`
    return { code: 'credentials-invalid', facts: { reason } }
  }
  if (!fields.clientId.safeParse(contact.clientId).success) return { code: 'vault-not-found' }
  const known = await knownAs(database, contact.clientId)
  if (known === 'living') return { code: 'client-id-elsewhere', waits: 'client-id-elsewhere' }
  if (known === 'deleted') {
    const reason = 'A client with this ID was deleted.'
    return { code: 'client-not-admitted', facts: { reason }, waits: 'deleted-before' }
  }
  if (customer.auto_authorization !== 1)
    return { code: 'client-not-admitted', waits: 'auto-authorization-off' }
  return null
}

/** Whether a person could bind a client to what was brought, should they choose to. */
function isWholeSecret({ clientId, secret }: FirstContact): boolean {
  return secret.length > leastSecretLength && fields.clientId.safeParse(clientId).success
}

/** The ID is taken elsewhere; or it was deleted, and so has to be let in again by a person. */
async function knownAs(database: Database, clientId: string): Promise<'living' | 'deleted' | null> {
  const known = await database.queries
    .selectFrom('clients')
    .select('deleted_at')
    .where('client_id_key', '=', clientId.toLowerCase())
    .execute()
  if (known.some((row) => row.deleted_at === null)) return 'living'
  return known.length > 0 ? 'deleted' : null
}

function equalSecrets(presented: string, known: string): boolean {
  const a = Buffer.from(presented, 'utf8')
  const b = Buffer.from(known, 'utf8')
  return a.length === b.length && timingSafeEqual(a, b)
}
