import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type ObjectStore, RestStore, retrying } from '@granary/object-store'
import type { Command } from 'commander'
import { lockRepository, type RepositoryLock } from '../locks/repository-lock.ts'
import { lockOptions, type Upkeep } from '../operations/upkeep.ts'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { Repository } from '../repository.ts'
import { describeUseless } from './backend-options.ts'
import type { GlobalOptions } from './global-options.ts'
import { openStore } from './open-store.ts'
import { readPassword } from './read-password.ts'
import type { Surroundings } from './surroundings.ts'
import { describeDuration } from './terminal/describe-bytes.ts'
import { Terminal } from './terminal/terminal.ts'
import { UsageError } from './usage-error.ts'

/** Another repository that a command names beside the main one. */
export interface FromOptions {
  readonly fromRepo?: string
  readonly fromRepositoryFile?: string
  readonly fromPasswordFile?: string
  readonly fromPasswordCommand?: string
  readonly fromInsecureNoPassword?: boolean
  readonly fromKeyHint?: string
}

/** What the action of a command works with. */
export class CommandContext implements AsyncDisposable {
  readonly options: GlobalOptions
  readonly surroundings: Surroundings
  readonly terminal: Terminal
  readonly #stores = new AsyncDisposableStack()

  constructor(options: GlobalOptions, surroundings: Surroundings) {
    this.options = options
    this.surroundings = surroundings
    this.terminal = new Terminal(surroundings, {
      isJson: options.json ?? false,
      isQuiet: options.quiet ?? false,
      verbosity: options.verbose ?? 0,
    })
    for (const notice of describeUseless(options.option)) this.terminal.warn(notice)
  }

  /** What every operation is told. */
  get upkeep(): Upkeep {
    return {
      onNotice: (notice) => this.terminal.warn(notice),
      onProgress: this.terminal.progress,
      signal: this.surroundings.signal,
      ...(this.options.retryLock === undefined ? {} : { lockWaitMs: this.options.retryLock }),
    }
  }

  /** @throws {UsageError} when no repository is named */
  async store(): Promise<ObjectStore> {
    const { environment } = this.surroundings
    const file = this.options.repositoryFile ?? environment.RESTIC_REPOSITORY_FILE
    const location = this.options.repo ?? environment.RESTIC_REPOSITORY
    return this.#open(location, file, 'name a repository with -r, or set RESTIC_REPOSITORY')
  }

  password(question = 'enter password for repository'): Promise<string> {
    const { environment } = this.surroundings
    const source = {
      isEmpty: this.options.insecureNoPassword ?? false,
      file: this.options.passwordFile ?? environment.RESTIC_PASSWORD_FILE,
      command: this.options.passwordCommand ?? environment.RESTIC_PASSWORD_COMMAND,
      text: environment.RESTIC_PASSWORD,
      question,
    }
    return readPassword(source, this.surroundings)
  }

  async repository(): Promise<Repository> {
    const store = await this.store()
    const keyHint = this.options.keyHint ?? this.surroundings.environment.RESTIC_KEY_HINT
    return this.#openRepository(store, await this.password(), keyHint)
  }

  /** A lock for reading; none with `--no-lock`. @throws {RepositoryProblem} `repository-locked` */
  async readLock(repository: Repository): Promise<RepositoryLock | undefined> {
    return this.options.lock ? lockRepository(repository, lockOptions(this.upkeep, false)) : undefined
  }

  /** The other repository that `--from-repo` names. @throws {UsageError} when none is named */
  async fromRepository(options: FromOptions): Promise<Repository> {
    const { environment } = this.surroundings
    const file = options.fromRepositoryFile ?? environment.RESTIC_FROM_REPOSITORY_FILE
    const location = options.fromRepo ?? environment.RESTIC_FROM_REPOSITORY
    const store = await this.#open(location, file, 'name the source with --from-repo')
    const password = await readPassword(
      {
        isEmpty: options.fromInsecureNoPassword ?? false,
        file: options.fromPasswordFile ?? environment.RESTIC_FROM_PASSWORD_FILE,
        command: options.fromPasswordCommand ?? environment.RESTIC_FROM_PASSWORD_COMMAND,
        text: environment.RESTIC_FROM_PASSWORD,
        question: 'enter password for source repository',
      },
      this.surroundings,
    )
    return this.#openRepository(store, password, options.fromKeyHint ?? environment.RESTIC_FROM_KEY_HINT)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminal.endProgress()
    await this.#stores.disposeAsync()
  }

  /** An address that is wrong shows at once; a server that was there once is waited for. */
  async #openRepository(store: ObjectStore, password: string, keyHint?: string): Promise<Repository> {
    const repository = await Repository.open(store, {
      ...{ password, primitives: nodePrimitives },
      ...(keyHint ? { keyHint } : {}),
    })
    if (!(store instanceof RestStore)) return repository
    const onRetry = (error: unknown, delayMs: number) => {
      const reason = error instanceof Error ? error.message : String(error)
      this.terminal.warn(`${reason}; tries again in ${describeDuration(Math.ceil(delayMs / 1000))}`)
    }
    return repository.withStore(retrying(store, { onRetry, signal: this.surroundings.signal }))
  }

  async #open(location: string | undefined, file: string | undefined, advice: string): Promise<ObjectStore> {
    if (location && file) throw new UsageError('a repository and a repository file exclude each other')
    const found = file ? await readLocation(path.resolve(this.surroundings.workingFolder, file)) : location
    if (!found) throw new UsageError(`no repository was named: ${advice}`)
    return this.#stores.use(await openStore(found, this.surroundings, this.options))
  }
}

async function readLocation(file: string): Promise<string> {
  const content = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`the repository file can't be read: ${error.message}`)
  })
  return content.trim()
}

export function addFromOptions(command: Command): Command {
  return command
    .option('--from-repo <repository>', 'the source ($RESTIC_FROM_REPOSITORY)')
    .option(
      '--from-repository-file <file>',
      'reads the location of the source ($RESTIC_FROM_REPOSITORY_FILE)',
    )
    .option('--from-password-file <file>', 'reads the password of the source ($RESTIC_FROM_PASSWORD_FILE)')
    .option('--from-password-command <command>', 'runs it for that password ($RESTIC_FROM_PASSWORD_COMMAND)')
    .option('--from-insecure-no-password', 'uses an empty password for the source')
    .option('--from-key-hint <key>', 'tries this key of the source first ($RESTIC_FROM_KEY_HINT)')
}

/** Does what a command is for. @returns the exit code, unless it is 0 */
type CommandAction<Args extends unknown[]> = (
  context: CommandContext,
  ...args: Args
) => Promise<number | undefined>

/** Turns an action into what commander calls. */
export type WithContext = <Args extends unknown[]>(
  action: CommandAction<Args>,
) => (...args: Args) => Promise<void>
