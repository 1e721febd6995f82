import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runKillTrials } from '../test-world/kill-trials.ts'

test('backups, prunes and copies that are killed anywhere lose nothing', async (context) => {
  const { killed, restored } = await runKillTrials(20, Math.random)
  context.diagnostic(`${killed} of 20 runs were killed, and ${restored} snapshots restored`)
  assert.ok(killed >= 10 && restored >= 4)
})
