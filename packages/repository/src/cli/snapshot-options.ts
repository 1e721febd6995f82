import type { Command } from 'commander'
import { type GroupKey, groupKeys } from '../operations/snapshots/group-snapshots.ts'
import type { SnapshotFilter } from '../operations/snapshots/select-snapshots.ts'
import { collect } from './global-options.ts'
import { UsageError } from './usage-error.ts'

/** Which snapshots a command works on. */
export interface SnapshotFlags {
  readonly host?: readonly string[]
  readonly tag?: readonly string[]
  readonly path?: readonly string[]
}

export function addSnapshotOptions(command: Command): Command {
  return command
    .option('-H, --host <host>', 'snapshots of this host; repeatable ($RESTIC_HOST)', collect)
    .option('--tag <tag[,tag…]>', 'snapshots with all of these tags; repeatable', collect)
    .option('--path <path>', 'snapshots with this path; with several, with all of them', collect)
}

export function filterOf(
  flags: SnapshotFlags,
  environment: Readonly<Record<string, string | undefined>>,
): SnapshotFilter {
  const hosts = flags.host ?? (environment.RESTIC_HOST ? [environment.RESTIC_HOST] : [])
  return {
    hosts: hosts.filter((host) => host !== ''),
    tagLists: (flags.tag ?? []).map(splitTags),
    paths: flags.path ?? [],
  }
}

/** `a,b` */
export function splitTags(text: string): string[] {
  return text.split(',').map((tag) => tag.trim())
}

/** All tags of `a,b` and `c`. */
export function flattenTags(texts: readonly string[] | undefined): string[] {
  return (texts ?? []).flatMap(splitTags).filter((tag) => tag !== '')
}

/** Reads `host,paths`; nothing does not group. @throws {UsageError} */
export function parseGroupBy(text: string): GroupKey[] {
  const keys =
    text === '' ? [] : text.split(',').map((key) => (key === 'path' ? 'paths' : key === 'tag' ? 'tags' : key))
  return keys.map((key) => {
    const known = groupKeys.find((groupKey) => groupKey === key)
    if (!known) throw new UsageError(`snapshots are grouped by host, paths or tags, and not by ${key}`)
    return known
  })
}
