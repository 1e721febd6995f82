import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DatabaseLocation, openDatabase } from '@granary/server'
import { removeOnExit } from './leave-nothing-behind.ts'
import { apiKeyFile, type Template, templateDatabase } from './templates.ts'
import { runSql } from './test-database.ts'
import { startWorld } from './world.ts'

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
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
      isGone()
    },
  }
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
