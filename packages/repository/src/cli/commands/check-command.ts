import type { Command } from 'commander'
import { check, unlistedProblems } from '../../operations/check/check.ts'
import { parseReadDataSubset, type ReadDataSubset } from '../../operations/check/read-data-subset.ts'
import type { WithContext } from '../command-context.ts'
import { listJson } from '../snapshot-json.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'
import { UsageError } from '../usage-error.ts'

interface CheckFlags extends SnapshotFlags {
  readonly readData?: boolean
  readonly readDataSubset?: string
}

export function addCheckCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('check'))
    .description('look for damage')
    .option('--read-data', 'reads all packs, and compares every byte')
    .option(
      '--read-data-subset <subset>',
      'reads a part of them: 2/5 is the second of five, 2.5% or 50M at random',
    )
    .action(
      withContext(async (context, flags: CheckFlags) => {
        const readData = subsetOf(flags)
        const repository = await context.repository()
        const { terminal } = context
        const result = await check(repository, {
          ...context.upkeep,
          filter: filterOf(flags, context.surroundings.environment),
          noLock: !context.options.lock,
          ...(readData ? { readData } : {}),
          onFinding: ({ message }) => terminal.warn(message),
        })
        const { findings, brokenPacks, unreferencedPacks } = result
        const needsIndex = findings.some(({ problem }) => unlistedProblems.includes(problem))
        terminal.json({
          message_type: 'summary',
          num_errors: findings.length,
          broken_packs: listJson(brokenPacks),
          suggest_repair_index: needsIndex,
          suggest_prune: unreferencedPacks.length > 0,
        })
        if (unreferencedPacks.length > 0) {
          terminal.remark(
            `${unreferencedPacks.length} packs are in no index, which does no harm: \`prune\` removes them`,
          )
        }
        if (needsIndex) terminal.line('run `repair index`')
        if (brokenPacks.length > 0) terminal.line(`run \`repair packs ${brokenPacks.join(' ')}\``)
        terminal.line(
          findings.length === 0
            ? `no errors were found in ${result.snapshots} snapshots${readData ? ` and ${result.packsRead} packs` : ''}`
            : `${findings.length} errors were found`,
        )
        return findings.length === 0 ? 0 : terminal.incomplete(1, 'Fatal: repository contains errors')
      }),
    )
}

function subsetOf({ readData, readDataSubset }: CheckFlags): ReadDataSubset | undefined {
  if (readData && readDataSubset !== undefined) {
    throw new UsageError('--read-data and --read-data-subset exclude each other')
  }
  if (readDataSubset !== undefined) return parseReadDataSubset(readDataSubset)
  return readData ? { kind: 'all' } : undefined
}
