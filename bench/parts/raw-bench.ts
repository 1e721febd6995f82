import type { Contender } from '../contenders.ts'
import { prepareLoad } from '../load/load-generator.ts'
import type { LoadJob, LoadResult } from '../load/load-job.ts'
import { type Contest, type Measurement, runPairs } from '../measure/paired-runs.ts'
import { contestTable } from '../measure/report.ts'
import { watchServer } from '../measure/watch-server.ts'

const mebibyte = 1024 * 1024
const smallBytes = 4096

/** Bare requests, without restic's own work: packs of 16 MiB, and small objects written and read. */
export async function runRawBench(pairs: number) {
  const contests = [1, 32].flatMap((connections) => [
    uploadOf16MiB(connections),
    smallWrites(connections),
    smallReads(connections),
  ])
  return contestTable('Raw requests', await runPairs(contests, pairs))
}

const uploadOf16MiB = (connections: number): Contest => ({
  name: `upload 16 MiB, ${connections} connection${connections === 1 ? '' : 's'}`,
  unit: 'MB/s',
  measure: (contender, run) =>
    measureLoad(
      contender,
      {
        kind: 'upload',
        connections,
        requests: connections === 1 ? 20 : 96,
        objectBytes: 16 * mebibyte,
        seed: run,
      },
      (result) => result.bytesPerSecond / 1e6,
    ),
})

const smallWrites = (connections: number): Contest => ({
  name: `write 4 KiB, ${connections} connection${connections === 1 ? '' : 's'}`,
  unit: 'requests/s',
  measure: (contender, run) =>
    measureLoad(
      contender,
      {
        kind: 'upload',
        connections,
        requests: connections === 1 ? 3000 : 10_000,
        objectBytes: smallBytes,
        seed: run,
      },
      (result) => result.requestsPerSecond,
    ),
})

const smallReads = (connections: number): Contest => ({
  name: `read 4 KiB, ${connections} connection${connections === 1 ? '' : 's'}`,
  unit: 'requests/s',
  async measure(contender, run) {
    const objects = 500
    const common = { connections, objectBytes: smallBytes, seed: run, objects }
    const vault = await contender.newVault()
    const upload = { ...common, kind: 'upload', requests: objects, target: vault.target } as const
    await (await prepareLoad(upload)).run()
    const requests = connections === 1 ? 6000 : 30_000
    return measureLoad(
      contender,
      { ...common, kind: 'download', requests },
      (result) => result.requestsPerSecond,
      vault.target,
    )
  },
})

async function measureLoad(
  contender: Contender,
  job: Omit<LoadJob, 'target'>,
  read: (result: LoadResult) => number,
  target?: LoadJob['target'],
): Promise<Measurement> {
  const load = await prepareLoad({ ...job, target: target ?? (await contender.newVault()).target })
  const { result, usage } = await watchServer(contender.processId, load.run)
  return { value: read(result), usage }
}
