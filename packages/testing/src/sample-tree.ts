import { createCipheriv, createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removeOnExit } from './leave-nothing-behind.ts'

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/** An empty folder that goes away with its scope. */
export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), `granary-${purpose}-`))
  const isGone = removeOnExit({ folder })
  return {
    path: folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
      isGone()
    },
  }
}

/** Bytes that look random and can't be compressed, the same for the same seed: an AES keystream. */
export function noise(bytes: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes))
}

/** Text that compresses about as well as people's documents do. */
export function prose(bytes: number, seed: string): Buffer {
  const words = 'the harvest was brought in before the rain and stored where nobody would look for it'.split(
    ' ',
  )
  const choices = noise(Math.ceil(bytes / 4), seed)
  const text: string[] = []
  for (const choice of choices) text.push(words[choice % words.length] ?? '')
  return Buffer.from(text.join(' ')).subarray(0, bytes)
}

/**
 * Fills a folder as a small machine's would be: many small files, some large ones, empty ones, deep folders,
 * names in other scripts and with blanks, links.
 */
export async function fillSampleTree(folder: string, seed: string): Promise<void> {
  const letters = path.join(folder, 'Briefe & Fotos', 'Ünïcödé', '日本語')
  await mkdir(letters, { recursive: true })
  await mkdir(path.join(folder, 'empty folder'))
  await mkdir(path.join(folder, 'many'))
  await writeFile(path.join(folder, 'empty'), '')
  await writeFile(path.join(folder, 'photo.raw'), noise(6_000_000, `${seed}-photo`))
  await writeFile(path.join(folder, 'zeros'), Buffer.alloc(3_000_000))
  await writeFile(path.join(folder, 'script.sh'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  await writeFile(path.join(letters, 'letter with\ttab and "quotes".txt'), prose(50_000, `${seed}-letter`))
  await symlink('../photo.raw', path.join(folder, 'Briefe & Fotos', 'link to photo'))
  await symlink('nowhere', path.join(folder, 'dangling'))
  for (let i = 0; i < 100; i++) {
    await writeFile(path.join(folder, 'many', `note ${i}.txt`), prose(1000 + i * 37, `${seed}-note-${i}`))
  }
}

/**
 * Everything a restore has to bring back, one line per entry: kind, permissions, time of change, content.
 * Two trees are equal when their descriptions are.
 */
export async function describeTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const lines = await Promise.all(
    entries.map(async (entry) => {
      const place = path.join(entry.parentPath, entry.name)
      const { mode, mtimeNs } = await lstat(place, { bigint: true })
      const name = JSON.stringify(path.relative(folder, place))
      const common = `${name} ${(mode & 0o7777n).toString(8)} ${mtimeNs}`
      if (entry.isSymbolicLink()) return `${common} → ${await readlink(place)}`
      if (entry.isDirectory()) return `${common} folder`
      const hash = createHash('sha256').update(await readFile(place))
      return `${common} ${hash.digest('hex')}`
    }),
  )
  return lines.sort()
}
