import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { GranarySettings } from './granary-process.ts'
import { runSql } from './test-database.ts'

type Where = Pick<GranarySettings, 'dataFolder' | 'databaseUrl'>

/** Asks a server's database past the server; on both kinds the same rows, as long as they hold numbers and texts. */
export async function queryDatabase<Row>({ dataFolder, databaseUrl }: Where, sql: string): Promise<Row[]> {
  if (databaseUrl) {
    const answer = await runSql(databaseUrl, `select coalesce(json_agg(q), '[]') from (${sql}) as q`)
    return JSON.parse(answer) as Row[]
  }
  using database = openFile(dataFolder, { readOnly: true })
  return database.connection.prepare(sql).all() as Row[]
}

export async function changeDatabase({ dataFolder, databaseUrl }: Where, sql: string): Promise<void> {
  if (databaseUrl) {
    await runSql(databaseUrl, sql)
    return
  }
  using database = openFile(dataFolder, { readOnly: false })
  database.connection.exec(sql)
}

function openFile(dataFolder: string, options: { readOnly: boolean }) {
  const connection = new DatabaseSync(path.join(dataFolder, 'granary.sqlite'), {
    ...options,
    timeout: 10_000,
  })
  return { connection, [Symbol.dispose]: () => connection.close() }
}
