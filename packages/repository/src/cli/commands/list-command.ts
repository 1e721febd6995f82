import type { ObjectType } from '@granary/object-store'
import { Argument, type Command } from 'commander'
import type { WithContext } from '../command-context.ts'

const types: Record<string, ObjectType> = {
  packs: 'data',
  index: 'index',
  snapshots: 'snapshots',
  keys: 'keys',
  locks: 'locks',
}

export function addListCommand(program: Command, withContext: WithContext): void {
  program
    .command('list')
    .description('list the IDs of objects')
    .addArgument(new Argument('<kind>').choices(['blobs', ...Object.keys(types)]))
    .action(
      withContext(async (context, kind: string) => {
        const repository = await context.repository()
        await using _lock = kind === 'locks' ? undefined : await context.readLock(repository)
        const type = types[kind]
        if (type) {
          for await (const { name } of repository.store.list(type)) context.terminal.raw(`${name}\n`)
          return 0
        }
        await repository.loadIndex()
        for (const blob of repository.index.entries()) context.terminal.raw(`${blob.type} ${blob.id}\n`)
        return 0
      }),
    )
}
