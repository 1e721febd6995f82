import type { Command } from 'commander'
import { thisProcess } from '../../locks/this-process.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import { Repository } from '../../repository.ts'
import { addFromOptions, type FromOptions, type WithContext } from '../command-context.ts'
import { UsageError } from '../usage-error.ts'

interface InitFlags extends FromOptions {
  readonly repositoryVersion: string
  readonly copyChunkerParams?: boolean
}

export function addInitCommand(program: Command, withContext: WithContext): void {
  addFromOptions(program.command('init'))
    .description('create a repository')
    .option('--repository-version <version>', '1, 2, stable or latest', 'stable')
    .option('--copy-chunker-params', 'splits files as the repository of --from-repo does')
    .action(
      withContext(async (context, flags: InitFlags) => {
        const store = await context.store()
        const polynomial = flags.copyChunkerParams
          ? (await context.fromRepository(flags)).config.chunkerPolynomial
          : undefined
        const { username, hostname } = thisProcess()
        const repository = await Repository.init(store, {
          password: await context.password('enter password for new repository'),
          primitives: nodePrimitives,
          owner: { username, hostname },
          version: parseVersion(flags.repositoryVersion),
          ...(polynomial === undefined ? {} : { chunkerPolynomial: polynomial }),
        })
        const { id } = repository.config
        context.terminal.json({ message_type: 'initialized', id, repository: store.location })
        context.terminal.line(`created repository ${id.slice(0, 10)} at ${store.location}`)
        context.terminal.remark('\nWithout the password, nothing in it can be read any more: keep it safe.')
        return 0
      }),
    )
}

function parseVersion(text: string): 1 | 2 {
  if (text === '1') return 1
  if (text === '2' || text === 'stable' || text === 'latest') return 2
  throw new UsageError(`${text} is no version of the repository format`)
}
