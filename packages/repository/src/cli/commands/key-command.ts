import type { Command } from 'commander'
import { thisProcess } from '../../locks/this-process.ts'
import { changePassword, listKeys, removeKey } from '../../operations/key/repository-keys.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { askForPassword, passwordFromFile } from '../read-password.ts'
import { localTime } from '../terminal/local-time.ts'
import { drawTable } from '../terminal/text-table.ts'
import { UsageError } from '../usage-error.ts'

interface NewKeyFlags {
  readonly newPasswordFile?: string
  readonly newInsecureNoPassword?: boolean
  readonly user?: string
  readonly host?: string
}

export function addKeyCommand(program: Command, withContext: WithContext): void {
  const key = program.command('key').description('list and change the passwords')
  key.command('list').description('list the keys').action(withContext(listAction))
  addNewKeyOptions(key.command('add'))
    .description('add a password')
    .action(
      withContext(async (context, flags: NewKeyFlags) => {
        const repository = await context.repository()
        const id = await repository.addKey(await newPassword(context, flags), ownerOf(flags))
        context.terminal.line(`saved new key with ID ${id}`)
        return 0
      }),
    )
  key
    .command('remove')
    .description('remove a key; its password opens the repository no more')
    .argument('<ID>')
    .action(
      withContext(async (context, prefix: string) => {
        const id = await removeKey(await context.repository(), prefix, context.upkeep)
        context.terminal.line(`removed key ${id}`)
        return 0
      }),
    )
  addNewKeyOptions(key.command('passwd'))
    .description('change the password that was given')
    .action(
      withContext(async (context, flags: NewKeyFlags) => {
        const repository = await context.repository()
        const password = await newPassword(context, flags)
        const id = await changePassword(repository, password, ownerOf(flags), context.upkeep)
        context.terminal.line(`saved new key as ${id}`)
        return 0
      }),
    )
}

async function listAction(context: CommandContext): Promise<number> {
  const repository = await context.repository()
  await using _lock = await context.readLock(repository)
  const keys = await listKeys(repository, (notice) => context.terminal.warn(notice))
  context.terminal.json(
    keys.map(({ id, isCurrent, file }) => ({
      current: isCurrent,
      id,
      userName: file.username,
      hostName: file.hostname,
      created: localTime(file.created),
    })),
  )
  const columns = [
    {
      title: ' ID',
      cell: (key: (typeof keys)[number]) => `${key.isCurrent ? '*' : ' '}${key.id.slice(0, 8)}`,
    },
    { title: 'User', cell: (key: (typeof keys)[number]) => key.file.username },
    { title: 'Host', cell: (key: (typeof keys)[number]) => key.file.hostname },
    { title: 'Created', cell: (key: (typeof keys)[number]) => localTime(key.file.created) },
  ]
  context.terminal.line(drawTable(columns, keys, `${keys.length} keys`))
  return 0
}

function addNewKeyOptions(command: Command): Command {
  return command
    .option('--new-password-file <file>', 'reads the new password')
    .option('--new-insecure-no-password', 'uses an empty password')
    .option('--user <username>', 'whose key it is')
    .option('--host <hostname>', 'which machine’s key it is')
}

async function newPassword(context: CommandContext, flags: NewKeyFlags): Promise<string> {
  if (flags.newInsecureNoPassword) return ''
  const password =
    flags.newPasswordFile === undefined
      ? await askForPassword('enter new password', context.surroundings)
      : await passwordFromFile(flags.newPasswordFile, context.surroundings)
  if (password === '') throw new UsageError('an empty password is not allowed')
  return password
}

function ownerOf({ user, host }: NewKeyFlags) {
  const { username, hostname } = thisProcess()
  return { username: user ?? username, hostname: host ?? hostname }
}
