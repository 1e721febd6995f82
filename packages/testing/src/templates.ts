import { copyFile, readFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * What the databases and worlds of a test run start from: one with all tables, one of a server that was started before, and
 * one whose administrator is set up and signed in, on SQLite only. A run makes each once: to make all tables, a server's key
 * and a first API key takes longer than most tests do. A test file that runs by itself has none, and starts from nothing.
 */
export type Template = 'migrated' | 'started' | 'signed-in'

/** In a template's folder, besides what a data folder holds */
export const apiKeyFile = 'api-key'
export const sessionFile = 'session'

/** PostgreSQL's database with a template's tables */
export const templateDatabase = (template: Template) => `granary_template_${template}`

/** @returns the folder that a data folder on this database starts from; undefined where this run has no templates */
export function templateFolder(template: Template, kind: 'sqlite' | 'postgres'): string | undefined {
  const all = process.env.GRANARY_TEST_TEMPLATES
  return all && path.join(all, `${template}-${kind}`)
}

/** Gives an empty data folder the tables of this version, where this run has templates. */
export async function copyMigrated(dataFolder: string): Promise<void> {
  const folder = templateFolder('migrated', 'sqlite')
  if (folder) await copyFile(path.join(folder, 'granary.sqlite'), path.join(dataFolder, 'granary.sqlite'))
}

/** @returns the token of the session in the template `signed-in`; undefined where this run has no templates */
export async function sessionOfTemplate(): Promise<string | undefined> {
  const folder = templateFolder('signed-in', 'sqlite')
  return folder && (await readFile(path.join(folder, sessionFile), 'utf8'))
}

/**
 * Makes an empty data folder that of a server which was started and stopped before; with PostgreSQL, its tables come
 * from the database's template.
 * @returns the API key of a server admin; undefined where this run has no templates
 */
export async function copyStarted(
  dataFolder: string,
  kind: 'sqlite' | 'postgres',
  template: Exclude<Template, 'migrated'> = 'started',
): Promise<string | undefined> {
  const folder = templateFolder(template, kind)
  if (!folder) return undefined
  const names = kind === 'sqlite' ? ['server.key', 'granary.sqlite'] : ['server.key']
  for (const name of names) await copyFile(path.join(folder, name), path.join(dataFolder, name))
  return await readFile(path.join(folder, apiKeyFile), 'utf8')
}
