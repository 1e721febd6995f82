import { spawnSync } from 'node:child_process'
import { cp, readdir, truncate } from 'node:fs/promises'
import path from 'node:path'
import { resticBinary, temporaryFolder } from '@granary/testing'
import { startContender } from '../contenders.ts'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'
import { type DataSet, dataSets } from './engine-data.ts'
import { measureProgram, ourProgram, type ProgramUsage } from './measured-program.ts'

const engines = ['restic', 'Granary'] as const
type Engine = (typeof engines)[number]
const steps = ['first backup', 'unchanged', '1 % changed', 'restore', 'check', 'prune'] as const
type Step = (typeof steps)[number]

/** What is to be reached, as wall time of ours divided by restic's. */
const targets: Record<Step, number> = {
  'first backup': 0.5,
  unchanged: 0.5,
  '1 % changed': 0.6,
  restore: 0.6,
  check: 0.9,
  prune: 0.8,
}
const password = 'a bench password'

interface Sample {
  readonly step: Step
  readonly usage: Record<Engine, ProgramUsage>
}

/**
 * Our engine and stock restic 0.19.1 side by side: the same files, the same REST server, one right after the other,
 * the other one first the next time. Names of sets may be given in `GRANARY_BENCH_ENGINE_SETS`, comma-separated.
 */
export async function runEngineBench(pairs: number): Promise<BenchTable> {
  const names = dataSets.map(({ name }) => name)
  const wanted = process.env.GRANARY_BENCH_ENGINE_SETS?.split(',') ?? names
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(`GRANARY_BENCH_ENGINE_SETS: there is no set "${unknown}"; there are ${names.join(', ')}.`)
  const sets = dataSets.filter(({ name }) => wanted.includes(name))
  const results = []
  for (const set of sets) results.push(await measureSet(set, pairs))
  return {
    title: 'Engine, ours and restic 0.19.1',
    columns: [
      'files',
      'step',
      'restic s',
      'ours s',
      'ratio',
      'target',
      'CPU s',
      'ratio',
      'peak RSS MB',
      'ratio',
    ],
    rows: results.flatMap(({ set, samples, sizes }) => [
      ...steps.map((step) =>
        stepRow(
          set,
          step,
          samples.filter((sample) => sample.step === step),
        ),
      ),
      [set, 'repository, MB', megabytes(sizes.restic), megabytes(sizes.Granary)].concat(
        (sizes.Granary / sizes.restic).toFixed(2),
        '1.02',
        ...['', '', '', ''],
      ),
    ]),
    data: results,
  }
}

function stepRow(set: string, step: Step, samples: readonly Sample[]): string[] {
  const ofBoth = (read: (usage: ProgramUsage) => number) =>
    engines.map((engine) => median(samples.map(({ usage }) => read(usage[engine]))))
  const ratio = (read: (usage: ProgramUsage) => number) =>
    median(samples.map(({ usage }) => read(usage.Granary) / read(usage.restic))).toFixed(2)
  const [wall, cpu, peak] = [ofBoth(wallOf), ofBoth(cpuOf), ofBoth(peakOf)]
  return [
    ...[set, step, ...wall.map((seconds) => seconds.toFixed(2)), ratio(wallOf), targets[step].toFixed(2)],
    ...[cpu.map((seconds) => seconds.toFixed(2)).join(' / '), ratio(cpuOf)],
    ...[peak.map(megabytes).join(' / '), ratio(peakOf)],
  ]
}

const wallOf = (usage: ProgramUsage) => usage.wallSeconds
const cpuOf = (usage: ProgramUsage) => usage.cpuSeconds
const peakOf = (usage: ProgramUsage) => usage.peakBytes
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)

async function measureSet(set: DataSet, pairs: number) {
  // Removed at the end only: for a minute, ext4 steps over every file number that was freed, one by one, whenever a
  // file is made. A restore right after the removal of another would pay for it, with most of its time.
  await using leftovers = new AsyncDisposableStack()
  await using pristine = await temporaryFolder('bench-engine-data')
  await set.fill(pristine.path)
  const samples: Sample[] = []
  let sizes: Record<Engine, number> = { restic: 0, Granary: 0 }
  for (let pair = 0; pair < pairs; pair++) {
    const work = leftovers.use(await temporaryFolder('bench-engine'))
    const data = path.join(work.path, 'data')
    await cp(pristine.path, data, { recursive: true, preserveTimestamps: true })
    const order = pair % 2 === 0 ? engines : engines.toReversed()
    await using server = await startContender('rest-server')
    const places = { restic: await server.newVault(), Granary: await server.newVault() }
    for (const engine of engines) await initWithRestic(places[engine].repository, work.path)
    for (const step of steps) {
      if (step === '1 % changed') await set.change(data)
      const usage = {} as Record<Engine, ProgramUsage>
      for (const engine of order) {
        const target = path.join(work.path, `restored by ${engine}`)
        const place = { repository: places[engine].repository, work: work.path }
        if (step === 'prune') await run(engine, ['forget', '--keep-last', '1'], place)
        spawnSync('sync')
        usage[engine] = await run(engine, argsOf(step, data, target), place)
        if (step === 'restore') await emptyFiles(target)
        process.stderr.write('.')
      }
      samples.push({ step, usage })
      if (step === 'first backup') sizes = await sizesOf(places)
    }
    await emptyFiles(data)
  }
  process.stderr.write('\n')
  return { set: set.name, samples, sizes }
}

/** Gives the room of files back, and keeps the files. */
async function emptyFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await truncate(path.join(entry.parentPath, entry.name))
  }
}

/** Both engines say all of this in the same words. */
function argsOf(step: Step, data: string, target: string): string[] {
  switch (step) {
    case 'restore':
      return ['restore', 'latest', '--target', target]
    case 'check':
      return ['check', '--read-data']
    case 'prune':
      return ['prune', '--max-unused', '0']
    default:
      return ['backup', data]
  }
}

interface Place {
  readonly repository: string
  /** For the caches of both. */
  readonly work: string
}

/** Both repositories are made by restic, so that trying the password costs the same. */
async function initWithRestic(repository: string, work: string): Promise<void> {
  await run('restic', ['init'], { repository, work })
}

async function run(engine: Engine, args: readonly string[], { repository, work }: Place) {
  const env = {
    // Compiled code is kept between runs, as everywhere; but here for the time of the bench only.
    NODE_COMPILE_CACHE: path.join(work, 'compiled'),
    RESTIC_PASSWORD: password,
    RESTIC_CACHE_DIR: path.join(work, 'cache'),
    RESTIC_PROGRESS_FPS: '0.01',
  }
  const start = engine === 'Granary' ? ourProgram : [await resticBinary('0.19.1')]
  return measureProgram([...start, '--quiet', '--repo', repository, ...args], env)
}

type Vault = { target: { port: number; path: string; authorization: string } }

async function sizesOf(places: Record<Engine, Vault>): Promise<Record<Engine, number>> {
  return { restic: await storedBytes(places.restic), Granary: await storedBytes(places.Granary) }
}

async function storedBytes({ target }: Vault) {
  let bytes = 0
  for (const type of ['data', 'index', 'snapshots', 'keys']) {
    const response = await fetch(`http://127.0.0.1:${target.port}${target.path}${type}/`, {
      headers: { authorization: target.authorization, accept: 'application/vnd.x.restic.rest.v2' },
    })
    const objects = (await response.json()) as { size: number }[]
    bytes += objects.reduce((sum, { size }) => sum + size, 0)
  }
  return bytes
}
