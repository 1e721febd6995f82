import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type AptSourceFile, sourcesForSuite } from './debian-sources.ts'
import { runProgram } from './run-program.ts'
import { MissingToolError } from './tools-folder.ts'

/**
 * Downloads a package of any Debian suite and unpacks it into a folder. Nothing is installed: apt works on
 * lists and a cache of its own inside that folder, and needs no root.
 * @throws {MissingToolError} where there is no apt or no Debian archive
 */
export async function unpackDebianPackage(
  package_: { readonly name: string; readonly suite: string },
  folder: string,
): Promise<void> {
  const release = await debianRelease()
  const sources = release && sourcesForSuite(await aptSources(), release, package_.suite)
  if (!sources) throw new MissingToolError(`There is no Debian archive here to take ${package_.name} from.`)
  const apt = path.join(folder, 'apt')
  await mkdir(path.join(apt, 'state/lists/partial'), { recursive: true })
  await mkdir(path.join(apt, 'cache/archives/partial'), { recursive: true })
  await writeFile(path.join(apt, 'suite.sources'), sources)
  const options = [
    `Dir::Etc::sourcelist=${apt}/suite.sources`,
    'Dir::Etc::sourceparts=-',
    `Dir::State=${apt}/state`,
    `Dir::Cache=${apt}/cache`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    // apt's download user may not enter a project under somebody's home folder.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option])
  await runProgram('apt-get', [...options, '-q', 'update'])
  await runProgram('apt-get', [...options, '-q', 'download', package_.name], { cwd: apt })
  const archive = (await readdir(apt)).find((name) => name.endsWith('.deb'))
  if (!archive) throw new Error(`apt-get download ${package_.name} ended well and left no package.`)
  await runProgram('dpkg', ['-x', path.join(apt, archive), folder])
  await rm(apt, { recursive: true })
}

/**
 * Installs a package of the machine's own release, for tools that can't run from a folder.
 * @returns false where that can't be done: not root, or no apt
 */
export async function installDebianPackage(name: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || !(await debianRelease())) return false
  // The second one keeps a settings file that lies there already, instead of asking about it.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' }
  await runProgram('apt-get', ['-q', 'update'], { env })
  await runProgram('apt-get', ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', 'install', name], { env })
  return true
}

async function debianRelease(): Promise<string | undefined> {
  if (!existsSync('/etc/os-release') || !existsSync('/usr/bin/apt-get')) return undefined
  return /^VERSION_CODENAME=(\w+)/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1]
}

async function aptSources(): Promise<AptSourceFile[]> {
  const parts = existsSync('/etc/apt/sources.list.d') ? await readdir('/etc/apt/sources.list.d') : []
  const files = [
    '/etc/apt/sources.list',
    ...parts
      .filter((name) => /\.(list|sources)$/.test(name))
      .map((name) => `/etc/apt/sources.list.d/${name}`),
  ].filter((file) => existsSync(file))
  return Promise.all(
    files.map(async (file) => ({ name: path.basename(file), text: await readFile(file, 'utf8') })),
  )
}
