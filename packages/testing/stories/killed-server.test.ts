import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashTrial } from '../src/crash-trial.ts'
import { startWorld } from '../src/world.ts'

for (const { database, kills } of [
  { database: 'sqlite', kills: 20 },
  { database: 'postgres', kills: 5 },
] as const) {
  test(`killed ${kills} times amid uploads, it has lost nothing it acknowledged (${database})`, async () => {
    await using world = await startWorld({ database, workers: 2, onDisk: true })
    const client = await world.client(await world.customer())
    await world.vault(client, '?create=true', { method: 'POST' })
    let acknowledged = 0
    for (let kill = 1; kill <= kills; kill++) {
      const result = await crashTrial(world, client, {
        connections: 8,
        killWithinMs: 500,
        seed: `kill ${kill}`,
      })
      acknowledged += result.acknowledgedUploads
    }
    assert.ok(acknowledged > kills, `only ${acknowledged} uploads were acknowledged between ${kills} kills`)
  })
}
