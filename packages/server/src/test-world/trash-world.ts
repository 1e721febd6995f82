import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { ClientWithSecret, CustomerDetails, ResellerDetails, Undeletion } from '@granary/contract'
import { LocalVaults, type ObjectHandle, type ObjectType } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import { runUndeletion } from '../deletions/run-undeletion.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { readObject } from '../vaults/read-object.ts'
import { type ApiWorld, startApiWorld } from './api-world.ts'
import type { TestPlace } from './on-each-database.ts'
import { openVaultWorld, type VaultWorld } from './vault-world.ts'

/** A reseller with a customer with a client, the API that manages them and the parts that store for them. */
export interface TrashWorld extends AsyncDisposable {
  readonly api: ApiWorld
  readonly vaults: VaultWorld
  readonly store: LocalVaults
  readonly ledger: VaultWorld['ledger']
  readonly reseller: ResellerDetails
  readonly customer: CustomerDetails
  readonly client: ClientWithSecret
  readonly access: VaultAccess
  put(type: ObjectType, content: string): Promise<ObjectHandle>
  putConfig(content: string): Promise<ObjectHandle>
  remove(handle: ObjectHandle): Promise<void>
  read(handle: ObjectHandle | undefined): Promise<string | undefined>
  /** As a client gets it over HTTP; the error, where it is refused. */
  download(handle: ObjectHandle): Promise<string>
  listed(type: ObjectType): Promise<string[]>
  space(ownerId: string): Promise<{ used: number; reserved: number; trash: number }>
  /** Asks for it and carries it to its end. */
  putBack(body: Record<string, unknown>): Promise<Undeletion>
  run(): Promise<number>
  /** As if the process died when the step had begun. */
  runUntil(step: Undeletion['step']): Promise<void>
  /** What accounts say is what the rows add up to. */
  assertAccountsAgree(): Promise<void>
}

export async function openTrashWorld(place: TestPlace): Promise<TrashWorld> {
  const { database } = place
  const api = await startApiWorld(place)
  const store = new LocalVaults(path.join(place.dataFolder, 'objects'), 'test')
  const vaults = await openVaultWorld(database, store, api.clock)
  const { ledger } = vaults
  const reseller = await api.reseller({ name: 'Reseller' })
  const customer = await api.customer({ name: 'Customer', reseller: reseller.id })
  const client = await api.client(customer, { clientId: 'web01' })
  const access = await vaults.access(customer.urlKey, client.clientId)
  const folder = folderOf(access)
  const parts = { database, store, ledger, clock: api.clock }
  const waiting = () =>
    database.queries.selectFrom('undeletions').select('id').where('finished_at', 'is', null).execute()
  const world: TrashWorld = {
    ...{ api, vaults, store, ledger, reseller, customer, client, access },
    async put(type, content) {
      return (await vaults.put(access, type, content)).handle
    },
    async putConfig(content) {
      const handle: ObjectHandle = { type: 'config', name: '' }
      const incoming = store.receive(folder, handle)
      incoming.write(Buffer.from(content))
      await incoming.persist()
      assert.deepEqual(await incoming.publish(), { existed: false })
      const bytes = incoming.receivedBytes
      await ledger.stored({
        access,
        handle,
        bytes,
        reservation: undefined,
        content: null,
        actor: 'client',
        address: '',
      })
      await ledger.keepShown(access, handle, incoming)
      await incoming.release()
      return handle
    },
    async remove(handle) {
      const found = await ledger.find(access, handle)
      assert.ok(found)
      const until = api.clock.now() + access.undeleteWindowMs
      await ledger.trashed({ access, handle, storedAt: found.storedAt, until, actor: 'client', address: '' })
    },
    async read(handle) {
      assert.ok(handle)
      assert.ok(await ledger.find(access, handle), `${handle.type} is in the ledger`)
      const object = await store.open(folder, handle)
      const content = object?.readWhole(1000)?.toString()
      object?.close()
      return content
    },
    async download(handle) {
      const server = createServer((_, response) => {
        const read = async () => readObject({ store, ledger }, access, handle, undefined, response)
        read().catch((error: unknown) => response.end(String(error)))
      })
      await once(server.listen(0, '127.0.0.1'), 'listening')
      try {
        const { port } = server.address() as AddressInfo
        return await (await fetch(`http://127.0.0.1:${port}`)).text()
      } finally {
        server.close()
      }
    },
    async listed(type) {
      const names: string[] = []
      for await (const page of ledger.list(access, type, 1000)) names.push(...page.map(({ name }) => name))
      return names
    },
    async space(ownerId) {
      const row = await database.queries
        .selectFrom('space')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .executeTakeFirstOrThrow()
      return { used: row.used_bytes, reserved: row.reserved_bytes, trash: row.trash_bytes }
    },
    async putBack(body) {
      const { id } = await api.send<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, body)
      assert.equal(await world.run(), 1)
      return api.get<Undeletion>(`/api/v1/undeletions/${id}`)
    },
    async run() {
      const found = await waiting()
      for (const { id } of found) await runUndeletion(parts, id)
      return found.length
    },
    async runUntil(step) {
      for (const { id } of await waiting()) await runUndeletion(parts, id, { until: step })
    },
    async assertAccountsAgree() {
      const sum = async (table: 'objects' | 'trash') => {
        const { bytes } = await database.queries
          .selectFrom(table)
          .select((eb) => eb.fn.sum<number | null>('bytes').as('bytes'))
          .executeTakeFirstOrThrow()
        return bytes ?? 0
      }
      const { used, trash } = await world.space(access.customerId)
      assert.deepEqual({ used, trash }, { used: await sum('objects'), trash: await sum('trash') })
    },
    async [Symbol.asyncDispose]() {
      await ledger.idle()
      await store.close()
      await api[Symbol.asyncDispose]()
    },
  }
  return world
}
