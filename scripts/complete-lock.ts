/**
 * Adds to package-lock.json the optional packages for other platforms that a registry mirror did not offer
 * when the lock was written. Without them `npm ci` calls the lock out of step, though none of them would be
 * installed there. Run by `npm run lock` after dependencies change.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'wasi',
  'aix',
]
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'riscv64',
  'ppc64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
]

const lockPath = new URL('../package-lock.json', import.meta.url)
const lock: { packages: Record<string, LockEntry> } = JSON.parse(readFileSync(lockPath, 'utf8'))

/** The places where a package looks for another, its own folder first, as Node does. */
function placesSeenFrom(dependent: string, name: string): string[] {
  const places = [`${dependent}/node_modules/${name}`]
  for (let end = dependent.lastIndexOf('node_modules/'); end >= 0; ) {
    places.push(`${dependent.slice(0, end)}node_modules/${name}`)
    end = end === 0 ? -1 : dependent.lastIndexOf('node_modules/', end - 1)
  }
  return places
}

/** Where one that is missing has to go: as high as no other version of it stands in the way. */
function placeFor(dependent: string, name: string, version: string): string | undefined {
  const seen = placesSeenFrom(dependent, name)
  const found = seen.find((place) => lock.packages[place] !== undefined)
  if (found === undefined) return seen.at(-1)
  return lock.packages[found]?.version === version ? undefined : seen[0]
}

const added: string[] = []
for (const [dependent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const isExactVersion = /^\d+\.\d+\.\d+/.test(version)
    const place = isExactVersion ? placeFor(dependent, name, version) : undefined
    if (place === undefined) continue
    const words = name.split(/[/-]/)
    const os = systems.filter((system) => words.includes(system))
    const cpu = processors.filter((processor) => words.some((word) => word.startsWith(processor))).slice(0, 1)
    const libc = words.some((word) => word.startsWith('musl'))
      ? ['musl']
      : words.includes('gnu')
        ? ['glibc']
        : []
    lock.packages[place] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc.length > 0 && { libc }),
      optional: true,
      ...(os.length > 0 && { os }),
    }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'The lock is complete.' : `Added to the lock: ${added.join(', ')}`)
