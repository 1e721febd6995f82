import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runKillTrials } from '../test-world/kill-trials.ts'

test('backups, prunes and copies that are killed anywhere lose nothing', async (context) => {
  const { runs, restored } = await runKillTrials(20, Math.random)
  context.diagnostic(`20 of ${runs} runs were killed, and ${restored.copies} snapshots restored from copies`)
  assert.equal(restored.backups, 4)
})
