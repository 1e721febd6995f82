/** Folders with everything a file system has, and descriptions to compare them by. */
import { hash } from 'node:crypto'
import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { fillSampleTree, noise } from '@granary/testing'
import { cPath, nativeCalls } from '../filesystem/native-calls.ts'
import { nodePath } from '../filesystem/node-path.ts'
import { compareNames, nameFromBytes } from '../format/file-name.ts'

/** Fills a folder; as root with devices too, and with a link to bytes that are no text, which restic 0.14 can't keep. */
export async function fillRichTree(
  folder: string,
  seed: string,
  options = { linkToBytes: true },
): Promise<void> {
  await fillSampleTree(folder, seed)
  const at = (name: string) => `${folder}/${name}`
  await mkdir(at('special'))
  await writeFile(at('special/one of two names'), noise(700_000, `${seed}-linked`))
  await link(at('special/one of two names'), at('special/the other name'))
  await writeFile(
    Buffer.concat([Buffer.from(at('special/bytes-')), Buffer.from([0xff, 0xfe, 0x0a, 0x80])]),
    'odd',
  )
  await writeFile(at('special/a\\b"c<d>&e\u00a0\u2028\u{1f600}\u0301\x7f'), 'quoting')
  await symlink(options.linkToBytes ? Buffer.from([0x78, 0xff, 0x79]) : 'x', at('special/link to bytes'))
  await writeFile(at('special/setuid'), 'x')
  await chmod(at('special/setuid'), 0o4750)
  await mkdir(at('special/sticky'))
  await chmod(at('special/sticky'), 0o1777)
  await writeFile(at('special/old'), 'x')
  await utimes(at('special/old'), 1, 86_400)
  await utimes(at('special/sticky'), 1_500_000_000.123456, 1_400_000_000.654321)
  if (!nativeCalls) return
  nativeCalls.makeNode(cPath(at('special/fifo')), 0o010640, 0n)
  nativeCalls.setExtendedAttribute(cPath(at('special/setuid')), 'user.colour', Buffer.from('blue'))
  nativeCalls.setExtendedAttribute(cPath(at('special')), 'user.empty', new Uint8Array())
  nativeCalls.setTimes(cPath(at('special/link to bytes')), 5n, 1_234_567_890_987_654_321n)
  if (process.geteuid?.() !== 0) return
  nativeCalls.makeNode(cPath(at('special/null')), 0o020666, 0x103n)
  nativeCalls.makeNode(cPath(at('special/block')), 0o060600, 0x702n)
}

/** One line for everything below a folder: what a restore has to bring back. Two trees are equal when these are. */
export async function describeRichTree(folder: string): Promise<string[]> {
  const lines: string[] = []
  const inodes = new Map<bigint, string>()
  await describeFolder(folder, '', lines, inodes)
  return lines
}

async function describeFolder(
  root: string,
  relative: string,
  lines: string[],
  inodes: Map<bigint, string>,
): Promise<void> {
  const names = (await readdir(nodePath(root + relative), { encoding: 'buffer' })).map(nameFromBytes)
  for (const name of names.toSorted(compareNames)) {
    const path = `${relative}/${name}`
    const stats = await lstat(nodePath(root + path), { bigint: true })
    const first = inodes.get(stats.ino) ?? path
    inodes.set(stats.ino, first)
    const mode = stats.isSymbolicLink() ? 'link' : stats.mode.toString(8)
    const attributes = describeAttributes(root + path)
    const common = `${JSON.stringify(path)} ${mode} ${stats.uid}:${stats.gid} ${stats.mtimeNs}${attributes}`
    if (stats.isSymbolicLink()) {
      const target = await readlink(nodePath(root + path), { encoding: 'buffer' })
      lines.push(`${common} → ${target.toString('hex')}`)
    } else if (stats.isDirectory()) {
      lines.push(common)
      await describeFolder(root, path, lines, inodes)
    } else if (stats.isFile()) {
      const content = hash('sha256', await readFile(nodePath(root + path)))
      lines.push(`${common} ${content} ${first === path ? '' : `is ${first}`}`)
    } else lines.push(`${common} ${stats.rdev}`)
  }
}

function describeAttributes(path: string): string {
  if (!nativeCalls) return ''
  const native = nativeCalls
  const names = native.listExtendedAttributes(cPath(path))
  return names.map((name) => ` ${name}=${native.getExtendedAttribute(cPath(path), name)?.toHex()}`).join('')
}
