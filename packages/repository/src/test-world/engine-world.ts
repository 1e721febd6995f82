import { LocalStore } from '@granary/object-store'
import { repositoryPassword, temporaryFolder } from '@granary/testing'
import { nodePrimitives } from '../primitives/node-primitives.ts'
import { Repository } from '../repository.ts'

/** The same in every test: a drawn one would cut its files elsewhere in every run. */
const chunkerPolynomial = 0x3da3358b4dc173n

export interface EngineWorld extends AsyncDisposable {
  /** An empty folder for sources, targets and the repository. */
  readonly folder: string
  /** Where the repository is; it comes into being with `init`, or with stock restic. */
  readonly place: string
  init(version?: 1 | 2): Promise<Repository>
  open(): Promise<Repository>
}

/** A place for one repository on this machine's disk. */
export async function engineWorld(): Promise<EngineWorld> {
  const temporary = await temporaryFolder('engine')
  const place = `${temporary.path}/repository`
  const options = { password: repositoryPassword, primitives: nodePrimitives }
  const owner = { username: 'tester', hostname: 'test' }
  const keyCost = { N: 1024, r: 8, p: 1 }
  return {
    folder: temporary.path,
    place,
    init: (version = 2) =>
      Repository.init(new LocalStore(place), { ...options, owner, version, keyCost, chunkerPolynomial }),
    open: () => Repository.open(new LocalStore(place), options),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  }
}

/** The newest snapshot of a repository. */
export async function latestSnapshot(repository: Repository) {
  const snapshots = await Array.fromAsync(repository.snapshots())
  const [latest] = snapshots.toSorted((a, b) => (a.snapshot.time < b.snapshot.time ? 1 : -1))
  if (!latest) throw new Error('the repository has no snapshot')
  return latest
}
