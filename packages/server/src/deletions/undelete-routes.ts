import { atField, ProblemError, type Reason, reasonFor, type Undeletion } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Actor, changes, changesAfter, type RouteImplementation, reads } from '../access/access.ts'
import type { FoundClient } from '../clients/clients.ts'
import type { Database } from '../platform/database/database.ts'
import type { DeletionRow, Schema, UndeletionRow } from '../platform/database/schema.ts'
import {
  beginUndeletion,
  countUndeletion,
  noteUndeletedTenant,
  nothingToUndelete,
  type UndeletionCounts,
} from './begin-undeletion.ts'
import { byWhom, existingClient, heldClient } from './deletion-routes.ts'
import { deletions, whyNotUndelete } from './deletion-store.ts'
import { groupRemovals } from './group-removals.ts'
import { askForPurge, refusePurge } from './purge-by-hand.ts'
import { holdClients } from './trash-clients.ts'
import { trashedVersions } from './trashed-versions.ts'
import { undeleteTenant } from './undelete-tenants.ts'
import type { ObjectSelection } from './undeletion-selection.ts'
import { undeletions } from './undeletion-store.ts'
import { versionsThen } from './versions-then.ts'

/** The deleted report, and everything that is undone from it. */
export function undeleteRoutes({
  changeCounter,
  kind,
}: Pick<Database, 'changeCounter' | 'kind'>): readonly RouteImplementation[] {
  return [
    {
      name: 'listDeletions',
      async answer(request, surroundings) {
        await groupRemovals(surroundings.database)
        return listDeletions.answer(request, surroundings)
      },
    },
    reads('readDeletion', async ({ actor, params }, queries) => {
      const found = await deletions(queries, actor.scope).find(params.id)
      if (!found) throw new ProblemError('deletion-not-found')
      return found.shown
    }),
    changesAfter('undelete', countOfLine, async (request, transaction, counts) => {
      const { actor, body, now } = request
      const row = await heldLine(transaction, request)
      const refusal = whyNotUndelete(row.state)
      if (refusal !== null) throw new ProblemError('not-in-trash', { reason: refusal })
      const place = placeOf(row)
      const about = { name: row.name, place, scope: actor.scope, by: byWhom(request), now }
      let undeletion: UndeletionRow
      let lost = {}
      if (isTenant(row)) {
        lost = await undeleteTenant(transaction, row, { ...about, name: body.name })
        undeletion = await noteUndeletedTenant(transaction, row, about)
        await changeCounter.bump(transaction)
      } else {
        undeletion = await beginUndeletion(transaction, fromDeletion(row), counts, about)
      }
      const record = {
        target: { id: row.id, name: row.name },
        resellerId: place.resellerId,
        customerId: place.customerId,
        details: { kind: row.kind, undeletion: undeletion.id, ...lost },
      }
      return { answer: await shownUndeletion(transaction, actor, undeletion.id), record }
    }),
    changes('purgeDeletion', (request, transaction) =>
      changeLine(request, transaction, async (row) => {
        const { reason } = request.body
        return {
          reason,
          ...(await askForPurge(transaction, row, { reason, by: byWhom(request), now: request.now })),
        }
      }),
    ),
    changes('refusePurge', (request, transaction) =>
      changeLine(request, transaction, (row) => refusePurge(transaction, row)),
    ),
    reads('listUndeletions', ({ actor, query }, queries) => undeletions(queries, actor.scope).page(query)),
    reads('readUndeletion', ({ actor, params }, queries) => shownUndeletion(queries, actor, params.id)),
    reads('previewPutBack', async (request, queries) => {
      const client = await existingClient(queries, request)
      const { moment, added } = request.query
      const counts = await countUndeletion({ kind, queries }, atMoment(client, moment, added))
      const earliest = await earliestMoment(queries, client.vaultNo)
      return {
        ...counts,
        earliest,
        versionsThen: await versionsThen(queries, client.vaultNo, moment),
        refusal: whyNotPutBack(client, { moment, added, earliest, now: request.now }),
      }
    }),
    changesAfter(
      'putBackClient',
      async (request, database) => {
        const { moment, added } = request.body
        const client = await existingClient(database.queries, request)
        return countUndeletion(database, atMoment(client, moment, added))
      },
      async (request, transaction, counts) => {
        const client = await heldClient(transaction, request)
        const { moment, added, partial } = request.body
        expectPast(moment, request.now)
        if (added === 'remove') refuseWhileItRuns(client)
        const earliest = await earliestMoment(transaction, client.vaultNo)
        if (moment < earliest && !partial) throw new ProblemError('trash-purged', { earliest })
        const asked = { selection: atMoment(client, moment, added), counts }
        return begin(request, transaction, client, asked, { moment, added })
      },
    ),
    reads('listTrashedVersions', async (request, queries) => {
      const { vaultNo } = await existingClient(queries, request)
      return trashedVersions(queries, vaultNo, request.query)
    }),
    changesAfter(
      'undeleteVersion',
      async (request, database) => {
        const { vaultNo } = await existingClient(database.queries, request)
        const selection = await ofVersion(database.queries, vaultNo, request.body.version)
        return { selection, counts: await countUndeletion(database, selection) }
      },
      async (request, transaction, asked) => {
        const client = await heldClient(transaction, request)
        return begin(request, transaction, client, asked, { version: request.body.version })
      },
    ),
  ]
}

const listDeletions = reads('listDeletions', ({ actor, query }, queries) =>
  deletions(queries, actor.scope).page(query),
)

interface ClientRequest {
  readonly actor: Actor
  readonly address: string
  readonly now: number
}

/**
 * A line of the deleted report, of objects held with their client until the transaction ends: one that is moved away in
 * this very moment takes the line along.
 * @throws {ProblemError} deletion-not-found
 */
async function heldLine(
  transaction: Transaction<Schema>,
  { actor, params }: { actor: Actor; params: { id: string } },
): Promise<DeletionRow> {
  const lines = deletions(transaction, actor.scope)
  const before = (await lines.find(params.id))?.row
  if (before && !isTenant(before))
    await holdClients(transaction, sql<boolean>`clients.vault_no = ${before.vault_no}`)
  const found = await lines.find(params.id)
  if (!found) throw new ProblemError('deletion-not-found')
  return found.row
}

/** Changes a line of the deleted report, and answers with what it is then. @param change says what the audit log tells */
async function changeLine(
  { actor, params }: { actor: Actor; params: { id: string } },
  transaction: Transaction<Schema>,
  change: (row: DeletionRow) => Promise<object>,
) {
  const lines = deletions(transaction, actor.scope)
  const before = await lines.find(params.id)
  if (!before) throw new ProblemError('deletion-not-found')
  const { row } = before
  const details = { kind: row.kind, ...(await change(row)) }
  const after = await lines.find(params.id)
  if (!after) throw new ProblemError('deletion-not-found')
  const target = { id: row.id, name: row.name }
  const record = { target, resellerId: row.reseller_id, customerId: row.customer_id, details }
  return { answer: after.shown, record }
}

async function begin(
  request: ClientRequest,
  transaction: Transaction<Schema>,
  client: FoundClient,
  { selection, counts }: { selection: ObjectSelection; counts: UndeletionCounts },
  details: Record<string, unknown>,
) {
  const { id, clientId, customer } = client.shown
  const place = { resellerId: client.resellerId, customerId: customer.id, clientId: id }
  const { scope } = request.actor
  const about = { name: clientId, place, scope, by: byWhom(request), now: request.now }
  const undeletion = await beginUndeletion(transaction, selection, counts, about)
  const record = {
    target: { id, name: clientId },
    resellerId: place.resellerId,
    customerId: place.customerId,
    details: { ...details, undeletion: undeletion.id },
  }
  return { answer: await shownUndeletion(transaction, request.actor, undeletion.id), record }
}

function atMoment(client: FoundClient, moment: number, added: 'keep' | 'remove'): ObjectSelection {
  return { kind: 'moment', vault_no: client.vaultNo, moment, added, deletion_id: null, version: null }
}

/** @throws {ProblemError} version-not-in-trash */
async function ofVersion(
  queries: Kysely<Schema>,
  vaultNo: number,
  version: string,
): Promise<ObjectSelection> {
  const name = Buffer.from(version, 'hex')
  const entry = await queries
    .selectFrom('trash')
    .select('trashed_at')
    .where('vault_no', '=', vaultNo)
    .where('type', '=', 3)
    .where('name', '=', name)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (entry === undefined) throw new ProblemError('version-not-in-trash')
  // The last moment at which all that it needs was there.
  const moment = entry.trashed_at - 1
  return { kind: 'version', vault_no: vaultNo, moment, added: 'keep', version: name, deletion_id: null }
}

function fromDeletion({ id, vault_no }: DeletionRow): ObjectSelection {
  if (vault_no === null) throw new Error(`Deletion ${id} names no vault`)
  return { kind: 'objects', vault_no, deletion_id: id, moment: null, added: 'keep', version: null }
}

/** What a line of objects would bring back; nothing of a tenant, which comes back whole. */
async function countOfLine(
  { actor, params }: { actor: Actor; params: { id: string } },
  database: Database,
): Promise<UndeletionCounts> {
  const found = await deletions(database.queries, actor.scope).find(params.id)
  if (!found) throw new ProblemError('deletion-not-found')
  return isTenant(found.row) || whyNotUndelete(found.row.state) !== null
    ? nothingToUndelete
    : countUndeletion(database, fromDeletion(found.row))
}

function isTenant(row: DeletionRow): row is DeletionRow & { kind: 'reseller' | 'customer' | 'client' } {
  return row.kind === 'reseller' || row.kind === 'customer' || row.kind === 'client'
}

function placeOf({ reseller_id, customer_id, client_id }: DeletionRow) {
  return { resellerId: reseller_id, customerId: customer_id, clientId: client_id }
}

/** Entries up to this removal were purged, so no moment before can be had whole. */
async function earliestMoment(queries: Kysely<Schema>, vaultNo: number): Promise<number> {
  const row = await queries
    .selectFrom('clients')
    .select('trash_purged_to')
    .where('vault_no', '=', vaultNo)
    .executeTakeFirstOrThrow()
  return row.trash_purged_to
}

function expectPast(moment: number, now: number): void {
  if (moment <= now) return
  const errors = [atField('moment', { code: 'not-in-the-past' })]
  throw new ProblemError('invalid-request', { errors })
}

/** Taking out what a running backup has just stored would break it. A deactivated client stores nothing any more. */
function refuseWhileItRuns({ shown }: FoundClient): void {
  if (!shown.backupRunning || shown.state === 'deactivated') return
  const reason = reasonFor({ code: 'backup-in-the-way', clientId: shown.clientId })
  throw new ProblemError('backup-running', { clientIds: [shown.clientId], reason })
}

function whyNotPutBack(
  { shown }: FoundClient,
  asked: { moment: number; added: 'keep' | 'remove'; earliest: number; now: number },
): Reason | null {
  if (asked.moment > asked.now) return reasonFor({ code: 'moment-in-the-future' })
  if (asked.moment < asked.earliest) return reasonFor({ code: 'moment-purged' })
  if (asked.added === 'remove' && shown.backupRunning && shown.state === 'active')
    return reasonFor({ code: 'backup-in-the-way', clientId: shown.clientId })
  return null
}

async function shownUndeletion(queries: Kysely<Schema>, actor: Actor, id: string): Promise<Undeletion> {
  const found = await undeletions(queries, actor.scope).find(id)
  if (!found) throw new ProblemError('undeletion-not-found')
  return found
}
