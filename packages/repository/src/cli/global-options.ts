import { type Command, InvalidArgumentError, Option } from 'commander'
import { type BackendOption, collectBackendOption } from './backend-options.ts'

/** What every command takes. */
export interface GlobalOptions {
  readonly repo?: string
  readonly repositoryFile?: string
  readonly passwordFile?: string
  readonly passwordCommand?: string
  readonly insecureNoPassword?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: number
  /** False with `--no-lock`. */
  readonly lock: boolean
  readonly retryLock?: number
  readonly cacert?: string
  readonly tlsClientCert?: string
  readonly insecureTls?: boolean
  /** In KiB a second. */
  readonly limitUpload?: number
  readonly limitDownload?: number
  readonly keyHint?: string
  readonly compression?: string
  readonly packSize?: number
  readonly option?: readonly BackendOption[]
}

export function addGlobalOptions(program: Command): void {
  program
    .option('-r, --repo <repository>', 'the repository: a folder, or rest:https://… ($RESTIC_REPOSITORY)')
    .option('--repository-file <file>', 'reads the location of the repository ($RESTIC_REPOSITORY_FILE)')
    .option('-p, --password-file <file>', 'reads the password ($RESTIC_PASSWORD_FILE)')
    .option('--password-command <command>', 'runs it for the password ($RESTIC_PASSWORD_COMMAND)')
    .option('--insecure-no-password', 'uses an empty password')
    .option('--json', 'prints JSON, in restic’s shapes')
    .option('-q, --quiet', 'prints results only')
    .addOption(
      new Option('-v, --verbose [level]', 'prints more').argParser<number | null>((value, before) =>
        value === null ? (before ?? 0) + 1 : Number(value),
      ),
    )
    .option('--no-lock', 'reads without a lock, from a repository that can’t be written to')
    .option(
      '--retry-lock <duration>',
      'waits so long for other runs to end, such as 5m or 2h',
      parseDurationMs,
    )
    .option('--cacert <file>', 'trusts the certificates in this file ($RESTIC_CACERT)')
    .option(
      '--tls-client-cert <file>',
      'shows the certificate in this file, which holds its key too ($RESTIC_TLS_CLIENT_CERT)',
    )
    .option('--insecure-tls', 'trusts any certificate: whoever is in between can read and change all')
    .option('--limit-upload <rate>', 'uploads so many KiB a second at most', parsePositive)
    .option('--limit-download <rate>', 'downloads so many KiB a second at most', parsePositive)
    .option('--key-hint <key>', 'tries the key with this ID first ($RESTIC_KEY_HINT)')
    .option('--no-cache', 'accepted for restic’s sake: there is no cache')
    .option('--compression <mode>', 'auto, off, fastest, better or max ($RESTIC_COMPRESSION)')
    .option('--pack-size <MiB>', 'target size of packs ($RESTIC_PACK_SIZE)', parsePositive)
    .option('-o, --option <key=value>', 'rest.connections=5; repeatable', collectBackendOption)
}

const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** `5m`, `1h30m` or `2s`, in milliseconds. */
function parseDurationMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text))
    throw new InvalidArgumentError('It is no duration like 5m or 2h.')
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * durationUnits[unit as keyof typeof durationUnits],
    0,
  )
}

export function parsePositive(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('It is no number above 0.')
  return Number(text)
}

const sizeUnits = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const

/** `10M` or `500k`, in bytes. */
export function parseSize(text: string): number {
  const [, count, unit = ''] = /^(\d+)([bkmgt]?)$/i.exec(text) ?? []
  if (!count) throw new InvalidArgumentError('It is no size like 500k or 10M.')
  return Number(count) * sizeUnits[unit.toLowerCase() as keyof typeof sizeUnits]
}

/** For options that may be given many times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
