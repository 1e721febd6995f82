import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { type Template, templateDatabase, templateFolder } from './templates.ts'
import { startThrowawayPostgres } from './throwaway-postgres.ts'
import { postgresBinaries } from './tools/postgres-binaries.ts'
import { runProgram } from './tools/run-program.ts'

export interface TestDatabase extends AsyncDisposable {
  /** `postgres://…` */
  readonly url: string
}

/**
 * A PostgreSQL database that goes away with its scope. It lies in the cluster of the test run (`GRANARY_TEST_POSTGRES`),
 * or, when a test file runs by itself, in one that this process starts and shares.
 * @param template what it starts from, where this run has templates; empty otherwise
 */
export async function createTestDatabase(template?: Template): Promise<TestDatabase> {
  const clusterUrl = process.env.GRANARY_TEST_POSTGRES ?? (await ownCluster())
  const name = `granary_${randomBytes(8).toString('hex')}`
  await runSql(
    clusterUrl,
    template && templateFolder(template, 'postgres')
      ? copyDatabase(templateDatabase(template), name)
      : `create database ${name}`,
  )
  const url = new URL(clusterUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await runSql(clusterUrl, `drop database ${name} with (force)`)
    },
  }
}

/**
 * Copied by files, a database costs half of what it does by its log, in which PostgreSQL 15 and newer otherwise write every
 * page of it; older ones know no other way.
 */
function copyDatabase(template: string, name: string): string {
  const statement = `create database ${name} template ${template}`
  return String.raw`select :SERVER_VERSION_NUM >= 150000 as is_asked \gset
    \if :is_asked
    ${statement} strategy file_copy;
    \else
    ${statement};
    \endif`.replaceAll(/^ +/gm, '')
}

let startedCluster: Promise<string> | undefined

function ownCluster(): Promise<string> {
  startedCluster ??= startThrowawayPostgres().then((cluster) => {
    cluster.unref()
    process.once('beforeExit', () => cluster[Symbol.asyncDispose]())
    return cluster.url
  })
  return startedCluster
}

/** @returns what it answers, without headings and frames */
export async function runSql(url: string, statement: string): Promise<string> {
  const psql = path.join(await postgresBinaries(), 'psql')
  const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url]
  return (await runProgram(psql, args, { input: statement })).stdout
}
