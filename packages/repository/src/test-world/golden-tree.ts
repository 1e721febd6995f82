import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** What the golden repositories hold: little, but odd names, a file of two chunks and one that is there twice. */
const files: Readonly<Record<string, string>> = {
  'read me.txt': 'Made once, and read ever since.\n',
  empty: '',
  'quotes "and" <brackets> & more': 'quoting',
  'line\nbreak\tand ümläut \u{1f600}': 'names are bytes',
  'a/folder/in a folder': 'deep',
  'a/copy of the large file': largeContent('first'),
  'large file': largeContent('first'),
}
/** What the second snapshot has besides, or instead. */
const changedFiles: Readonly<Record<string, string>> = {
  'read me.txt': 'Changed before the second snapshot.\n',
  'large file': largeContent('second'),
}
const modifiedAt = 1_700_000_000

export const goldenTags = [['first'], ['second', 'of two']] as const

/** The files of the first or of the second snapshot, by their paths. */
export function goldenFiles(snapshot: number): Record<string, string> {
  return snapshot === 0 ? { ...files } : { ...files, ...changedFiles }
}

export async function fillGoldenTree(folder: string, snapshot: number): Promise<void> {
  for (const [name, content] of Object.entries(goldenFiles(snapshot))) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
    await utimes(file, modifiedAt + snapshot, modifiedAt + snapshot)
  }
  if (snapshot > 0) return
  await mkdir(path.join(folder, 'empty folder'))
  await symlink('read me.txt', path.join(folder, 'link'))
}

/** Two chunks, the first of which is the same: zeros are cut at 512 KiB. */
function largeContent(seed: string): string {
  return '\0'.repeat(530_000) + `the ${seed} end\n`.repeat(100)
}
