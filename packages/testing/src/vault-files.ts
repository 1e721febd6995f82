import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

export interface VaultFile {
  /** `config`, or type and name as the REST protocol has them: `data/73f0…`. */
  readonly object: string
  readonly bytes: number
}

export interface VaultFolder {
  readonly files: readonly VaultFile[]
  readonly bytes: number
  /** What lies there and is no object of restic's plain layout: left-over temp files, above all. */
  readonly strays: readonly string[]
}

const layout = /^(?:config|(?:keys|locks|snapshots|index)\/[0-9a-f]{64}|data\/([0-9a-f]{2})\/\1[0-9a-f]{62})$/

/**
 * Reads what a client's vault really holds, from the disk and past the server: the folder
 * `vaults/{number}-{client ID}` of the local object store. A vault never written to is empty.
 */
export async function readVaultFolder(objectsFolder: string, clientId: string): Promise<VaultFolder> {
  const vaults = await unlessMissing(readdir(path.join(objectsFolder, 'vaults')))
  const folders = vaults.filter((name) => name.replace(/^\d+-/, '') === clientId)
  if (folders.length > 1) throw new Error(`Two vaults are called ${clientId}: ${folders.join(', ')}`)
  if (folders[0] === undefined) return { files: [], bytes: 0, strays: [] }
  const folder = path.join(objectsFolder, 'vaults', folders[0])
  const paths = await filesBelow(folder)
  const files = await Promise.all(
    paths
      .filter((file) => layout.test(file))
      .map(async (file) => ({
        object: file.replace(/^data\/..\//, 'data/'),
        bytes: (await stat(path.join(folder, file))).size,
      })),
  )
  return {
    files,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    strays: paths.filter((file) => !layout.test(file)),
  }
}

/** Uploads that are on their way in at this moment; when none runs, files that somebody forgot. */
export function readIncomingFiles(objectsFolder: string): Promise<string[]> {
  return filesBelow(path.join(objectsFolder, 'incoming'))
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(folder, { recursive: true, withFileTypes: true }))
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

async function unlessMissing<Entry>(entries: Promise<Entry[]>): Promise<Entry[]> {
  try {
    return await entries
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
