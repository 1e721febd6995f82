import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerSettings } from '@granary/contract'
import { startApiWorld } from './test-world/api-world.ts'
import { expectBooksRight, findOverAllotted } from './test-world/expect-books-right.ts'
import { expectListsRight, PlaceKeys } from './test-world/expect-lists-right.ts'
import { openTestPlace } from './test-world/on-each-database.ts'
import { RandomAdministration } from './test-world/random-administration.ts'
import { steppedClock } from './test-world/vault-world.ts'

/** To look for longer: `SEEDS=1000-1099 STEPS=400`, in any time zone by `TZ`. */
const { SEEDS = '1-2', STEPS = '120' } = process.env
const [first = 1, last = first] = SEEDS.split('-').map(Number)

for (let seed = first; seed <= last; seed += 1) {
  test(`whatever is done in whatever order, space, MCALs, names, lists and reports are right (seed ${seed})`, async (context) => {
    await using place = await openTestPlace('sqlite')
    await using world = await startApiWorld(place, { clock: steppedClock() })
    const administration = new RandomAdministration(world, seed)
    const keys = new PlaceKeys(world)
    /** Whether it is forbidden, and nothing was over when it was. */
    let isNeverOver = false
    try {
      for (let step = 0; step < Number(STEPS); step += 1) {
        await administration.step()
        await expectBooksRight(place.database)
        if (step % 4 === 0) await expectListsRight(world, keys, await administration.place())
        const over = await findOverAllotted(place.database)
        const { overAllotting } = await world.get<ServerSettings>('/api/v1/settings')
        isNeverOver = !overAllotting && (isNeverOver || over.length === 0)
        if (isNeverOver) assert.deepEqual(over, [], 'over-allotted')
        assert.deepEqual(world.log, [])
      }
    } catch (error) {
      context.diagnostic(administration.done.slice(-20).join('\n'))
      throw error
    }
  })
}
