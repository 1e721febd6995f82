/**
 * `npm run bench [-- part …]`: measures Granary side by side with restic-rest-server, and what else
 * `bench/README.md` lists. Prints tables and writes `bench/results/*.json`.
 */
import { MissingToolError } from '@granary/testing'
import { runEngineBench } from './engine/engine-bench.ts'
import { runIndexBench } from './engine/index-bench.ts'
import { runKillBench } from './engine/kill-bench.ts'
import { type BenchTable, printTable, writeReport } from './measure/report.ts'
import { runConsoleBench } from './parts/console-bench.ts'
import { runCrashBench } from './parts/crash-bench.ts'
import { runListBench } from './parts/list-bench.ts'
import { runMemoryBench } from './parts/memory-bench.ts'
import { runRawBench } from './parts/raw-bench.ts'
import { runResticBench } from './parts/restic-bench.ts'
import { runScreensBench } from './parts/screens-bench.ts'
import { runUndeleteBench } from './parts/undelete-bench.ts'
import { runUndeleteCrashBench } from './parts/undelete-crash-bench.ts'

const pairs = Number(process.env.GRANARY_BENCH_PAIRS ?? 5)
const parts: Readonly<Record<string, () => Promise<BenchTable>>> = {
  raw: () => runRawBench(pairs),
  restic: () => runResticBench(pairs),
  memory: () => runMemoryBench(Math.min(pairs, 3)),
  list: () => runListBench(),
  screens: () => runScreensBench(),
  console: () => runConsoleBench(),
  engine: () => runEngineBench(pairs),
  index: () => runIndexBench(Math.min(pairs, 3)),
  kill: () => runKillBench(),
  undelete: () => runUndeleteBench(Number(process.env.GRANARY_BENCH_OBJECTS ?? 1_000_000)),
  crash: () => runCrashBench(200),
  'undelete-crash': () => runUndeleteCrashBench(200),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. The parts are: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

try {
  const tables: BenchTable[] = []
  for (const [name, run] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const table = await run()
    printTable(table)
    tables.push(table)
  }
  console.log(`\nWritten to ${await writeReport(tables)}`)
} catch (error) {
  if (!(error instanceof MissingToolError)) throw error
  console.error(error.message)
  process.exit(1)
}
