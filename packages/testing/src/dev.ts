/**
 * `npm run dev`: a server on a seeded world of its own, to try things by hand, in which machines go on backing up. The
 * world stays in `data/dev`, or where GRANARY_DATA says, and is seeded once.
 */
import path from 'node:path'
import { startDevServer } from './dev-world/dev-server.ts'
import { liveOn } from './dev-world/live-on.ts'
import { catchUp, isSeeded, seedDevWorld } from './dev-world/seed-dev-world.ts'
import { setUpDevWorld, signIns } from './dev-world/set-up-dev-world.ts'
import { projectRoot } from './tools/tools-folder.ts'

const dataFolder = path.resolve(process.env.GRANARY_DATA ?? path.join(projectRoot, 'data/dev'))
if (!isSeeded(dataFolder)) {
  console.log(`Seeding ${dataFolder} …`)
  await seedDevWorld(dataFolder)
}
await catchUp(dataFolder)

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

const server = await startDevServer(dataFolder)
server.ended.then(() => stopping.abort())
try {
  const world = await setUpDevWorld(server)
  console.log(signIns(server.url))
  await liveOn(world, server, stopping.signal)
} finally {
  process.exitCode = await server.stop()
}
