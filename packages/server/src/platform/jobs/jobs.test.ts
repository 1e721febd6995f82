import assert from 'node:assert/strict'
import { within } from '@granary/testing'
import type { KyselyPlugin } from 'kysely'
import pino from 'pino'
import { onEachDatabase, type TestPlace } from '../../test-world/on-each-database.ts'
import type { Database } from '../database/database.ts'
import { leaseMs } from './job-leases.ts'
import { addJob, bringForward, type JobKind, JobRunner } from './jobs.ts'

const minute = 60_000

onEachDatabase('each job is run by one of many servers, exactly once', async (place) => {
  const time = testClock()
  const done: string[] = []
  const kind: JobKind = {
    name: 'note',
    async run({ payload }) {
      done.push(String(payload))
    },
  }
  const runners = [
    runner(place.database, time, 'one', kind),
    runner(await place.openAnother(), time, 'two', kind),
    runner(await place.openAnother(), time, 'three', kind),
  ]
  const wanted = Array.from({ length: 30 }, (_, n) => `job ${n}`)
  for (const payload of wanted) {
    await addJob(place.database.queries, { kind: 'note', payload, now: time.now() })
  }
  await Promise.all(runners.map((each) => each.runDue()))
  assert.deepEqual(done.toSorted(), wanted.toSorted())
  assert.equal(await jobsLeft(place), 0)
})

onEachDatabase('what a job adds while others are looked for is done, too', async (place) => {
  const time = testClock()
  const [looked, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const kinds = new WeakMap<object, string>()
  // As slow as a database can be: that nothing is due arrives when the job that ran meanwhile is over.
  const slow: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      kinds.set(queryId, node.kind)
      return node
    },
    async transformResult({ result, queryId }) {
      if (kinds.get(queryId) === 'DeleteQueryNode') ended.resolve()
      if (kinds.get(queryId) === 'SelectQueryNode' && result.rows.length === 0) {
        looked.resolve()
        // SQLite answers in the order in which it was asked.
        if (place.database.kind === 'sqlite') return result
        await ended.promise
        await new Promise((resolve) => setImmediate(resolve))
      }
      return result
    },
  }
  const done: unknown[] = []
  const add = (payload: string) => addJob(place.database.queries, { kind: 'note', payload, now: time.now() })
  const runs = runner({ ...place.database, queries: place.database.queries.withPlugin(slow) }, time, 'one', {
    name: 'note',
    async run({ payload }) {
      if (payload === 'first') await looked.promise.then(() => add('second'))
      done.push(payload)
    },
  })
  await add('first')
  await runs.runDue()
  assert.deepEqual(done, ['first', 'second'])
})

onEachDatabase('a mail server that does not answer keeps nothing else waiting', async (place) => {
  const time = testClock()
  const answer = Promise.withResolvers<void>()
  const looked = Promise.withResolvers<void>()
  const runs = runner(
    place.database,
    time,
    'one',
    { name: 'mail', waitsForOthers: true, run: () => answer.promise },
    { name: 'look', everyMs: minute, run: async () => looked.resolve() },
  )
  const { queries } = place.database
  for (let n = 0; n < 40; n += 1) await addJob(queries, { kind: 'mail', payload: n, now: time.now() - 1 })
  const ends = runs.runDue()
  try {
    await Promise.race([
      looked.promise,
      new Promise((_, reject) => setTimeout(() => reject(new Error('It waits behind the mails.')), 2000)),
    ])
  } finally {
    answer.resolve()
    await ends
  }
  assert.equal(await jobsLeft(place), 1)
})

onEachDatabase('what is brought forward while it runs comes again at once', async (place) => {
  const time = testClock()
  const { queries } = place.database
  let looks = 0
  const runs = runner(place.database, time, 'one', {
    name: 'look',
    everyMs: minute,
    async run() {
      looks += 1
      // Something changes that this look has already looked at.
      if (looks === 1) {
        time.advance(1)
        await bringForward(queries, 'look', time.now())
      }
    },
  })
  await runs.runDue()
  assert.equal(looks, 2)
})

onEachDatabase('a job whose process died is taken over when its lease has run out', async (place) => {
  const time = testClock()
  const dead = Promise.withResolvers<void>()
  const began: string[] = []
  const dying = runner(place.database, time, 'dying', {
    name: 'work',
    run: ({ id }) => {
      began.push(id)
      return dead.promise
    },
  })
  await addJob(place.database.queries, { kind: 'work', payload: null, now: time.now() })
  const ofTheDead = dying.runDue()
  while (began.length === 0) await new Promise((resolve) => setImmediate(resolve))

  const heir = runner(await place.openAnother(), time, 'heir', {
    name: 'work',
    async run({ id }) {
      began.push(id)
    },
  })
  time.advance(leaseMs - 1)
  await heir.runDue()
  assert.equal(began.length, 1, 'not while the lease lasts')
  time.advance(1)
  await heir.runDue()
  assert.deepEqual(began, [began[0], began[0]], 'the same job again')
  assert.equal(await jobsLeft(place), 0)
  dead.resolve()
  await ofTheDead
})

onEachDatabase('what fails is tried again after longer and longer, then given up and kept', async (place) => {
  const time = testClock()
  let attempts = 0
  const failing = runner(place.database, time, 'one', {
    name: 'work',
    mostAttempts: 3,
    async run() {
      attempts += 1
      throw new Error(`no luck ${attempts}`)
    },
  })
  await addJob(place.database.queries, { kind: 'work', payload: { precious: 1 }, now: time.now() })
  await failing.runDue()
  assert.equal(attempts, 1)
  time.advance(minute - 1)
  await failing.runDue()
  assert.equal(attempts, 1)
  time.advance(1)
  await failing.runDue()
  assert.equal(attempts, 2)
  time.advance(minute)
  await failing.runDue()
  assert.equal(attempts, 2, 'the second pause is twice as long')
  time.advance(minute)
  await failing.runDue()
  assert.equal(attempts, 3)
  time.advance(24 * 60 * minute)
  await failing.runDue()
  assert.equal(attempts, 3)
  const kept = await place.database.queries.selectFrom('jobs').selectAll().executeTakeFirstOrThrow()
  assert.equal(kept.last_error, 'no luck 3')
  assert.equal(kept.payload, '{"precious":1}')
  assert.ok(kept.given_up_at !== null)
})

onEachDatabase('what comes again and again is there once, however many servers ask for it', async (place) => {
  const time = testClock()
  let runs = 0
  const kind: JobKind = {
    name: 'tidy',
    everyMs: 10 * minute,
    async run() {
      runs += 1
      if (runs === 2) throw new Error('once')
    },
  }
  const one = runner(place.database, time, 'one', kind)
  const two = runner(await place.openAnother(), time, 'two', kind)
  await Promise.all([one.runDue(), two.runDue()])
  assert.equal(runs, 1)
  time.advance(10 * minute)
  await Promise.all([one.runDue(), two.runDue()])
  assert.equal(runs, 2, 'this one fails')
  time.advance(minute)
  await two.runDue()
  assert.equal(runs, 3)
  time.advance(10 * minute)
  await one.runDue()
  assert.equal(runs, 4)
  assert.equal(await jobsLeft(place), 1)
})

onEachDatabase('a server that stops gives back what it was at', async (place) => {
  const time = testClock()
  const begun = Promise.withResolvers<void>()
  const stopped = runner(place.database, time, 'one', {
    name: 'work',
    run: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        begun.resolve()
      }),
  })
  await addJob(place.database.queries, { kind: 'work', payload: null, now: time.now() })
  const running = stopped.runDue()
  await begun.promise
  await stopped.close()
  await running
  const left = await place.database.queries.selectFrom('jobs').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([left.holder, left.attempts, left.last_error], [null, 0, null])
})

onEachDatabase('what goes through whole tables runs one after the other, beside the rest', async (place) => {
  const time = testClock()
  const mailed = Promise.withResolvers<void>()
  let atOnce = 0
  const begun: string[] = []
  const heavy = (name: string): JobKind => ({
    name,
    heavy: true,
    async run() {
      atOnce += 1
      begun.push(`${name}, ${atOnce} at once`)
      await mailed.promise
      atOnce -= 1
    },
  })
  const runs = runner(place.database, time, 'one', heavy('copy'), heavy('count'), {
    name: 'mail',
    run: async () => mailed.resolve(),
  })
  for (const kind of ['copy', 'count', 'mail']) {
    await addJob(place.database.queries, { kind, payload: null, now: time.now() })
    time.advance(1)
  }
  await runs.runDue()
  assert.deepEqual(begun, ['copy, 1 at once', 'count, 1 at once'])
  assert.equal(await jobsLeft(place), 0)
})

onEachDatabase('what was given up begins anew when it is asked for again', async (place) => {
  const time = testClock()
  const done: unknown[] = []
  const runs = runner(place.database, time, 'one', {
    name: 'work',
    mostAttempts: 1,
    async run({ payload }) {
      done.push(payload)
      if (payload === 'first') throw new Error('no luck')
    },
  })
  const ask = (payload: string) =>
    addJob(place.database.queries, { kind: 'work', key: 'one', payload, now: time.now() })
  await ask('first')
  await ask('not added beside it')
  await runs.runDue()
  time.advance(minute)
  await ask('again')
  await runs.runDue()
  assert.deepEqual(done, ['first', 'again'])
  assert.equal(await jobsLeft(place), 0)
})

onEachDatabase('what was noted while the clock was far ahead comes when it is put right', async (place) => {
  const time = testClock()
  const year = 365 * 24 * 60 * minute
  const dead = Promise.withResolvers<void>()
  using _ = { [Symbol.dispose]: () => dead.resolve() }
  const begun = Promise.withResolvers<void>()
  const done: string[] = []
  const kinds = (holder: string): JobKind[] => [
    { name: 'tidy', everyMs: 10 * minute, run: async () => void done.push('tidy') },
    { name: 'once', run: async () => void done.push('once') },
    {
      name: 'held',
      async run() {
        if (holder === 'heir') return void done.push('held')
        begun.resolve()
        await dead.promise
      },
    },
  ]
  const add = (kind: string) => addJob(place.database.queries, { kind, payload: null, now: time.now() })
  time.advance(year)
  await add('held')
  const dying = runner(place.database, time, 'dying', ...kinds('dying'))
  const ofTheDead = dying.runDue()
  await begun.promise
  // Until it is noted when it comes again.
  await within(10_000, async () => {
    const tidy = place.database.queries
      .selectFrom('jobs')
      .select(['due_at', 'holder'])
      .where('kind', '=', 'tidy')
    const { due_at, holder } = await tidy.executeTakeFirstOrThrow()
    assert.deepEqual([due_at > time.now(), holder], [true, null])
  })
  assert.deepEqual(done.splice(0), ['tidy'])
  await add('once')
  time.advance(-year)
  const heir = runner(await place.openAnother(), time, 'heir', ...kinds('heir'))
  await heir.runDue()
  assert.deepEqual(done.splice(0).sort(), ['held', 'once', 'tidy'])
  time.advance(9 * minute)
  await heir.runDue()
  assert.deepEqual(done.splice(0), [])
  time.advance(minute)
  await heir.runDue()
  assert.deepEqual(done.splice(0), ['tidy'])
  dead.resolve()
  await ofTheDead
})

function testClock() {
  let now = Date.parse('2026-11-24T08:00:00Z')
  return {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
  }
}

function runner(
  database: Database,
  clock: { now(): number },
  holder: string,
  ...kinds: JobKind[]
): JobRunner {
  return new JobRunner({ database, clock, log: pino({ level: 'silent' }), holder }, kinds)
}

async function jobsLeft(place: TestPlace): Promise<number> {
  return (await place.database.queries.selectFrom('jobs').select('id').execute()).length
}
