import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { copyMigrated, createTestDatabase, quickFolder } from '@granary/testing'
import type { Database, DatabaseKind } from '../platform/database/database.ts'
import { type DatabaseLocation, openDatabase } from '../platform/database/open-database.ts'

/** An empty database of its own for one test, with the folder that a server's data would lie in. */
export interface TestPlace {
  readonly database: Database
  readonly dataFolder: string
  readonly location: DatabaseLocation
  /** Another server's connection to the same database. */
  openAnother(): Promise<Database>
}

/** Makes a promise on SQLite and on a real PostgreSQL. */
export function onEachDatabase(promise: string, keep: (place: TestPlace) => Promise<void>): void {
  for (const kind of ['sqlite', 'postgres'] as const) {
    test(`${promise} (${kind})`, async () => {
      await using place = await openTestPlace(kind)
      await keep(place)
    })
  }
}

export async function openTestPlace(kind: DatabaseKind): Promise<TestPlace & AsyncDisposable> {
  await using resources = new AsyncDisposableStack()
  const dataFolder = await mkdtemp(path.join(await quickFolder(), 'granary-test-'))
  resources.defer(() => rm(dataFolder, { recursive: true, force: true }))
  if (kind === 'sqlite') await copyMigrated(dataFolder)
  const location =
    kind === 'sqlite'
      ? ({ kind, dataFolder } as const)
      : ({ kind, url: resources.use(await createTestDatabase('migrated')).url } as const)
  const opened: Database[] = []
  resources.defer(async () => {
    for (const database of opened) await database.close()
  })
  const openAnother = async () => {
    const database = await openDatabase(location)
    opened.push(database)
    return database
  }
  const database = await openAnother()
  const kept = resources.move()
  return { database, dataFolder, location, openAnother, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
