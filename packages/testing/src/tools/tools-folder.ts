import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../../../../', import.meta.url))
const toolsFolder = path.join(projectRoot, '.tools')

/** A tool that is missing and can't be fetched here. The message is one line saying what to install. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError'
}

/**
 * The folder `.tools/{name}`, filled once for all later runs.
 * Each caller fills a draft of its own and the first to finish publishes it whole, so test files that start
 * together neither wait for one another nor ever see half a tool.
 * @param fill puts the tool into the draft folder it is given
 */
export async function toolFolder(name: string, fill: (draft: string) => Promise<void>): Promise<string> {
  const finished = path.join(toolsFolder, name)
  if (existsSync(finished)) return finished
  const draft = `${finished}.draft-${randomBytes(6).toString('hex')}`
  await mkdir(draft, { recursive: true })
  try {
    await fill(draft)
    await rename(draft, finished).catch((error: NodeJS.ErrnoException) => {
      const anotherWasFirst = error.code === 'ENOTEMPTY' || error.code === 'EEXIST'
      if (!anotherWasFirst) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return finished
}
