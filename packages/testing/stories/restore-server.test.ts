import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { Client } from '@granary/contract'
import { granaryEnvironment } from '../src/granary-process.ts'
import { sampleObject } from '../src/sample-object.ts'
import { temporaryFolder } from '../src/sample-tree.ts'
import { runProgram } from '../src/tools/run-program.ts'
import { projectRoot } from '../src/tools/tools-folder.ts'
import { within } from '../src/within.ts'
import { startWorld } from '../src/world.ts'

test('a server whose database is lost is restored from its own backup, with what was stored since', async () => {
  await using world = await startWorld({ workers: 1 })
  await using elsewhere = await temporaryFolder('server-backups')
  const granary = async (...args: string[]) => {
    const program = path.join(projectRoot, 'packages/server/bin/granary.js')
    const env = {
      ...granaryEnvironment({ dataFolder: world.dataFolder, listen: new URL(world.url).host }),
      GRANARY_SERVER_BACKUPS: elsewhere.path,
    }
    return (await runProgram(process.execPath, [program, ...args], { env })).stdout.trim()
  }
  const client = await world.client(await world.customer())
  await world.vault(client, '?create=true', { method: 'POST' })
  const put = async (size: number, seed: string) => {
    const object = sampleObject(size, seed)
    const { status } = await world.vault(client, object.place, { method: 'POST', body: object.content })
    assert.equal(status, 200)
    return object
  }
  const before = [await put(300, 'small, before'), await put(40_000, 'large, before')]
  const removedLater = await put(30_000, 'removed after the backup')
  const backup = await granary('backup-server')
  assert.ok(existsSync(path.join(backup, 'granary.sqlite')) && existsSync(path.join(backup, 'server.key')))
  const since = [await put(400, 'small, since'), await put(50_000, 'large, since')]
  assert.equal((await world.vault(client, removedLater.place, { method: 'DELETE' })).status, 200)

  await assert.rejects(granary('restore-server', backup), /Stop it first/)
  await world.stop()
  for (const file of await readdir(world.dataFolder))
    if (/^(granary\.sqlite|server\.key)/.test(file)) await rm(path.join(world.dataFolder, file))
  await assert.rejects(granary('restore-server', world.dataFolder), /There is no backup/)
  const [copy] = await readdir(elsewhere.path)
  assert.match(
    await granary('restore-server', path.join(elsewhere.path, copy ?? '')),
    /^Restored\. 3 differences/,
  )
  await world.restart()

  for (const { place, content } of [...before, ...since, removedLater])
    assert.deepEqual((await world.vault(client, place, { method: 'GET' })).body, content, place)
  const { space } = await world.api<Client>('GET', `/api/v1/clients/${client.id}`)
  await within(5000, async () => assert.equal(await world.usedBytesOnDisk(client), space.usedBytes))
})
