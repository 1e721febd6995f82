import assert from 'node:assert/strict'
import { onEachDatabase } from '../../test-world/on-each-database.ts'

onEachDatabase('whoever edits knows of it at once, and not of what was rolled back', async ({ database }) => {
  const { changeCounter } = database
  const before = changeCounter.current()
  const failed = database.transaction(async (transaction) => {
    await changeCounter.bump(transaction)
    throw new Error('thought better of it')
  })
  await assert.rejects(failed, /thought better/)
  assert.equal(changeCounter.current(), before)
  await database.transaction((transaction) => changeCounter.bump(transaction))
  assert.equal(changeCounter.current(), before + 1)
})
