import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { noise, prose, runRestic, temporaryFolder } from '@granary/testing'
import type { Contender } from '../contenders.ts'
import { type Contest, type Measurement, runPairs } from '../measure/paired-runs.ts'
import { contestTable } from '../measure/report.ts'
import { watchServer } from '../measure/watch-server.ts'

/** Stock restic's own wall time for a first backup and a restore of a machine's files. */
export async function runResticBench(pairs: number) {
  await using files = await temporaryFolder('bench-files')
  await fillMachine(files.path)
  const repositories = new WeakMap<Contender, string>()
  const backup: Contest = {
    name: 'restic 0.19.1 backup, 350 MB',
    unit: 's',
    async measure(contender) {
      const { repository } = await contender.newVault()
      repositories.set(contender, repository)
      await runRestic(repository, ['init'])
      return timed(contender, () => runRestic(repository, ['backup', '.'], { cwd: files.path }))
    },
  }
  const restore: Contest = {
    name: 'restic 0.19.1 restore, 350 MB',
    unit: 's',
    async measure(contender) {
      const repository = repositories.get(contender)
      if (!repository) throw new Error('There is nothing to restore: the backup runs first.')
      await using target = await temporaryFolder('bench-restored')
      // Awaited here: the folder goes away on return.
      return await timed(contender, () =>
        runRestic(repository, ['restore', 'latest', '--target', target.path]),
      )
    },
  }
  return contestTable('Stock restic', await runPairs([backup, restore], pairs))
}

async function timed(contender: Contender, work: () => Promise<unknown>): Promise<Measurement> {
  const { result, usage } = await watchServer(contender.processId, async () => {
    const started = performance.now()
    await work()
    return (performance.now() - started) / 1000
  })
  return { value: result, usage }
}

/** 350 MB in 4 020 files: documents of a few kilobytes, pictures that do not compress, a few large files. */
async function fillMachine(folder: string): Promise<void> {
  for (let i = 0; i < 4000; i++) {
    const place = path.join(folder, `folder ${i % 80}`)
    await mkdir(place, { recursive: true })
    const bytes = 1000 + ((i * 7919) % 60_000)
    const content = i % 2 === 0 ? prose(bytes, `document ${i}`) : noise(bytes, `picture ${i}`)
    await writeFile(path.join(place, `file ${i}`), content)
  }
  for (let i = 0; i < 20; i++) await writeFile(path.join(folder, `film ${i}`), noise(11_500_000, `film ${i}`))
}
