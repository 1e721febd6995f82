import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type {
  Alert,
  Client,
  ClientSigns,
  ClientWithSecret,
  Deletion,
  List,
  PutBackPreview,
  Undeletion,
} from '@granary/contract'
import {
  describeTree,
  noise,
  repositoryAddress,
  runRestic,
  startMailServer,
  temporaryFolder,
} from '@granary/testing'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { untilTakenIn } from '../test-world/until-taken-in.ts'

const hour = 3_600_000
const day = 24 * hour

onEachDatabase(
  'files are encrypted and versions pruned with a stolen credential: the alarm comes, and nothing is lost',
  async (place) => {
    await using world = await startApiWorld(place)
    await using mail = await startMailServer()
    await using files = await temporaryFolder('files')
    await using target = await temporaryFolder('restored')
    await world.setUpMail(mail)
    const customer = await world.customer({ name: 'Bakery' })
    const bea = await world.user('customer-operator', customer.id)
    const ada = await world.user('server-admin')
    const client = await world.client(customer, { clientId: 'till-1' })
    const restic = (...args: string[]) => runRestic(repositoryAddress(client), args, { cwd: files.path })

    for (let n = 0; n < 6; n += 1)
      await writeFile(path.join(files.path, `document ${n}`), noise(2_000_000, `${n}`))
    await restic('init')
    for (let night = 0; night < 8; night += 1) {
      await writeFile(path.join(files.path, 'diary'), noise(50_000, `night ${night}`))
      await restic('backup', '.', '--host', 'till-1')
      await untilTakenIn(world)
      world.clock.advance(day)
    }
    const good = await snapshotIds(restic)
    const tree = await describeTree(files.path)
    assert.deepEqual((await signsOf(world, client)).open, [], 'usual life')
    mail.mails.splice(0)

    const before = world.clock.now()
    await encryptEverything(files.path)
    await restic('backup', '.', '--host', 'till-1')
    await restic('forget', '--keep-last', '1', '--prune', '--max-unused', '0')
    await untilTakenIn(world)

    const signs = await signsOf(world, client)
    assert.equal(signs.frozen, true)
    assert.deepEqual(signs.open.map(({ sign }) => sign).toSorted(), [
      'data-removed',
      'deduplication-lost',
      'versions-removed',
    ])
    for (const { since, putBackTo } of signs.open) assert.ok(since > before && putBackTo >= before)
    await world.runJobs()
    for (const { email } of [bea, ada]) {
      assert.match(mail.to(email).subject, /^Warning signs: till-1$/)
      assert.match(mail.to(email).text, /it removed .* of its 8 versions/)
    }
    assert.equal(mail.mails.length, 2, 'once')
    const listed = await world.get<List<Client>>('/api/v1/clients?attention=warning')
    assert.equal(listed.items[0]?.warning?.signs.length, 3)

    await world.letPass(20 * day)
    await world.runJobs()
    const trash = () => world.database.queries.selectFrom('trash').selectAll().execute()
    const kept = (await trash()).length
    assert.ok(kept > 8, 'its window has ended, and it is still there')
    const { items: lines } = await world.get<List<Deletion>>(`/api/v1/deletions?client=${client.id}`)
    assert.deepEqual([...new Set(lines.map((line) => line.frozen))], [true])
    await world.refused('trash-frozen', 'POST', `/api/v1/deletions/${lines[0]?.id}/purge`, {
      body: { reason: 'to be rid of it' },
    })

    const moment = Math.min(...signs.open.map(({ putBackTo }) => putBackTo))
    const preview = await world.get<PutBackPreview>(
      `/api/v1/clients/${client.id}/put-back-preview?moment=${moment}&added=remove`,
    )
    assert.equal(preview.versions, good.length)
    const fresh = await world.send<ClientWithSecret>('POST', `/api/v1/clients/${client.id}/reset-credentials`)
    const ask = { moment, added: 'remove' }
    const asked = await world.send<Undeletion>('POST', `/api/v1/clients/${client.id}/put-back`, ask)
    await world.runJobs()
    const done = await world.get<Undeletion>(`/api/v1/undeletions/${asked.id}`)
    assert.deepEqual([done.step, done.damagedObjects], ['done', 0])
    const asOwner = (...args: string[]) => runRestic(repositoryAddress(fresh), args, { cwd: files.path })
    assert.deepEqual(await snapshotIds(asOwner), good)
    await asOwner('check', '--read-data')
    await asOwner('restore', good.at(-1) ?? '', '--target', target.path)
    assert.deepEqual(await describeTree(target.path), tree)

    const asBea = { key: await world.key('customer-operator', customer.id) }
    const release = `/api/v1/clients/${client.id}/release-trash`
    const released = await world.send<ClientSigns>('POST', release, { reason: 'cleaned' }, asBea)
    assert.deepEqual([released.frozen, released.open], [false, []])
    await world.refused('state-conflict', 'POST', release, { body: {} })
    await world.runJobs()
    assert.ok((await trash()).length > 0, 'windows that have ended go on after some days')
    assert.match(mail.to(ada.email).subject, /^Resolved: Warning signs: till-1$/)
    await world.letPass(15 * day)
    await world.runJobs()
    assert.deepEqual(await trash(), [], 'what was put back is stored, the rest is purged')
    assert.deepEqual(
      (await world.get<List<Alert>>('/api/v1/alerts?state=open&kind=warning-sign')).items,
      [],
      'told once, over once',
    )
    await asOwner('check')
    await runRestic(repositoryAddress(fresh), ['backup', '.', '--host', 'till-1'], { cwd: target.path })
    await untilTakenIn(world)
    assert.deepEqual((await signsOf(world, client)).open, [])
  },
)

async function encryptEverything(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await writeFile(path.join(folder, name), randomBytes(2_000_000))
}

async function snapshotIds(restic: (...args: string[]) => Promise<{ stdout: string }>): Promise<string[]> {
  const { stdout } = await restic('snapshots', '--json')
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)
}

function signsOf(world: ApiWorld, { id }: { id: string }): Promise<ClientSigns> {
  return world.get<ClientSigns>(`/api/v1/clients/${id}/warning-signs`)
}
