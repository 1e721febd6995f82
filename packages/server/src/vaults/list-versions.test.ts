import assert from 'node:assert/strict'
import type { List, Version } from '@granary/contract'
import { asBefore } from '../test-world/as-before.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { pageOfVersions } from './list-versions.ts'

onEachDatabase(
  'versions show the runs that brought them, newest first, page by page',
  async ({ database, openAnother }) => {
    const world = await openVaultWorld(database)
    const client = await world.client('web01')
    const other = await world.client('web02')
    await world.put(other, 'snapshots', 'of another vault')
    const names: string[] = []
    for (let run = 0; run < 5; run++) {
      world.clock.advance(24 * 3_600_000)
      await world.put(client, 'locks', `lock ${run}`)
      world.clock.advance(10_000)
      await world.put(client, 'data', `pack ${run}, ten by`)
      world.clock.advance(60_000)
      await world.put(client, 'index', `index ${run}`)
      const { handle } = await world.put(client, 'snapshots', `snapshot ${run}`)
      names.unshift(handle.name)
    }
    const page = (query: Partial<Parameters<typeof pageOfVersions>[2]> = {}): Promise<List<Version>> =>
      pageOfVersions({ kind: database.kind, queries: database.queries }, client.vaultNo, {
        sort: '-receivedAt',
        limit: 50,
        ...query,
      })
    const all = await page()
    assert.deepEqual(
      all.items.map(({ id }) => id),
      names,
    )
    for (const version of all.items) {
      assert.deepEqual([version.addedObjects, version.addedBytes], [3, 14 + 7 + 10])
      assert.equal(version.receivedAt - version.startedAt, 60_000)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const part = await page({ limit: 2, sort: 'receivedAt', ...(cursor && { cursor }) })
      assert.equal(part.total, 5)
      seen.push(...part.items.map(({ id }) => id))
      cursor = part.nextCursor ?? undefined
    } while (cursor)
    assert.deepEqual(seen, names.toReversed())
    const found = await page({ search: names[1]?.slice(0, 8).toUpperCase() })
    assert.deepEqual([found.total, found.items[0]?.id], [1, names[1]])
    assert.equal((await page({ search: '%' })).total, 0)

    world.clock.advance(1000)
    await world.put(client, 'data', 'of a run that is under way')
    const { queries } = database
    const account = async () => ({
      ...(await queries
        .selectFrom('space')
        .select(['run_objects', 'run_bytes', 'run_began_at'])
        .where('owner_id', '=', client.id)
        .executeTakeFirstOrThrow()),
    })
    const before = await account()
    assert.deepEqual(before, { run_objects: 1, run_bytes: 26, run_began_at: world.clock.now() })
    await asBefore(queries, '0026-runs')
    await openAnother()
    assert.deepEqual(await page(), all)
    assert.deepEqual(await account(), before)
  },
)
