import { createHash } from 'node:crypto'
import {
  defaultLocation,
  MemoryVaults,
  type ObjectHandle,
  type ObjectType,
  type VaultStore,
} from '@granary/object-store'
import pino from 'pino'
import { insertClient } from '../clients/client-store.ts'
import { type VaultAccess, VaultAccessQuery } from '../clients/vault-access.ts'
import { ensureDefaults } from '../customers/customers.ts'
import { Licences } from '../licences/draw-licence.ts'
import type { Database } from '../platform/database/database.ts'
import { Quotas } from '../quotas/reserve-bytes.ts'
import { folderOf, ObjectLedger, type StoredOutcome } from '../vaults/object-ledger.ts'

/** The data plane's parts on a real database, without HTTP, for one test. */
export interface VaultWorld {
  readonly database: Database
  readonly store: VaultStore
  readonly ledger: ObjectLedger
  readonly quotas: Quotas
  readonly licences: Licences
  readonly clock: { now(): number; advance(ms: number): void }
  /** A client of the Default Customer, as the data plane sees it. */
  client(clientId: string): Promise<VaultAccess>
  /** A client that is there already, as the data plane sees it. */
  access(urlKey: string, clientId: string): Promise<VaultAccess>
  /** Takes an object in, publishes it and ledgers it. */
  put(
    access: VaultAccess,
    type: ObjectType,
    content: string,
  ): Promise<{ handle: ObjectHandle; outcome: StoredOutcome }>
  /** Removes it as a client would. */
  trash(access: VaultAccess, handle: ObjectHandle): Promise<void>
  space(ownerId: string): Promise<{ allotted: number | null; used: number; reserved: number }>
  allot(ownerId: string, bytes: number | null): Promise<void>
}

/** A clock that stands still until it is moved on. */
export function steppedClock() {
  let time = Date.UTC(2026, 10, 24, 12)
  return {
    now: () => time,
    advance(ms: number) {
      time += ms
    },
  }
}

export async function openVaultWorld(
  database: Database,
  store: VaultStore = new MemoryVaults(),
  clock: VaultWorld['clock'] = steppedClock(),
): Promise<VaultWorld> {
  const log = pino({ level: 'silent' })
  await ensureDefaults(database, clock)
  const ledger = new ObjectLedger({ database, store, clock, log })
  const query = new VaultAccessQuery(database)
  const find = async (urlKey: string, clientId: string) => {
    const access = await query.find(urlKey, clientId)
    if (access === null) throw new Error(`${clientId} was not let in`)
    return access
  }
  return {
    database,
    store,
    ledger,
    clock,
    quotas: new Quotas(database, 'test-process'),
    licences: new Licences(database, clock),
    async client(clientId) {
      await database.transaction(async (transaction) => {
        const { id } = await transaction.selectFrom('customers').select('id').executeTakeFirstOrThrow()
        await insertClient(transaction, () => defaultLocation, {
          customerId: id,
          clientId,
          kind: 'workstation',
          state: 'active',
          appendOnly: false,
          secretHash: Buffer.alloc(32),
          allottedBytes: null,
          admittedBy: 'added',
          now: clock.now(),
        })
      })
      return find('default', clientId)
    },
    access: find,
    async put(access, type, content) {
      const handle = { type, name: createHash('sha256').update(content).digest('hex') }
      const incoming = store.receive(folderOf(access), handle)
      await incoming.write(Buffer.from(content))
      await incoming.persist()
      await incoming.publish()
      const bytes = incoming.receivedBytes
      const outcome = await ledger.stored({
        access,
        handle,
        bytes,
        content: null,
        reservation: undefined,
        actor: 'client',
        address: '',
      })
      await ledger.keepShown(access, handle, incoming)
      await incoming.release()
      return { handle, outcome }
    },
    async trash(access, handle) {
      const found = await ledger.find(access, handle)
      if (found === null) return
      const until = clock.now() + 1000
      await ledger.trashed({ access, handle, storedAt: found.storedAt, until, actor: 'client', address: '' })
    },
    async space(ownerId) {
      const row = await database.queries
        .selectFrom('space')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .executeTakeFirstOrThrow()
      return { allotted: row.allotted_bytes, used: row.used_bytes, reserved: row.reserved_bytes }
    },
    async allot(ownerId, bytes) {
      await database.queries
        .updateTable('space')
        .set({ allotted_bytes: bytes })
        .where('owner_id', '=', ownerId)
        .execute()
    },
  }
}
