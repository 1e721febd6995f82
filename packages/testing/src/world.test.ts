import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import { startGranary } from './granary-process.ts'
import { sampleObject } from './sample-object.ts'
import { temporaryFolder } from './sample-tree.ts'
import { within } from './within.ts'
import { ApiProblemError, startWorld } from './world.ts'

test('a world keeps its address and its data when its server stops, dies and starts again', async () => {
  await using world = await startWorld({ workers: 1 })
  const client = await world.client(await world.customer())
  const object = sampleObject(1000, 'kept')
  await world.vault(client, object.place, { method: 'POST', body: object.content })
  for (const end of [() => world.stop(), () => world.killHard()]) {
    await end()
    await assert.rejects(fetch(world.url))
    await world.restart()
    assert.equal((await world.api<Client>('GET', `/api/v1/clients/${client.id}`)).space.usedBytes, 1000)
    assert.deepEqual((await world.vault(client, object.place, { method: 'GET' })).body, object.content)
  }
  await assert.rejects(world.customer({ name: '' }), ApiProblemError)
})

test('a server that does not start tells why', async () => {
  await using folder = await temporaryFolder('not-a-folder')
  const dataDir = path.join(folder.path, 'file')
  await writeFile(dataDir, '')
  await assert.rejects(startWorld({ dataDir }), (error: Error) => {
    assert.match(error.message, /^The server ended instead of listening:\n.*(EEXIST|ENOTDIR|not a)/s)
    return true
  })
})

test('an address that is taken is said in one sentence', async () => {
  await using world = await startWorld({ workers: 1 })
  await using folder = await temporaryFolder('taken')
  const listen = new URL(world.url).host
  await assert.rejects(startGranary({ dataFolder: folder.path, listen, workers: 2 }), {
    message: `The server ended instead of listening:\nNothing can listen on ${listen}; it is probably in use. Set GRANARY_LISTEN to another address.\n`,
  })
})

test('a test run that is interrupted leaves neither server nor folder behind', async () => {
  const program = `
    const { startWorld } = await import(${JSON.stringify(new URL('./world.ts', import.meta.url).href)})
    const world = await startWorld({ workers: 1 })
    console.log(JSON.stringify({ processId: world.processId, folder: world.dataFolder }))
    setInterval(() => {}, 1000)`
  const run = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(run.stdout, 'data')) as [Buffer]
  const { processId, folder } = JSON.parse(line.toString()) as { processId: number; folder: string }
  assert.ok(isRunning(processId) && existsSync(folder))
  run.kill('SIGTERM')
  await once(run, 'exit')
  await within(5000, async () => assert.ok(!isRunning(processId) && !existsSync(folder)))
})

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
  // Ended, and kept only because nobody has asked for its exit code: some containers have no init that would.
  const status = `/proc/${processId}/status`
  return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')))
}
