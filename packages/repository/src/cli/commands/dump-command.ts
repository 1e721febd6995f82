import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { fileContent } from '../../operations/dump/file-content.ts'
import { tarArchive } from '../../operations/dump/tar-archive.ts'
import { zipArchive } from '../../operations/dump/zip-archive.ts'
import { findSubtree } from '../../operations/find-subtree.ts'
import { findNode } from '../../operations/list/find-node.ts'
import { TreeReader } from '../../operations/list/walk-tree.ts'
import { findSnapshot } from '../../operations/snapshots/select-snapshots.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import type { WithContext } from '../command-context.ts'
import { addSnapshotOptions, filterOf, type SnapshotFlags } from '../snapshot-options.ts'

interface DumpFlags extends SnapshotFlags {
  readonly target?: string
  readonly archive: keyof typeof archives
}

const archives = { tar: tarArchive, zip: zipArchive }

export function addDumpCommand(program: Command, withContext: WithContext): void {
  addSnapshotOptions(program.command('dump'))
    .description('print a file of a snapshot, or a folder as an archive')
    .argument('<snapshotID>', 'an ID, or latest; with :folder for a part of it')
    .argument('<path>', 'a file or folder; / for all')
    .addOption(
      new Option('-a, --archive <format>', 'what a folder is printed as')
        .choices(Object.keys(archives))
        .default('tar'),
    )
    .option('-t, --target <file>', 'writes to a file')
    .action(
      withContext(async (context, reference: string, wanted: string, flags: DumpFlags) => {
        const { terminal, surroundings } = context
        const repository = await context.repository()
        await using _lock = await context.readLock(repository)
        const found = await findSnapshot(repository, reference, filterOf(flags, surroundings.environment))
        await repository.loadIndex()
        const tree = await findSubtree(repository, found.snapshot.tree, found.subfolder)
        const content = await contentAt(repository, tree, path.posix.join('/', wanted), flags.archive)
        if (flags.target === undefined) for await (const piece of content) await terminal.bytes(piece)
        else {
          const file = path.resolve(surroundings.workingFolder, flags.target)
          await pipeline(Readable.from(content), createWriteStream(file), {
            signal: surroundings.signal,
          })
        }
        return 0
      }),
    )
}

async function contentAt(
  repository: Repository,
  tree: string,
  wanted: string,
  format: keyof typeof archives,
): Promise<AsyncIterable<Uint8Array>> {
  const archive = archives[format]
  const reader = new TreeReader(repository)
  if (wanted === '/') return archive(repository, tree, '')
  const node = await findNode(reader, tree, wanted)
  if (node.type === 'file') return fileContent(repository, node)
  if (node.type === 'dir' && node.subtree) return archive(repository, node.subtree, wanted.slice(1))
  throw new RepositoryProblem('path-not-found', `${wanted} is a ${node.type}, which has no content`)
}
