import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defaultStorageLocation, fields } from '@granary/contract'
import type { VaultLocation } from '@granary/object-store'
import type { DatabaseLocation } from './platform/database/open-database.ts'
import type { ProxyRange } from './platform/http/trusted-proxies.ts'
import { overlapOf } from './storage/overlap.ts'

/** What can be set, and what it is without setting anything. The only reader of the environment. */
export interface Config {
  /** Absolute. Holds the SQLite database, the local object store and the server's key. */
  readonly dataFolder: string
  readonly listen: { readonly host: string; readonly port: number }
  readonly database: DatabaseLocation
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined
  /** The address clients and people use, when it is not the one listened on; without a trailing slash. */
  readonly publicUrl: string | undefined
  /** Proxies that are believed when they say whom they pass on */
  readonly trustedProxies: readonly ProxyRange[]
  /** Used instead of `server.key`. */
  readonly secret: string | undefined
  /** Worker processes. */
  readonly workers: number
  /** Folders that vaults may lie in besides the data folder's. Absolute, apart from each other */
  readonly storageLocations: readonly VaultLocation[]
  /** Folders with copies of the objects, from which damaged ones are healed. Absolute */
  readonly copiesFolders: readonly string[]
  /** Where the server's own backups go besides the data folder. Absolute */
  readonly serverBackupsFolder: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** More workers than this bring little on one disk and one database. */
const mostWorkersByDefault = 8

/** Thrown for what can't be used, with a sentence that says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    dataFolder: path.resolve(set(env.GRANARY_DATA) ?? 'data'),
    listen: readListen(set(env.GRANARY_LISTEN) ?? '127.0.0.1:8480'),
    database: readDatabase(set(env.DATABASE_URL), path.resolve(set(env.GRANARY_DATA) ?? 'data')),
    tls: readTls(set(env.GRANARY_TLS_CERT), set(env.GRANARY_TLS_KEY)),
    publicUrl: readPublicUrl(set(env.GRANARY_URL)),
    trustedProxies: readTrustedProxies(set(env.GRANARY_TRUSTED_PROXIES)),
    secret: readSecret(set(env.GRANARY_SECRET)),
    workers: readWorkers(set(env.GRANARY_WORKERS)),
    storageLocations: readStorageLocations(
      set(env.GRANARY_STORAGE),
      path.resolve(set(env.GRANARY_DATA) ?? 'data'),
    ),
    copiesFolders: readFolders(set(env.GRANARY_COPIES)),
    serverBackupsFolder:
      set(env.GRANARY_SERVER_BACKUPS) && path.resolve(set(env.GRANARY_SERVER_BACKUPS) ?? ''),
    logLevel: readLogLevel(set(env.GRANARY_LOG) ?? 'warn'),
  }
}

function set(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

function readListen(value: string): Config['listen'] {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:\s]+):(\d{1,5})$/.exec(value) ?? []
  if (host === undefined || port === undefined || Number(port) > 65535) {
    throw new ConfigError(
      `GRANARY_LISTEN is "${value}". Write host:port, for example 127.0.0.1:8480, or 0.0.0.0:8480 to listen on every address.`,
    )
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

function readDatabase(url: string | undefined, dataFolder: string): DatabaseLocation {
  if (url === undefined) return { kind: 'sqlite', dataFolder }
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'DATABASE_URL is not an address of a PostgreSQL database. Write postgres://user:password@host:5432/granary, or leave it out to use SQLite.',
    )
  }
  return { kind: 'postgres', url }
}

function readTls(certificateFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined) {
    throw new ConfigError(
      'TLS needs both files. Set GRANARY_TLS_CERT to the certificate chain and GRANARY_TLS_KEY to its private key, both in PEM.',
    )
  }
  return { certificateFile: path.resolve(certificateFile), keyFile: path.resolve(keyFile) }
}

function readPublicUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new ConfigError(
      `GRANARY_URL is "${value}". Write the address people use, for example https://backup.example.com.`,
    )
  }
  return url.origin
}

const loopback = ['127.0.0.0/8', '::1']

export function readTrustedProxies(value: string | undefined): ProxyRange[] {
  const parts = (value?.split(',') ?? []).map((part) => part.trim())
  return parts.flatMap((part) => (part === 'loopback' ? loopback : part)).map(readProxyRange)
}

function readProxyRange(part: string): ProxyRange {
  const [, network = '', prefix] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(part) ?? []
  const allBits = isIP(network) === 4 ? 32 : 128
  // IPv4 over IPv6 is compared as IPv4.
  if (isIP(network) === 0 || Number(prefix ?? 0) > allBits || /^::ffff:/i.test(network)) {
    throw new ConfigError(
      `GRANARY_TRUSTED_PROXIES has "${part}". Write addresses and ranges joined by commas, for example loopback,10.0.0.0/8,2001:db8::1.`,
    )
  }
  return { network, prefixBits: Number(prefix ?? allBits) }
}

function readSecret(value: string | undefined): string | undefined {
  if (value !== undefined && value.length < 32) {
    throw new ConfigError(
      'GRANARY_SECRET is too short. Write at least 32 random characters, for example from: openssl rand -base64 32',
    )
  }
  return value
}

function readWorkers(value: string | undefined): number {
  if (value === undefined) return Math.min(availableParallelism(), mostWorkersByDefault)
  if (!/^\d{1,3}$/.test(value) || Number(value) < 1 || Number(value) > 128) {
    throw new ConfigError(
      `GRANARY_WORKERS is "${value}". Write a number of processes from 1 to 128, or leave it out for one a core.`,
    )
  }
  return Number(value)
}

function readStorageLocations(value: string | undefined, dataFolder: string): VaultLocation[] {
  const locations = (value?.split(',') ?? []).map((part) => readStorageLocation(part.trim()))
  const names = locations.map(({ name }) => name)
  const doubled = names.find((name, index) => names.indexOf(name) < index)
  if (doubled !== undefined)
    throw new ConfigError(`GRANARY_STORAGE names ${doubled} twice. Each location has one folder.`)
  const overlap = overlapOf([path.join(dataFolder, 'objects'), ...locations.map(({ folder }) => folder)])
  if (overlap !== null) {
    throw new ConfigError(
      `GRANARY_STORAGE: ${overlap[0]} and ${overlap[1]} lie inside each other. Give each location a folder of its own, apart from the data folder’s objects.`,
    )
  }
  return locations
}

function readStorageLocation(part: string): VaultLocation {
  const [, name = '', folder = ''] = /^([^=]*)=(.*)$/.exec(part) ?? []
  if (!fields.storageLocationName.safeParse(name).success || !path.isAbsolute(folder)) {
    throw new ConfigError(
      `GRANARY_STORAGE has "${part}". Write name=/folder, several of them joined by commas; names are of lower-case letters, digits and "-", at most 40, and folders absolute.`,
    )
  }
  if (name === defaultStorageLocation) {
    throw new ConfigError(
      `GRANARY_STORAGE names ${name}, which is always the data folder’s objects. Choose another name.`,
    )
  }
  return { name, folder: path.resolve(folder) }
}

function readFolders(value: string | undefined): string[] {
  return (value?.split(path.delimiter) ?? [])
    .filter((folder) => folder !== '')
    .map((folder) => path.resolve(folder))
}

function readLogLevel(value: string): Config['logLevel'] {
  if (value !== 'debug' && value !== 'info' && value !== 'warn' && value !== 'error') {
    throw new ConfigError(`GRANARY_LOG is "${value}". Write debug, info, warn or error.`)
  }
  return value
}
