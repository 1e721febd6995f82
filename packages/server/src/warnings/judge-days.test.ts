import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { VaultDayRow } from '../platform/database/schema.ts'
import { deservesLook, judge, type Sensitivity } from './judge-days.ts'
import { type Activity, addActivity } from './vault-day.ts'

const hour = 3_600_000
const day = 24 * hour
const gigabyte = 1_000_000_000
const begins = Date.UTC(2026, 0, 1, 2)

/** A client whose days are added up as the server does, and judged after each thing it does. */
class Life {
  readonly days: VaultDayRow[] = []
  readonly sensitivity: Sensitivity
  #versions: number[] = []

  constructor(sensitivity: Sensitivity = 'normal') {
    this.sensitivity = sensitivity
  }

  get held(): number {
    return this.days.at(-1)?.left_bytes ?? 0
  }

  backup(at: number, bytes: number): string[] {
    this.#versions.push(at)
    return this.#did({ firstAt: at, lastAt: at + 60_000, backups: 1, storedBytes: bytes })
  }

  /** Forgets all versions but the newest, and prunes. */
  prune(at: number, prune: { keep: number; removedBytes: number; repackedBytes?: number }): string[] {
    const before = this.#versions.length
    this.#versions = this.#versions.slice(-prune.keep)
    return this.#did({
      firstAt: at,
      lastAt: at + 60_000,
      storedBytes: prune.repackedBytes ?? 0,
      removedBytes: prune.removedBytes + (prune.repackedBytes ?? 0),
      removedVersions: before - this.#versions.length,
      removedFrom: at,
    })
  }

  /** Somebody brings back what was removed. */
  undelete(at: number, bytes: number): string[] {
    return this.#did({ firstAt: at, lastAt: at, grownBytes: bytes })
  }

  #did(what: Partial<Activity> & { firstAt: number; lastAt: number }): string[] {
    const activity: Activity = {
      ...{ vaultNo: 1, backups: 0, storedBytes: 0, removedBytes: 0, removedVersions: 0, removedFrom: null },
      ...{ removedEssentials: 0 },
      grownBytes: (what.storedBytes ?? 0) - (what.removedBytes ?? 0),
      grownVersions: (what.backups ?? 0) - (what.removedVersions ?? 0),
      ...what,
    }
    const latest = this.days.at(-1)
    const next = addActivity(latest, activity, false)
    if (latest?.began_at === next.began_at) this.days.pop()
    this.days.push(next)
    if (this.days.length > 60) this.days.shift()
    if (!deservesLook(this.days, this.sensitivity)) return []
    const survivors = (before: number) => this.#versions.filter((at) => at < before).length
    return judge(this.days, this.sensitivity, survivors).map(({ sign }) => sign)
  }
}

/** A machine that backs up every night, a little late or early. */
function usualLife(options: { nights: number; life?: Life; size?: number }): Life {
  const { nights, life = new Life(), size = gigabyte } = options
  life.backup(begins, size)
  for (let night = 1; night < nights; night += 1) {
    const jitter = ((night * 7919) % 41) * 60_000
    life.backup(begins + night * day + jitter, size * 0.01 * (1 + (night % 3)))
  }
  return life
}

const aLife = fc.record({
  size: fc.integer({ min: 20_000_000, max: 2_000_000_000_000 }),
  backupsADay: fc.constantFrom(1, 1, 2, 6, 24),
  /** Of all data, on each day; now and then nothing has changed at all */
  churn: fc.double({ min: 0.0001, max: 0.06, noNaN: true }),
  pruneEvery: fc.constantFrom(1, 7, 30, 1000),
  keep: fc.integer({ min: 7, max: 60 }),
  repacked: fc.double({ min: 0, max: 0.3, noNaN: true }),
  folderOnDay: fc.integer({ min: 8, max: 80 }),
  holidays: fc.array(fc.integer({ min: 1, max: 85 }), { maxLength: 20 }),
  noise: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 7, maxLength: 7 }),
})

test('usual life raises no alarm: growing data, prunes by any rhythm, holidays, a new folder of 30 %', () => {
  fc.assert(
    fc.property(aLife, (plan) => {
      const life = new Life()
      assert.deepEqual(life.backup(begins, plan.size), [])
      const stored: number[] = []
      for (let n = 1; n <= 90; n += 1) {
        if (plan.holidays.includes(n)) continue
        const noise = plan.noise[n % 7] ?? 1
        const daily = n === plan.folderOnDay ? life.held * 0.3 : life.held * plan.churn * noise
        for (let run = 0; run < plan.backupsADay; run += 1) {
          const bytes = Math.round(daily / plan.backupsADay)
          stored.push(bytes)
          assert.deepEqual(life.backup(begins + n * day + (run * day) / plan.backupsADay, bytes), [], `${n}`)
        }
        if (n % plan.pruneEvery !== 0) continue
        // What versions that are forgotten had to themselves, at most half of what the vault held before this day.
        const held = Math.min(life.held, ...life.days.slice(-2).map((row) => row.held_bytes))
        const gone = stored.splice(0, Math.max(0, stored.length - plan.keep * plan.backupsADay))
        const removedBytes = Math.min(
          gone.reduce((sum, bytes) => sum + bytes * 0.7, 0),
          held * 0.45,
        )
        const prune = {
          keep: plan.keep * plan.backupsADay,
          // A forgotten version takes its own small object along, however little else it had.
          removedBytes: Math.round(removedBytes) + 300 * gone.length,
          repackedBytes: Math.round(Math.min(held * plan.repacked, held * 0.55 - removedBytes)),
        }
        if (gone.length > 0)
          assert.deepEqual(life.prune(begins + n * day + 23 * hour, prune), [], `${n} prune`)
      }
    }),
    { numRuns: 300 },
  )
})

test('all files encrypted: a backup as large as the vault after small ones', () => {
  for (const sensitivity of ['normal', 'high'] as const) {
    for (let nights = 7; nights < 60; nights += 13) {
      const life = usualLife({ nights, life: new Life(sensitivity) })
      assert.deepEqual(life.backup(begins + nights * day, life.held), ['deduplication-lost'])
    }
  }
})

test('files encrypted bit by bit, in hourly backups, and half of a disk at once', () => {
  const life = usualLife({ nights: 30 })
  const share = life.held * 0.08
  const found = Array.from({ length: 10 }, (_, n) => life.backup(begins + 30 * day + n * hour, share))
  assert.ok(found.flat().includes('new-bytes'))
  const other = usualLife({ nights: 30 })
  assert.deepEqual(other.backup(begins + 30 * day, other.held * 0.5), ['new-bytes'])
})

test('new data cannot be hidden behind removals', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (share, removesFirst) => {
      const life = usualLife({ nights: 20 })
      const { held } = life
      const at = begins + 20 * day
      const steps = [
        () => life.prune(at, { keep: 100, removedBytes: Math.round(share * held) }),
        () => life.backup(at + 60_000, held),
      ]
      const found = (removesFirst ? steps : steps.toReversed()).flatMap((step) => step())
      assert.ok(found.length > 0)
    }),
  )
})

test('a prune that removes most of the data, or leaves no old version, is one; as a routine it is none', () => {
  const robbed = usualLife({ nights: 20 })
  assert.deepEqual(
    robbed.prune(begins + 20 * day, { keep: 1, removedBytes: robbed.held * 0.02 }),
    ['versions-removed'],
    'nothing else is left',
  )
  const emptied = usualLife({ nights: 20 })
  assert.deepEqual(emptied.prune(begins + 20 * day, { keep: 20, removedBytes: emptied.held * 0.9 }), [
    'data-removed',
  ])
  // Whole dumps, of which the newest are kept: of one, everything goes, every night.
  for (const keep of [1, 2, 7, 14]) {
    const dumps = new Life()
    for (let night = 0; night < 60; night += 1) {
      assert.deepEqual(dumps.backup(begins + night * day, gigabyte), [], `${keep} ${night}`)
      const removedBytes = Math.max(0, dumps.held - keep * gigabyte)
      if (removedBytes > 0)
        assert.deepEqual(
          dumps.prune(begins + night * day + hour, { keep, removedBytes }),
          [],
          `${keep} ${night}`,
        )
    }
  }
})

test('a slow removal adds up over the week', () => {
  const life = usualLife({ nights: 30 })
  const found: string[] = []
  for (let n = 0; n < 5; n += 1) {
    found.push(
      ...life.prune(begins + (30 + n) * day, { keep: 30, removedBytes: Math.round(life.held * 0.55) }),
    )
  }
  assert.ok(found.includes('data-removed'))
})

test('a flood of versions', () => {
  const life = usualLife({ nights: 10 })
  const found = new Set<string>()
  for (let n = 0; n < 60; n += 1)
    for (const sign of life.backup(begins + 10 * day + n * 1000, 500)) found.add(sign)
  assert.deepEqual([...found], ['version-flood'])
  const busy = new Life()
  busy.backup(begins, gigabyte)
  for (let n = 0; n < 96 * 20; n += 1) {
    assert.deepEqual(busy.backup(begins + day + n * (hour / 4), 50_000), [], 'four an hour are usual here')
  }
})

test('first backups, tiny vaults and what an administrator brings back are no sign', () => {
  const young = usualLife({ nights: 4 })
  assert.deepEqual(young.backup(begins + 4 * day, young.held * 3), [], 'nothing is known of it yet')
  const tiny = usualLife({ nights: 30, size: 100_000 })
  assert.deepEqual(tiny.backup(begins + 30 * day, tiny.held * 3), [])
  assert.deepEqual(tiny.prune(begins + 31 * day, { keep: 1, removedBytes: tiny.held }), [])
  const life = usualLife({ nights: 30 })
  assert.deepEqual(life.undelete(begins + 30 * day, life.held * 2), [])
  assert.deepEqual(life.backup(begins + 30 * day + hour, 20_000_000), [])
})

test('an attacker does not get round it by raising what is usual', () => {
  // A little below the limit each day: the vault grows by half each time, and what comes at last still stands out.
  const life = usualLife({ nights: 30 })
  for (let n = 0; n < 10; n += 1)
    assert.deepEqual(life.backup(begins + (30 + n) * day, Math.round(life.held * 0.36)), [], `${n}`)
  assert.deepEqual(life.backup(begins + 40 * day, life.held), ['deduplication-lost'])
})
