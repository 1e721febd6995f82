import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { Client, List } from '@granary/contract'
import type { DevWorld } from './dev-world/set-up-dev-world.ts'
import { devApi } from './dev-world/set-up-dev-world.ts'
import { temporaryFolder } from './sample-tree.ts'
import { projectRoot } from './tools/tools-folder.ts'
import { within } from './within.ts'

const patienceMs = 150_000

test('`npm run dev` is large and alive, says who can sign in, and leaves nothing running', async () => {
  await using folder = await temporaryFolder('dev')
  await using dev = await startDev(folder.path)
  const world: DevWorld = JSON.parse(await readFile(path.join(folder.path, 'dev-world.json'), 'utf8'))
  const api = devApi(dev.url, world.apiKey)
  const total = async (list: string) => (await api<List<unknown>>('GET', list)).total
  assert.ok((await total('/api/v1/resellers?limit=1')) > 40)
  assert.ok((await total('/api/v1/customers?limit=1')) > 400)
  const password = /password “(.*)”/.exec(dev.said)?.[1]
  const emails = [...dev.said.matchAll(/^ {2}(\S+@\S+)/gm)].map(([, email]) => email)
  assert.equal(emails.length, 4)
  for (const email of emails) {
    await api('POST', '/api/v1/session', { email, password })
  }
  const used = async () => {
    const place = `/api/v1/customers/${world.customers['Bakery Huber']?.id}/clients`
    const { items } = await api<List<Client>>('GET', place)
    return items.reduce((sum, { space }) => sum + space.usedBytes, 0)
  }
  const before = await used()
  await within(patienceMs, async () => assert.notEqual(await used(), before, 'used space moves'))
  await within(patienceMs, async () => {
    assert.equal(await total('/api/v1/deletions?kind=customer'), 1, 'a customer to undelete')
    assert.equal(await total('/api/v1/waiting-room?search=kiosk-7'), 1)
  })
  dev.stop('SIGINT')
  assert.equal(await dev.ended, 0)
  assert.deepEqual(await processesIn(folder.path), [])

  await using again = await startDev(folder.path)
  assert.equal(again.said.includes('Seeding'), false)
  again.stop('SIGTERM')
  assert.equal(await again.ended, 0)
  assert.deepEqual(await processesIn(folder.path), [])
})

async function startDev(dataFolder: string) {
  const child = spawn(process.execPath, [path.join(projectRoot, 'packages/testing/src/dev.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GRANARY_DATA: dataFolder, GRANARY_LISTEN: '127.0.0.1:0', GRANARY_WORKERS: '1' },
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  let said = ''
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`
    if (line.includes('customer-read-only')) break
  }
  child.stdout.resume()
  const url = /^Sign in at (\S+) /m.exec(said)?.[1]
  assert.ok(url, said)
  return {
    ...{ url, said, ended },
    stop: (signal: NodeJS.Signals) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Processes that were started for a folder: servers, and restic on trees in it. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const place = (name: string) => path.join('/proc', id, name)
    const environment = await readFile(place('environ'), 'utf8').catch(() => '')
    const at = await readlink(place('cwd')).catch(() => '')
    if (id !== String(process.pid) && (environment.includes(folder) || at.startsWith(folder))) {
      found.push(`${id} ${await readFile(place('cmdline'), 'utf8').catch(() => '')}`)
    }
  }
  return found
}
