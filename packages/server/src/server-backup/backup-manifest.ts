import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

const manifestFile = 'backup.json'

const backupManifest = z.object({
  database: z.enum(['sqlite', 'postgres']),
  /** The last migration that the tables had been through */
  migration: z.string(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number() })),
  /** On PostgreSQL: what each file holds, in an order in which no row comes before what it refers to */
  tables: z.array(
    z.object({ file: z.string(), table: z.string(), columns: z.array(z.string()), rows: z.number() }),
  ),
  /** On PostgreSQL: where numbering goes on */
  numbering: z.array(z.object({ table: z.string(), column: z.string(), last: z.number().nullable() })),
})
export type BackupManifest = z.infer<typeof backupManifest>

export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  await writeFile(path.join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
}

/**
 * Reads what a backup holds, and every file of it, to see that it is what was written.
 * @throws {Error} with a sentence for people
 */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder)
  for (const { name, sha256, bytes } of manifest.files) {
    const found = await describeFile(path.join(folder, name))
    if (found.sha256 !== sha256 || found.bytes !== bytes)
      throw new Error(
        `The backup in ${folder} is damaged: ${name} is not what was written. Take another one.`,
      )
  }
  return manifest
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const file = path.join(folder, manifestFile)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new Error(`There is no backup in ${folder}: it holds no ${manifestFile}.`, { cause: error })
  }
  try {
    return backupManifest.parse(JSON.parse(text))
  } catch (error) {
    throw new Error(`The backup in ${folder} is damaged: ${manifestFile} can't be read.`, { cause: error })
  }
}

export async function describeFile(file: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
      }
    })
  } catch (error) {
    throw new Error(`${file} can't be read, so this backup is damaged.`, { cause: error })
  }
  return { sha256: hash.digest('hex'), bytes }
}
