import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DatabaseLocation, openDatabase } from '@granary/server'
import { cheapPasswordHash } from './cheap-password-hash.ts'
import { administrator } from './console-browser.ts'
import { removeOnExit } from './leave-nothing-behind.ts'
import { apiKeyFile, sessionFile, type Template, templateDatabase } from './templates.ts'
import { runSql } from './test-database.ts'
import { startWorld, type World } from './world.ts'

/**
 * Makes the templates of a test run, in a folder that goes with them and in the databases of its cluster.
 * @param clusterUrl `postgres://…` of the run's PostgreSQL
 */
export async function makeTemplates(
  clusterUrl: string,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-templates-'))
  const isGone = removeOnExit({ folder })
  for (const kind of ['sqlite', 'postgres'] as const) {
    const migrated = await makeFolder(folder, 'migrated', kind)
    await makeTables(
      kind === 'sqlite'
        ? { kind, dataFolder: migrated }
        : { kind, url: await makeDatabase(clusterUrl, 'migrated') },
    )
    const started = await makeFolder(folder, 'started', kind)
    const databaseUrl = kind === 'postgres' ? await makeDatabase(clusterUrl, 'started') : undefined
    await using world = await startWorld({
      dataDir: started,
      workers: 1,
      ...(databaseUrl && { databaseUrl }),
    })
    await world.stop()
    await writeFile(path.join(started, apiKeyFile), world.apiKey)
    if (kind === 'sqlite') await makeSignedIn(folder, started, world)
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
      isGone()
    },
  }
}

/** Starts the world of the template `started` again on its own folder, with the template put aside first. */
async function makeSignedIn(folder: string, started: string, world: World): Promise<void> {
  const untouched = `${started}-untouched`
  await cp(started, untouched, { recursive: true })
  await world.restart()
  const session = await signIn(world)
  await world.change(`update users set password_hash = '${cheapPasswordHash(administrator.password)}'`)
  await world.stop()
  await rename(started, path.join(folder, 'signed-in-sqlite'))
  await rename(untouched, started)
  await writeFile(path.join(folder, 'signed-in-sqlite', sessionFile), session)
}

/** @returns the token of the administrator's session */
async function signIn(world: World): Promise<string> {
  const [link = ''] = (await world.said(/http\S+\/setup\?token=\S+/)) ?? []
  const token = new URL(link).searchParams.get('token')
  const answer = await fetch(`${world.url}/api/v1/setup`, {
    method: 'POST',
    headers: {
      origin: world.url,
      'content-type': 'application/json',
      'user-agent': 'Chrome of the template',
    },
    body: JSON.stringify({ token, ...administrator }),
  })
  const session = /^granary_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]
  if (session === undefined) throw new Error(`Setting up: ${answer.status} ${await answer.text()}`)
  return session
}

async function makeFolder(all: string, template: Template, kind: 'sqlite' | 'postgres'): Promise<string> {
  const folder = path.join(all, `${template}-${kind}`)
  await mkdir(folder)
  return folder
}

async function makeDatabase(clusterUrl: string, template: Template): Promise<string> {
  const name = templateDatabase(template)
  await runSql(clusterUrl, `create database ${name}`)
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return url.href
}

async function makeTables(location: DatabaseLocation): Promise<void> {
  await (await openDatabase(location)).close()
}
