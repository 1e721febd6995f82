import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runRestic } from '@granary/testing'
import fc from 'fast-check'
import { emptyTreeId } from '../format/tree.ts'
import { groupSnapshots } from '../operations/snapshots/group-snapshots.ts'
import { selectSnapshots } from '../operations/snapshots/select-snapshots.ts'
import type { Repository, StoredSnapshot } from '../repository.ts'
import { engineWorld } from '../test-world/engine-world.ts'
import { applyPolicy } from './apply-policy.ts'
import { type CalendarSpan, describeSpan, isEmptySpan, parseCalendarSpan } from './calendar-time.ts'
import { type KeepCount, periods, type RetentionPolicy } from './retention-policy.ts'

const hosts = ['hourly', 'daily', 'weekly', 'sparse', 'bursts', 'future']
const stepMs: Record<string, number> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 7 * 86_400_000,
  sparse: 40 * 86_400_000,
  bursts: 600_000,
  future: 86_400_000,
}
const newestOf: Record<string, number> = {
  // Some days of the first ISO week of 2026 are of 2025.
  daily: Date.UTC(2026, 0, 5, 1, 17),
  // Half of it has not come to pass yet.
  future: Date.now() + 7.5 * 86_400_000,
}

test('what a policy keeps, and why, is what restic keeps', async () => {
  await using world = await engineWorld()
  const repository = await world.init()
  await fillHistories(repository)
  const groups = groupSnapshots(await selectSnapshots(repository))
  const now = BigInt(Date.now()) * 1_000_000n

  await fc.assert(
    fc.asyncProperty(policies, async (policy) => {
      const args = ['forget', '--dry-run', '--json', '--unsafe-allow-remove-all', ...flagsOf(policy)]
      const { stdout } = await runRestic(world.place, args)
      const theirs = JSON.parse(stdout).map(describeTheirs)
      const ours = groups.map(({ host, snapshots }) => {
        const { keep, remove } = applyPolicy(snapshots, policy, now)
        return {
          host,
          keep: keep.map(({ stored, reasons }) => `${stored.id} ${reasons.join('; ')}`),
          remove: remove.map(({ id }) => id),
        }
      })
      assert.deepEqual(ours.sort(byHost), theirs.sort(byHost))
    }),
    { numRuns: 8, seed: 20261124 },
  )
})

test('a time counts for the day that it was where it was written', () => {
  const at = (time: string): StoredSnapshot => ({
    id: time,
    snapshot: { time, tree: emptyTreeId, paths: [] },
  })
  // The first two are of one day where they were written, and of two days in UTC.
  const [late, early, before] = [
    '2026-03-01T20:00:00-05:00',
    '2026-03-01T18:00:00-05:00',
    '2026-02-27T12:00:00Z',
  ]
  const { remove } = applyPolicy([at(late), at(early), at(before)], { newestOf: { daily: 9 } }, 2n ** 62n)
  assert.deepEqual(
    remove.map(({ id }) => id),
    [early],
  )
})

test('a span that is none is refused', () => {
  for (const text of ['', '5', '1w', 'd5', '1y 2d']) assert.throws(() => parseCalendarSpan(text), SyntaxError)
})

/** Histories, with distinct times, across the ends of months and years, and in several time zones. */
async function fillHistories(repository: Repository): Promise<void> {
  const random = fc.sample(fc.array(fc.nat(999), { minLength: 14, maxLength: 14 }), {
    numRuns: hosts.length,
    seed: 7,
  })
  const zones = ['Z', '+02:00', '-07:00', '+05:30']
  for (const [place, host] of hosts.entries()) {
    let at = newestOf[host] ?? Date.UTC(2026, 2, 3, 1, 17)
    for (const [nth, jitter] of (random[place] ?? []).entries()) {
      at -= (stepMs[host] ?? 0) * (0.3 + jitter / 700)
      const zone = zones[(nth >> 2) % zones.length] ?? 'Z'
      await repository.saveSnapshot({
        time: inZone(at, zone),
        tree: emptyTreeId,
        paths: ['/data'],
        hostname: host,
        tags: jitter % 3 === 0 ? ['keep', `j${jitter % 5}`] : [],
      })
    }
  }
}

function inZone(milliseconds: number, zone: string): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(zone) ?? []
  const offsetMs = hours ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0
  return new Date(Math.round(milliseconds) + offsetMs).toISOString().replace('Z', zone)
}

const counts: fc.Arbitrary<KeepCount> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constant('unlimited' as const) },
)
const spans: fc.Arbitrary<CalendarSpan> = fc.record({
  years: fc.constantFrom(0, 0, 1),
  months: fc.constantFrom(0, 0, 1, 3),
  days: fc.constantFrom(0, 0, 3, 31),
  hours: fc.constantFrom(0, 0, 5),
})
const policies: fc.Arbitrary<RetentionPolicy> = fc
  .record({
    last: counts,
    newestOf: fc.record({ hourly: counts, daily: counts, weekly: counts, monthly: counts, yearly: counts }),
    within: fc.oneof(fc.constant(parseCalendarSpan('0d')), spans),
    newestWithin: fc.record({ hourly: spans, daily: spans, weekly: spans, monthly: spans, yearly: spans }),
    tagLists: fc.constantFrom([], [], [['keep']], [['keep', 'j1'], ['j0']]),
  })
  .map((policy) => ({ ...policy, newestOf: policy.last === 'unlimited' ? {} : policy.newestOf }))

function flagsOf(policy: RetentionPolicy): string[] {
  const flags: string[] = []
  const add = (flag: string, value: KeepCount | CalendarSpan | undefined) => {
    if (value === undefined || value === 0) return
    if (typeof value !== 'object') flags.push(flag, String(value))
    else if (!isEmptySpan(value)) flags.push(flag, describeSpan(value))
  }
  add('--keep-last', policy.last)
  add('--keep-within', policy.within)
  for (const period of periods) {
    add(`--keep-${period}`, policy.newestOf?.[period])
    add(`--keep-within-${period}`, policy.newestWithin?.[period])
  }
  for (const tags of policy.tagLists ?? []) flags.push('--keep-tag', tags.join(','))
  return flags
}

interface TheirGroup {
  readonly host: string
  readonly remove: readonly { id: string }[] | null
  readonly reasons: readonly { snapshot: { id: string }; matches: readonly string[] }[] | null
}

function describeTheirs({ host, remove, reasons }: TheirGroup) {
  return {
    host,
    keep: (reasons ?? []).map(({ snapshot, matches }) => `${snapshot.id} ${matches.join('; ')}`),
    remove: (remove ?? []).map(({ id }) => id),
  }
}

function byHost(a: { host: string }, b: { host: string }): number {
  return a.host < b.host ? -1 : 1
}
