/**
 * `npm run dev`: a server on a seeded world of its own, to try things by hand. The world stays in `data/dev`, or
 * where GRANARY_DATA says, and is seeded once.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { openDatabase, systemClock } from '@granary/server'
import { seedHistory } from './seed-history.ts'
import { seedLargeTenancy } from './seed-large-tenancy.ts'
import { projectRoot } from './tools/tools-folder.ts'

const dataFolder = path.resolve(process.env.GRANARY_DATA ?? path.join(projectRoot, 'data/dev'))
if (!existsSync(path.join(dataFolder, 'granary.sqlite'))) {
  console.log(`Seeding ${dataFolder} …`)
  await seedLargeTenancy({ dataFolder, resellers: 40, customers: 800, clients: 6000 })
  const database = await openDatabase({ kind: 'sqlite', dataFolder })
  try {
    await seedHistory(
      database,
      {
        drawMonths: 6,
        spaceDays: Array.from({ length: 90 }, (_, n) => 90 - n),
        waiting: 60,
        versions: { snapshots: 0, packsEach: 0 },
      },
      systemClock.now(),
    )
  } finally {
    await database.close()
  }
}
const server = spawn(process.execPath, [path.join(projectRoot, 'packages/server/bin/granary.js'), 'serve'], {
  stdio: 'inherit',
  env: { ...process.env, GRANARY_DATA: dataFolder },
})
// Ctrl+C reaches the server too, which ends in its own time.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => server.kill('SIGTERM'))
server.on('exit', (code) => process.exit(code ?? 1))
