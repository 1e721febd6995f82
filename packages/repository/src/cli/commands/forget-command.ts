import { type Command, InvalidArgumentError } from 'commander'
import { type ForgottenGroup, forget, forgetSnapshots } from '../../operations/forget/forget.ts'
import { prune } from '../../operations/prune/prune.ts'
import { namedIds, type SnapshotFilter } from '../../operations/snapshots/select-snapshots.ts'
import { type CalendarSpan, parseCalendarSpan } from '../../retention/calendar-time.ts'
import {
  describePolicy,
  isEmptyPolicy,
  type KeepCount,
  type Period,
  periods,
  type RetentionPolicy,
} from '../../retention/retention-policy.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { collect } from '../global-options.ts'
import { ignoring } from '../ignoring.ts'
import { addPruneOptions, type PruneFlags, printPruned, pruneOptionsOf } from '../prune-options.ts'
import { listJson, shortId, snapshotJson } from '../snapshot-json.ts'
import { filterOf, parseGroupBy, type SnapshotFlags, splitTags } from '../snapshot-options.ts'
import { drawSnapshots } from '../snapshot-table.ts'
import { UsageError } from '../usage-error.ts'
import { describeGroup } from './snapshots-command.ts'

type KeepFlags = Partial<Record<`keep${Capitalize<Period>}`, KeepCount>> &
  Partial<Record<`keepWithin${Capitalize<Period>}`, CalendarSpan>>

interface ForgetFlags extends SnapshotFlags, PruneFlags, KeepFlags {
  readonly keepLast?: KeepCount
  readonly keepWithin?: CalendarSpan
  readonly keepTag?: readonly string[]
  readonly unsafeAllowRemoveAll?: boolean
  readonly groupBy: string
  readonly compact?: boolean
  readonly prune?: boolean
}

const shortFlags = { hourly: 'H', daily: 'd', weekly: 'w', monthly: 'm', yearly: 'y' } as const

export function addForgetCommand(program: Command, withContext: WithContext): void {
  const command = addPruneOptions(program.command('forget'))
    .description('remove snapshots, by name or by what to keep')
    .argument('[snapshotIDs...]')
    .option('-l, --keep-last <n>', 'keeps the last n snapshots, or unlimited', parseCount)
  for (const period of periods) {
    const flag = `-${shortFlags[period]}, --keep-${period} <n>`
    command.option(flag, `keeps the last of each of n ${period} periods, or unlimited`, parseCount)
  }
  command.option('--keep-within <duration>', 'keeps what is newer than, for instance, 1y5m7d2h', parseSpan)
  for (const period of periods) {
    command.option(
      `--keep-within-${period} <duration>`,
      `keeps ${period} snapshots newer than this`,
      parseSpan,
    )
  }
  command
    .option('--keep-tag <taglist>', 'keeps snapshots with these tags; repeatable', collect)
    .option('--unsafe-allow-remove-all', 'lets all snapshots of a group be removed')
    .option('--host <host>', 'only snapshots of this host; repeatable ($RESTIC_HOST)', collect)
    .option('--tag <tag[,tag…]>', 'only snapshots with all of these tags; repeatable', collect)
    .option('--path <path>', 'only snapshots with this path; repeatable', collect)
    .option('-g, --group-by <group>', 'host, paths and tags, separated by commas', 'host,paths')
    .option('-c, --compact', 'leaves the paths out')
    .option('--prune', 'removes what is needed no more, too')
    .action(
      withContext(async (context, ids: string[], flags: ForgetFlags) => {
        const removed =
          ids.length > 0 ? await forgetNamed(context, ids, flags) : await forgetByPolicy(context, flags)
        if (!flags.prune || removed === 0) return 0
        if (flags.dryRun)
          context.terminal.remark('Prune counts what these snapshots need: they are still there.')
        const result = await prune(await context.repository(), {
          ...context.upkeep,
          ...pruneOptionsOf(flags),
        })
        // restic prints nothing but the groups in JSON.
        if (!context.terminal.isJson) printPruned(context.terminal, result)
        return 0
      }),
    )
}

async function forgetNamed(context: CommandContext, ids: string[], flags: ForgetFlags): Promise<number> {
  const repository = await context.repository()
  const snapshots = (await namedIds(repository, ids, ignoring(context))).map((id) => ({ id }))
  if (!flags.dryRun) await forgetSnapshots(repository, snapshots, context.upkeep)
  const names = snapshots.map(({ id }) => shortId(id)).join(' ')
  context.terminal.line(
    `${flags.dryRun ? 'would have removed' : 'removed'} ${snapshots.length} snapshots: ${names}`,
  )
  return snapshots.length
}

async function forgetByPolicy(context: CommandContext, flags: ForgetFlags): Promise<number> {
  const policy = policyOf(flags)
  const filter = filterOf(flags, context.surroundings.environment)
  if (isEmptyPolicy(policy)) refuseToRemoveAll(flags, filter)
  context.terminal.remark(`Applying Policy: ${describePolicy(policy)}`)
  const groups = await forget(await context.repository(), {
    ...context.upkeep,
    policy,
    filter,
    groupBy: parseGroupBy(flags.groupBy),
    mayRemoveAll: flags.unsafeAllowRemoveAll ?? false,
    dryRun: flags.dryRun ?? false,
  })
  context.terminal.json(groups.map(groupJson))
  for (const group of groups) printGroup(context, group, flags)
  const removed = groups.flatMap(({ remove }) => remove)
  const verb = flags.dryRun ? 'Would have removed' : 'Removed'
  if (removed.length > 0) context.terminal.line(`${verb} ${removed.length} snapshots`)
  return removed.length
}

/** A script whose variable is empty must neither pass for done nor take everything away. */
function refuseToRemoveAll(
  { unsafeAllowRemoveAll }: ForgetFlags,
  { hosts = [], tagLists = [], paths = [] }: SnapshotFilter,
): void {
  if (!unsafeAllowRemoveAll) {
    throw new UsageError('no policy was given, and nothing is removed: say what to keep, with --keep-…')
  }
  if (hosts.length + tagLists.length + paths.length === 0) {
    throw new UsageError(
      '--unsafe-allow-remove-all without a policy would remove every snapshot: say which, with --host, --tag or --path',
    )
  }
}

function printGroup(
  { terminal }: CommandContext,
  { group, keep, remove }: ForgottenGroup,
  flags: ForgetFlags,
): void {
  const described = describeGroup(group)
  if (described !== '') terminal.remark(`snapshots for (${described}):\n`)
  if (keep.length > 0) {
    terminal.remark(`keep ${keep.length} snapshots:`)
    terminal.remark(`${drawSnapshots(keep.toReversed(), { ...compactOf(flags), reasons: true })}\n`)
  }
  if (remove.length > 0) {
    terminal.remark(`remove ${remove.length} snapshots:`)
    const rows = remove.toReversed().map((stored) => ({ stored }))
    terminal.remark(`${drawSnapshots(rows, compactOf(flags))}\n`)
  }
}

function compactOf({ compact = false }: ForgetFlags) {
  return { compact }
}

function groupJson({ group, keep, remove }: ForgottenGroup) {
  return {
    tags: listJson(group.tags),
    host: group.host,
    paths: listJson(group.paths),
    keep: listJson(keep.map(({ stored }) => snapshotJson(stored))),
    remove: listJson(remove.map(snapshotJson)),
    reasons: listJson(
      keep.map(({ stored, reasons }) => ({ snapshot: snapshotJson(stored), matches: reasons })),
    ),
  }
}

function policyOf(flags: ForgetFlags): RetentionPolicy {
  return {
    last: flags.keepLast ?? 0,
    newestOf: {
      hourly: flags.keepHourly ?? 0,
      daily: flags.keepDaily ?? 0,
      weekly: flags.keepWeekly ?? 0,
      monthly: flags.keepMonthly ?? 0,
      yearly: flags.keepYearly ?? 0,
    },
    ...(flags.keepWithin ? { within: flags.keepWithin } : {}),
    newestWithin: {
      ...(flags.keepWithinHourly ? { hourly: flags.keepWithinHourly } : {}),
      ...(flags.keepWithinDaily ? { daily: flags.keepWithinDaily } : {}),
      ...(flags.keepWithinWeekly ? { weekly: flags.keepWithinWeekly } : {}),
      ...(flags.keepWithinMonthly ? { monthly: flags.keepWithinMonthly } : {}),
      ...(flags.keepWithinYearly ? { yearly: flags.keepWithinYearly } : {}),
    },
    tagLists: (flags.keepTag ?? []).map(splitTags),
  }
}

function parseCount(text: string): KeepCount {
  if (text === 'unlimited' || text === '-1') return 'unlimited'
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is no number, and not "unlimited".')
  return Number(text)
}

function parseSpan(text: string): CalendarSpan {
  try {
    return parseCalendarSpan(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}
