import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Names the primary that has this data folder now, and says which one had it before: that one has stopped or died, as
 * the folder's lock is free.
 */
export async function followPrimary(
  dataFolder: string,
): Promise<{ name: string; former: string | undefined }> {
  const file = path.join(dataFolder, 'primary')
  const former = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  const name = `primary-${randomBytes(8).toString('hex')}`
  await writeFile(file, name, { mode: 0o600 })
  return { name, former }
}
