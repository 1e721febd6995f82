import { type KeyFile, parseKeyFile } from '../../format/key-file.ts'
import { lockRepository } from '../../locks/repository-lock.ts'
import type { KeyOwner, Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { lockOptions, type Upkeep } from '../upkeep.ts'

export interface StoredKey {
  readonly id: string
  readonly isCurrent: boolean
  readonly file: KeyFile
}

/** The keys of a repository. Damaged ones are told about, and passed over. */
export async function listKeys(
  repository: Repository,
  onNotice: (notice: string) => void = () => {},
): Promise<StoredKey[]> {
  const keys: StoredKey[] = []
  for await (const { name } of repository.store.list('keys')) {
    try {
      const file = parseKeyFile(await repository.store.read({ type: 'keys', name }), name)
      keys.push({ id: name, isCurrent: name === repository.keyName, file })
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      onNotice(error.message)
    }
  }
  return keys.sort((a, b) => (a.file.created < b.file.created ? -1 : 1))
}

/**
 * Removes the key whose ID begins with `prefix`; its password opens the repository no more.
 * @returns the ID of the key
 * @throws {RepositoryProblem} `key-not-found`, `key-in-use`, `repository-locked`
 */
export async function removeKey(
  repository: Repository,
  prefix: string,
  options: Upkeep = {},
): Promise<string> {
  const ids: string[] = []
  for await (const { name } of repository.store.list('keys')) if (name.startsWith(prefix)) ids.push(name)
  const [id] = ids
  if (id === undefined || ids.length > 1 || prefix === '') {
    throw new RepositoryProblem('key-not-found', `${ids.length} keys begin with ${JSON.stringify(prefix)}`)
  }
  if (id === repository.keyName) {
    throw new RepositoryProblem('key-in-use', `the key ${id} has just opened the repository`)
  }
  await using _lock = await lockRepository(repository, lockOptions(options, true))
  await repository.store.remove({ type: 'keys', name: id })
  return id
}

/**
 * Replaces the key that has opened the repository by one with another password.
 * @returns the ID of the new key
 * @throws {RepositoryProblem} `repository-locked`
 */
export async function changePassword(
  repository: Repository,
  password: string,
  owner: KeyOwner,
  options: Upkeep = {},
): Promise<string> {
  await using _lock = await lockRepository(repository, lockOptions(options, true))
  const id = await repository.addKey(password, owner)
  await repository.store.remove({ type: 'keys', name: repository.keyName })
  return id
}
