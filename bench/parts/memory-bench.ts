import { type Contender, type ContenderName, contenderNames, startContender } from '../contenders.ts'
import { prepareLoad } from '../load/load-generator.ts'
import type { LoadJob } from '../load/load-job.ts'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'
import { type ServerUsage, watchServer } from '../measure/watch-server.ts'

const mebibyte = 1024 * 1024
const limitBytes = 300e6
const flatWithinBytes = 30e6

interface Scenario {
  readonly name: string
  readonly load: Omit<LoadJob, 'target' | 'seed'>
}

const packs: Scenario = {
  name: '64 uploads of 16 MiB in flight',
  load: { kind: 'upload', connections: 64, requests: 128, objectBytes: 16 * mebibyte },
}
const oneObject = (kind: LoadJob['kind'], bytes: number): Scenario => ({
  name: `${kind} of one object of ${bytes / mebibyte} MiB`,
  load: { kind, connections: 1, requests: 1, objectBytes: bytes },
})
const sizes = { small: 64 * mebibyte, huge: 2048 * mebibyte }
const scenarios = [
  packs,
  ...(['upload', 'download'] as const).flatMap((kind) => [
    oneObject(kind, sizes.small),
    oneObject(kind, sizes.huge),
  ]),
]

/** What each server holds in memory: under many uploads at once, and however large one object is. */
export async function runMemoryBench(runs: number): Promise<BenchTable> {
  const usages = new Map<string, ServerUsage[]>()
  const key = (name: ContenderName, scenario: Scenario) => `${name}: ${scenario.name}`
  for (let run = 0; run < runs; run++) {
    for (const name of contenderNames) {
      await using contender = await startContender(name)
      for (const scenario of scenarios) {
        const usage = await measure(contender, scenario, `run ${run} ${scenario.name}`)
        usages.set(key(name, scenario), [...(usages.get(key(name, scenario)) ?? []), usage])
      }
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  const peak = (name: ContenderName, scenario: Scenario, field: 'peakBytes' | 'peakResidentBytes') =>
    median((usages.get(key(name, scenario)) ?? []).map((usage) => usage[field]))
  return {
    title: `Memory of all processes together (PSS / RSS in MB, highest of a run, median of ${runs} runs)`,
    columns: ['scenario', 'rest-server', 'Granary', 'asked for', 'met'],
    rows: scenarios.map((scenario, i) => {
      const before = scenarios[i - 1]
      const isHuge = scenario.load.objectBytes === sizes.huge
      const own = peak('Granary', scenario, 'peakBytes')
      const allowed = isHuge && before ? peak('Granary', before, 'peakBytes') + flatWithinBytes : limitBytes
      return [
        scenario.name,
        ...contenderNames.map((name) =>
          [peak(name, scenario, 'peakBytes'), peak(name, scenario, 'peakResidentBytes')]
            .map((bytes) => (bytes / 1e6).toFixed(0))
            .join(' / '),
        ),
        isHuge
          ? `as with ${sizes.small / mebibyte} MiB, +${flatWithinBytes / 1e6} MB`
          : `≤ ${limitBytes / 1e6} MB`,
        own <= allowed ? 'yes' : 'NO',
      ]
    }),
    data: Object.fromEntries(usages),
  }
}

async function measure(contender: Contender, scenario: Scenario, seed: string): Promise<ServerUsage> {
  const { target } = await contender.newVault()
  const job = { ...scenario.load, seed, target }
  if (job.kind === 'download') await (await prepareLoad({ ...job, kind: 'upload' })).run()
  const load = await prepareLoad(job)
  return (await watchServer(contender.processId, load.run, 50)).usage
}
