import { copyFile, lstat, mkdir, open, readdir, truncate, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { noise, prose } from '@granary/testing'

/** Files to back up, and a way to change one in a hundred of them. */
export interface DataSet {
  readonly name: string
  fill(folder: string): Promise<void>
  change(folder: string): Promise<void>
}

const scale = Number(process.env.GRANARY_BENCH_ENGINE_SCALE ?? 1)
const realFolders = ['/usr/bin', '/usr/include', '/usr/share', '/usr/lib']
const realBytes = 1e9 * scale
const largeBytes = 4 * 1024 ** 3 * scale
const tinyFiles = 200_000 * scale

export const dataSets: readonly DataSet[] = [
  { name: '1 GB of real files', fill: copyRealFiles, change: changeOneInHundred },
  { name: 'one file of 4 GB', fill: writeLargeFile, change: changeLargeFile },
  { name: '200 000 tiny files', fill: writeTinyFiles, change: changeOneInHundred },
]

/** Programs, headers, documents and libraries of the machine itself, until there are enough. */
async function copyRealFiles(target: string): Promise<void> {
  let left = realBytes
  for (const folder of realFolders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
    for (const file of files.toSorted()) {
      if (left <= 0) return
      const { size, mtime } = await lstat(file)
      // A quarter each, so that no one kind of file makes up all.
      if (size > realBytes / 10) continue
      const copy = path.join(target, file)
      await mkdir(path.dirname(copy), { recursive: true })
      await copyFile(file, copy)
      await utimes(copy, mtime, mtime)
      left -= size
    }
  }
}

/** Half of it compresses, half does not. */
async function writeLargeFile(folder: string): Promise<void> {
  const pieceBytes = 16 * 1024 * 1024
  await using file = await open(path.join(folder, 'disk.img'), 'w')
  for (let written = 0, i = 0; written < largeBytes; written += pieceBytes, i++) {
    await file.write(i % 2 === 0 ? noise(pieceBytes, `large ${i}`) : prose(pieceBytes, `large ${i}`))
  }
}

async function changeLargeFile(folder: string): Promise<void> {
  await using file = await open(path.join(folder, 'disk.img'), 'r+')
  const pieceBytes = 1024 * 1024
  for (let at = 0, i = 0; at < largeBytes; at += 100 * pieceBytes, i++) {
    await file.write(noise(pieceBytes, `change ${i}`), 0, pieceBytes, at)
  }
}

async function writeTinyFiles(folder: string): Promise<void> {
  for (let i = 0; i < tinyFiles; i++) {
    const place = path.join(folder, `${i % 400}`)
    if (i < 400) await mkdir(place, { recursive: true })
    await writeFile(path.join(place, `${i}.json`), prose(100 + ((i * 31) % 900), `tiny ${i}`))
  }
}

async function changeOneInHundred(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const [i, file] of files.toSorted().entries()) {
    if (i % 100 !== 0) continue
    const { size } = await lstat(file)
    await truncate(file, Math.floor(size / 2))
    await using handle = await open(file, 'a')
    await handle.write(noise(Math.ceil(size / 2) + 1, file))
  }
}
