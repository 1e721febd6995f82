import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryObserver } from '@tanstack/react-query'
import { cache, changeCached, readAgain, showAhead } from './cache.ts'

interface Row {
  readonly id: string
  readonly active: boolean
}

test('what is shown ahead of the server stays until the last change is answered, whoever reads meanwhile', async () => {
  const server = { id: 'bakery', active: true }
  let readings = 0
  const observer = new QueryObserver<{ items: Row[] }>(cache, {
    queryKey: ['customers', 'list'],
    queryFn: async () => {
      readings++
      return { items: [{ ...server }] }
    },
  })
  const shown: boolean[] = []
  const stop = observer.subscribe(({ data }) => {
    const active = data?.items[0]?.active
    if (active !== undefined && active !== shown.at(-1)) shown.push(active)
  })
  await observer.refetch()

  const change = (active: boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = showAhead(
      'customers',
      () => changeCached<Row>('customers', server.id, (row) => ({ ...row, active })),
      async () => {
        await promise
        server.active = active
      },
    )
    const answer = () => {
      resolve()
      return done
    }
    return { answer }
  }
  const off = change(false)
  readAgain()
  const on = change(true)
  const offAgain = change(false)
  await off.answer()
  await on.answer()
  readAgain('customers')
  assert.equal(readings, 1)
  await offAgain.answer()
  await cache.getQueryCache().find({ queryKey: ['customers', 'list'] })?.promise
  assert.equal(readings, 2)
  assert.deepEqual(shown, [true, false, true, false])
  stop()
  cache.clear()
})
