import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LocalCopies, LocalVaults } from '@granary/object-store'
import pino from 'pino'
import type { VaultAccess } from '../clients/vault-access.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { folderOf } from '../vaults/object-ledger.ts'
import { type Difference, reconcile } from './scrub.ts'

const log = pino({ level: 'silent' })

onEachDatabase(
  'ledger and object store are compared both ways, and put right',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const access = await world.client('web01')
    const folder = folderOf(access)
    const kept = await world.put(access, 'data', 'kept')
    const lost = await world.put(access, 'data', 'lost')
    const cut = await world.put(access, 'index', 'cut short')
    const removed = await world.put(access, 'snapshots', 'removed')
    await world.trash(access, removed.handle)
    await world.ledger.idle()
    const copiesFolder = path.join(dataFolder, 'copies')
    cpSync(path.join(objects, 'vaults'), path.join(copiesFolder, 'vaults'), { recursive: true })
    const fileOf = ({ type, name }: { type: string; name: string }) =>
      path.join(objects, 'vaults', folder, type, type === 'data' ? name.slice(0, 2) : '', name)
    const put = (type: string, name: string, content: string) => {
      mkdirSync(path.dirname(fileOf({ type, name })), { recursive: true })
      writeFileSync(fileOf({ type, name }), content)
      return { type, name }
    }

    const parts = { database, store, clock: world.clock, copies: [new LocalCopies(copiesFolder)], log }
    const run = async (repair: boolean, settledAfterMs = 0) => {
      const found: Difference[] = []
      for await (const difference of reconcile(parts, { repair, settledAfterMs })) found.push(difference)
      return found.map(({ what, kind, outcome }) => `${what.slice(0, 14)} ${kind}: ${outcome}`).sort()
    }
    assert.deepEqual(await run(true), [], 'what is right stays as it is')

    rmSync(fileOf(lost.handle))
    writeFileSync(fileOf(cut.handle), 'cut')
    const whole = createHash('sha256').update('nobody ledgered this').digest('hex')
    put('data', whole, 'nobody ledgered this')
    const wrong = put('snapshots', 'ab'.repeat(32), 'not what its name says')
    await database.queries
      .updateTable('space')
      .set((eb) => ({ used_bytes: eb('used_bytes', '+', 7) }))
      .where('owner_id', '=', access.id)
      .execute()
    assert.deepEqual(
      (await run(false, 60_000)).filter((line) => line.includes('unledgered')),
      [],
      'still young',
    )
    const short = (handle: { type: string; name: string }) => `${handle.type}/${handle.name}`.slice(0, 14)
    const differences = (outcomes: readonly string[]) =>
      [
        `${short(lost.handle)} missing: ${outcomes[0]}`,
        `${short(cut.handle)} wrong-size: ${outcomes[0]}`,
        `${short({ type: 'data', name: whole })} unledgered: ${outcomes[1]}`,
        `${short(wrong)} unledgered: ${outcomes[2]}`,
        `used space account: ${outcomes[3]}`,
      ].sort()
    assert.deepEqual(await run(false), differences(['found', 'found', 'found', 'found']))
    assert.deepEqual(await run(true), differences(['healed', 'adopted', 'set aside', 'corrected']))
    assert.deepEqual(await run(true), [])
    const { used } = await world.space(access.id)
    assert.equal(used, 'kept'.length + 'lost'.length + 'cut short'.length + 'nobody ledgered this'.length)
    assert.ok(await world.ledger.find(access, { type: 'data', name: whole }))
    assert.equal(store.bytes(folder, kept.handle), 4)
    assert.equal(readdirSync(path.join(objects, 'damaged', folder)).length, 2, 'nothing is thrown away')
    await store.close()
  },
)

onEachDatabase(
  'one file that the disk refuses is told of, and hides neither what lies behind it nor other vaults',
  async ({ database, dataFolder }) => {
    const objects = path.join(dataFolder, 'objects')
    const store = new LocalVaults(objects, 'test')
    const world = await openVaultWorld(database, store)
    const [bad, good] = [await world.client('bad'), await world.client('good')]
    const fileOf = (access: VaultAccess, name: string) =>
      path.join(objects, 'vaults', folderOf(access), 'data', name.slice(0, 2), name)
    const refused = await world.put(bad, 'data', 'refused')
    const lost = await world.put(good, 'data', 'lost')
    await world.ledger.idle()
    const file = fileOf(bad, refused.handle.name)
    rmSync(file)
    symlinkSync(file, file)
    rmSync(fileOf(good, lost.handle.name))

    const parts = { database, store, clock: world.clock, copies: [], log }
    for (const repair of [false, true]) {
      const found: Difference[] = []
      for await (const one of reconcile(parts, { repair, settledAfterMs: 0 })) found.push(one)
      assert.deepEqual(
        found.map(({ clientId, what, kind, outcome }) => [clientId, what, kind, outcome]),
        [
          ['bad', `data/${refused.handle.name}`, 'refused', 'found'],
          ['good', `data/${lost.handle.name}`, 'missing', repair ? 'no good copy' : 'found'],
        ],
      )
      assert.match(String(found[0]?.trouble), /ELOOP/)
    }
    await store.close()
  },
)
