import type { Command } from 'commander'
import { encodeConfig } from '../../format/config.ts'
import { findSubtree } from '../../operations/find-subtree.ts'
import { findSnapshot, findSnapshotId } from '../../operations/snapshots/select-snapshots.ts'
import type { Repository } from '../../repository.ts'
import type { CommandContext, WithContext } from '../command-context.ts'
import { UsageError } from '../usage-error.ts'

/** How each kind of object is shown; the ID may be a beginning where that is enough. */
const shows: Record<string, (repository: Repository, id: string) => Promise<Uint8Array>> = {
  config: async (repository) => indented(encodeConfig(repository.config)),
  masterkey: async ({ masterKey: { encrypt, macK, macR } }) =>
    indented(
      new TextEncoder().encode(
        JSON.stringify({
          mac: { k: macK.toBase64(), r: macR.toBase64() },
          encrypt: encrypt.toBase64(),
        }),
      ),
    ),
  key: async (repository, id) =>
    indented(await repository.store.read({ type: 'keys', name: await fullName(repository, 'keys', id) })),
  snapshot: async (repository, id) =>
    indented(await repository.loadUnpacked('snapshots', await findSnapshotId(repository, id))),
  index: async (repository, id) =>
    indented(await repository.loadUnpacked('index', await fullName(repository, 'index', id))),
  lock: async (repository, id) =>
    indented(await repository.loadUnpacked('locks', await fullName(repository, 'locks', id))),
  pack: async (repository, id) =>
    repository.store.read({ type: 'data', name: await fullName(repository, 'data', id) }),
  blob: async (repository, id) => {
    await repository.loadIndex()
    return repository.loadBlob(repository.index.has('data', id) ? 'data' : 'tree', id)
  },
  tree: async (repository, reference) => {
    const { snapshot, subfolder } = await findSnapshot(repository, reference)
    await repository.loadIndex()
    return repository.loadBlob('tree', await findSubtree(repository, snapshot.tree, subfolder))
  },
}

export function addCatCommand(program: Command, withContext: WithContext): void {
  program
    .command('cat')
    .description('print an object as it is stored')
    .argument('<kind>', Object.keys(shows).join(', '))
    .argument('[ID]', 'its ID; of tree, that of a snapshot with :folder')
    .action(
      withContext(async (context: CommandContext, kind: string, id: string | undefined) => {
        const show = shows[kind]
        if (!show)
          throw new UsageError(`there is no kind ${kind}; the kinds are ${Object.keys(shows).join(', ')}`)
        const isAlone = kind === 'config' || kind === 'masterkey'
        if (!isAlone && id === undefined) throw new UsageError(`name the ID of the ${kind}`)
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        await context.terminal.bytes(await show(repository, id ?? ''))
        return 0
      }),
    )
}

async function fullName(repository: Repository, type: 'keys' | 'index' | 'locks' | 'data', prefix: string) {
  const names: string[] = []
  for await (const { name } of repository.store.list(type)) if (name.startsWith(prefix)) names.push(name)
  const [name] = names
  if (name === undefined || names.length > 1)
    throw new UsageError(`${names.length} of ${type} begin with ${prefix}`)
  return name
}

function indented(json: Uint8Array): Uint8Array {
  const value: unknown = JSON.parse(new TextDecoder().decode(json))
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`)
}
