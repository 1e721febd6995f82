import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LocalStore } from '@granary/object-store'
import { nodePrimitives, Repository } from '@granary/repository'
import { resticBinary, temporaryFolder } from '@granary/testing'
import { encodeIndexFile } from '../../packages/repository/src/index/index-file.ts'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'
import { measureProgram, ourProgram, type ProgramUsage } from './measured-program.ts'

const blobs = Number(process.env.GRANARY_BENCH_INDEX_BLOBS ?? 5_000_000)
const blobsPerFile = 50_000
const blobsPerPack = 1000
const blobBytes = 5000
const password = 'a bench password'

/**
 * What a large index costs: a repository whose index files list millions of blobs, which are nowhere, and a backup
 * of one small file to it by restic 0.19.1 and by ours. Both have to load the whole index for that.
 */
export async function runIndexBench(pairs: number): Promise<BenchTable> {
  await using work = await temporaryFolder('bench-index')
  const place = path.join(work.path, 'repository')
  const source = path.join(work.path, 'source')
  await mkdir(source)
  await writeFile(path.join(source, 'file'), 'some content')
  const env = { RESTIC_PASSWORD: password, RESTIC_PROGRESS_FPS: '0.01', RESTIC_REPOSITORY: place }
  const commands = {
    restic: [await resticBinary('0.19.1'), '--no-cache', '--quiet', 'backup', source],
    Granary: [...ourProgram, '--quiet', 'backup', source],
  }
  await measureProgram([await resticBinary('0.19.1'), 'init'], env)
  await writeIndexFiles(place)
  const usages: Record<keyof typeof commands, ProgramUsage[]> = { restic: [], Granary: [] }
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? (['restic', 'Granary'] as const) : (['Granary', 'restic'] as const)
    for (const engine of order) {
      spawnSync('sync')
      usages[engine].push(await measureProgram(commands[engine], env))
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  const row = (what: string, read: (usage: ProgramUsage) => number, digits: number) => {
    const [restic, ours] = [median(usages.restic.map(read)), median(usages.Granary.map(read))]
    return [what, restic.toFixed(digits), ours.toFixed(digits), (ours / restic).toFixed(2)]
  }
  return {
    title: `A backup of one file to a repository of ${blobs} blobs`,
    columns: ['', 'restic', 'ours', 'ratio'],
    rows: [
      row('peak RSS, MB', ({ peakBytes }) => peakBytes / 1e6, 0),
      row('wall time, s', ({ wallSeconds }) => wallSeconds, 2),
      row('CPU time, s', ({ cpuSeconds }) => cpuSeconds, 2),
    ],
    data: { blobs, usages },
  }
}

/** IDs are drawn from a counter, so that every run measures the same. */
async function writeIndexFiles(place: string): Promise<void> {
  const repository = await Repository.open(new LocalStore(place), { password, primitives: nodePrimitives })
  const idOf = (kind: string, nth: number) => createHash('sha256').update(`${kind} ${nth}`).digest('hex')
  for (let from = 0; from < blobs; from += blobsPerFile) {
    const packs = Array.from({ length: blobsPerFile / blobsPerPack }, (_, pack) => ({
      id: idOf('pack', from / blobsPerPack + pack),
      blobs: Array.from({ length: blobsPerPack }, (_, blob) => ({
        type: 'data' as const,
        id: idOf('blob', from + pack * blobsPerPack + blob),
        offset: blob * blobBytes,
        lengthBytes: blobBytes,
        uncompressedBytes: 3 * blobBytes,
      })),
    }))
    await repository.saveUnpacked('index', encodeIndexFile(packs))
  }
}
