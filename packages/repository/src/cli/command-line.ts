import { Command, CommanderError } from 'commander'
import { RepositoryProblem } from '../repository-problem.ts'
import { CommandContext, type WithContext } from './command-context.ts'
import { addGlobalOptions, type GlobalOptions } from './global-options.ts'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

type AddCommand = (program: Command, withContext: WithContext) => void

const interruptedExitCode = 130
/** That of a program that SIGPIPE ends, as it does restic. */
const brokenPipeExitCode = 141

/** In the order of the help. Loaded by need: loading all takes longer than many a command. */
const commands: Record<string, () => Promise<AddCommand>> = {
  init: async () => (await import('./commands/init-command.ts')).addInitCommand,
  backup: async () => (await import('./commands/backup-command.ts')).addBackupCommand,
  restore: async () => (await import('./commands/restore-command.ts')).addRestoreCommand,
  snapshots: async () => (await import('./commands/snapshots-command.ts')).addSnapshotsCommand,
  ls: async () => (await import('./commands/ls-command.ts')).addLsCommand,
  find: async () => (await import('./commands/find-command.ts')).addFindCommand,
  diff: async () => (await import('./commands/diff-command.ts')).addDiffCommand,
  dump: async () => (await import('./commands/dump-command.ts')).addDumpCommand,
  stats: async () => (await import('./commands/stats-command.ts')).addStatsCommand,
  check: async () => (await import('./commands/check-command.ts')).addCheckCommand,
  forget: async () => (await import('./commands/forget-command.ts')).addForgetCommand,
  prune: async () => (await import('./commands/prune-command.ts')).addPruneCommand,
  copy: async () => (await import('./commands/copy-command.ts')).addCopyCommand,
  tag: async () => (await import('./commands/tag-command.ts')).addTagCommand,
  key: async () => (await import('./commands/key-command.ts')).addKeyCommand,
  unlock: async () => (await import('./commands/unlock-command.ts')).addUnlockCommand,
  repair: async () => (await import('./commands/repair-command.ts')).addRepairCommand,
  cat: async () => (await import('./commands/cat-command.ts')).addCatCommand,
  list: async () => (await import('./commands/list-command.ts')).addListCommand,
  version: async () => (await import('./commands/version-command.ts')).addVersionCommand,
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 3 some files could not be read, 10 there is no repository, 11 it is locked,
12 wrong password, 130 interrupted.`

/** Runs one command. @returns the exit code, restic's for the same outcome */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = new Command('granary-repo')
    .description('Backs up to, and looks after, repositories in restic’s format.')
    .addHelpText('after', exitCodeHelp)
  let exitCode = 0
  const withContext: WithContext =
    (action) =>
    async (...actionArgs) => {
      await using context = new CommandContext(program.opts<GlobalOptions>(), surroundings)
      exitCode = (await action(context, ...actionArgs)) ?? 0
      await context.terminal.finish()
    }
  addGlobalOptions(program)
  for (const addCommand of await loadCommands(args)) addCommand(program, withContext)
  letThrow(program, surroundings)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    return reportFailure(error, args, surroundings)
  }
}

/** The commands that may be meant: an argument may be a file that is named like one. Without any, it is the help. */
function loadCommands(args: readonly string[]): Promise<AddCommand[]> {
  const meant = Object.keys(commands).filter((name) => args.includes(name))
  const isHelp = meant.length === 0 || args.includes('help')
  const names = isHelp ? Object.keys(commands) : meant
  return Promise.all(names.map((name) => commands[name]?.()).filter((command) => command !== undefined))
}

/** Lets commander throw where it would end the process. */
function letThrow(command: Command, { output, errors }: Surroundings): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => output.write(text),
    writeErr: (text) => errors.write(text),
  })
  for (const subcommand of command.commands) letThrow(subcommand, { output, errors } as Surroundings)
}

function reportFailure(error: unknown, args: readonly string[], { errors }: Surroundings): number {
  // Commander has said it already: the help, or what was wrong with the request.
  if (error instanceof CommanderError) return error.exitCode
  // Whoever reads our output has had enough of it, as `head` has.
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return brokenPipeExitCode
  const { code, message } = describeFailure(error)
  const isJson = args.includes('--json')
  errors.write(
    isJson
      ? `${JSON.stringify({ message_type: 'exit_error', code, message: `Fatal: ${message}` })}\n`
      : `Fatal: ${message}\n`,
  )
  return code
}

function describeFailure(error: unknown): { code: number; message: string } {
  if (error instanceof RepositoryProblem) return { code: error.exitCode, message: error.message }
  if (error instanceof UsageError) return { code: 1, message: error.message }
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: interruptedExitCode, message: `the run was ${error.message || 'interrupted'}` }
  }
  if (!(error instanceof Error)) return { code: 1, message: String(error) }
  // Of the system or of a server: the message says all. Anything else is a fault of this program.
  const isFromOutside = 'code' in error || 'status' in error
  return { code: 1, message: isFromOutside ? error.message : (error.stack ?? error.message) }
}
