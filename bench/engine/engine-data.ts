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
const dependencies = path.resolve(import.meta.dirname, '../../node_modules')
const realFolders = ['/usr/bin', '/usr/lib', '/usr/share', dependencies]
const realBytes = 1e9 * scale
const largeBytes = 4 * 1024 ** 3 * scale
const tinyFiles = 200_000 * scale

export const dataSets: readonly DataSet[] = [
  { name: '1 GB of real files', fill: copyRealFiles, change: changeOneInHundred },
  { name: 'one file of 4 GB', fill: writeLargeFile, change: changeLargeFile },
  { name: '200 000 tiny files', fill: writeTinyFiles, change: changeOneInHundred },
]

/** Programs, libraries, documents and sources of the machine itself. */
async function copyRealFiles(target: string): Promise<void> {
  for (const folder of realFolders) {
    // The same from each, so that no one kind of file makes up all.
    let left = realBytes / realFolders.length
    for await (const file of filesIn(folder)) {
      const { size, mtime } = await lstat(file)
      if (size > realBytes / 10) continue
      const copy = path.join(target, file)
      await mkdir(path.dirname(copy), { recursive: true })
      await copyFile(file, copy)
      await utimes(copy, mtime, mtime)
      left -= size
      if (left <= 0) break
    }
  }
}

/** Regular files only: links may lead anywhere, and round in circles. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(place)
    else if (entry.isFile()) yield place
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
  let nth = 0
  for await (const file of filesIn(folder)) {
    if (nth++ % 100 !== 0) continue
    const { size } = await lstat(file)
    await truncate(file, Math.floor(size / 2))
    await using handle = await open(file, 'a')
    await handle.write(noise(Math.ceil(size / 2) + 1, file))
  }
}
