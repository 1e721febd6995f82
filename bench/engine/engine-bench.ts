import { spawnSync } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { resticBinary, temporaryFolder } from '@granary/testing'
import { startContender } from '../contenders.ts'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'
import { type DataSet, dataSets } from './engine-data.ts'
import { measureProgram, type ProgramUsage } from './measured-program.ts'

const engines = ['restic', 'Granary'] as const
type Engine = (typeof engines)[number]
const steps = ['first backup', 'unchanged', '1 % changed', 'restore'] as const
type Step = (typeof steps)[number]

/** What is to be reached, as wall time of ours divided by restic's. */
const targets: Record<Step, number> = {
  'first backup': 0.5,
  unchanged: 0.5,
  '1 % changed': 0.6,
  restore: 0.6,
}
const program = fileURLToPath(new URL('engine-program.ts', import.meta.url))
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
  const wanted = process.env.GRANARY_BENCH_ENGINE_SETS?.split(',')
  const sets = dataSets.filter(({ name }) => !wanted || wanted.includes(name))
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
  await using pristine = await temporaryFolder('bench-engine-data')
  await set.fill(pristine.path)
  const samples: Sample[] = []
  let sizes: Record<Engine, number> = { restic: 0, Granary: 0 }
  for (let pair = 0; pair < pairs; pair++) {
    await using work = await temporaryFolder('bench-engine')
    const data = path.join(work.path, 'data')
    await cp(pristine.path, data, { recursive: true, preserveTimestamps: true })
    const order = pair % 2 === 0 ? engines : engines.toReversed()
    await using server = await startContender('rest-server')
    const places = { restic: await server.newVault(), Granary: await server.newVault() }
    for (const engine of engines) await run(engine, 'init', places[engine].repository, '', work.path)
    for (const step of steps) {
      if (step === '1 % changed') await set.change(data)
      const usage = {} as Record<Engine, ProgramUsage>
      for (const engine of order) {
        spawnSync('sync')
        const target = step === 'restore' ? path.join(work.path, `restored by ${engine}`) : data
        const verb = step === 'restore' ? 'restore' : 'backup'
        usage[engine] = await run(engine, verb, places[engine].repository, target, work.path)
        if (step === 'restore') await rm(target, { recursive: true })
        process.stderr.write('.')
      }
      samples.push({ step, usage })
    }
    sizes = { restic: await storedBytes(places.restic), Granary: await storedBytes(places.Granary) }
  }
  process.stderr.write('\n')
  return { set: set.name, samples, sizes }
}

type Verb = 'init' | 'backup' | 'restore'

async function run(engine: Engine, verb: Verb, repository: string, folder: string, work: string) {
  const env = {
    // What the program's starter sets too: compiled code is kept between runs.
    NODE_COMPILE_CACHE: path.join(work, 'compiled'),
    RESTIC_PASSWORD: password,
    RESTIC_CACHE_DIR: path.join(work, 'cache'),
    RESTIC_PROGRESS_FPS: '0.01',
  }
  if (engine === 'Granary') {
    return measureProgram([process.execPath, program, verb, repository, ...(folder ? [folder] : [])], env)
  }
  const args = {
    init: ['init'],
    backup: ['backup', folder],
    restore: ['restore', 'latest', '--target', folder],
  }
  return measureProgram([await resticBinary('0.19.1'), '--quiet', '--repo', repository, ...args[verb]], env)
}

async function storedBytes({ target }: { target: { port: number; path: string; authorization: string } }) {
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
