import { ObjectNotFoundError, type ObjectStore, type ObjectSummary } from '@granary/object-store/port'
import { drawPolynomial, type Polynomial } from './chunker/rabin-polynomial.ts'
import { type MasterKey, masterKeyFromBytes, RepositoryCipher } from './crypto/repository-cipher.ts'
import { BlobDecoder, DamagedBlobError } from './format/blob.ts'
import { encodeConfig, parseConfig, type RepositoryConfig } from './format/config.ts'
import { openKeyFile, parseKeyFile, type ScryptCost, sealKeyFile } from './format/key-file.ts'
import { type BlobType, locatePackHeader, type PackedBlob, parsePackHeader } from './format/pack.ts'
import { encodeSnapshot, parseSnapshot, type Snapshot } from './format/snapshot.ts'
import { parseTree, type TreeNode } from './format/tree.ts'
import { openUnpacked, sealUnpacked } from './format/unpacked-file.ts'
import { BlobIndex, type BlobLocation } from './index/blob-index.ts'
import { BlobWriter, type BlobWriterOptions } from './packs/blob-writer.ts'
import type { Primitives } from './primitives/primitives.ts'
import { RepositoryProblem, type RepositoryProblemCode } from './repository-problem.ts'

/** Whom a new key, snapshot or lock belongs to. */
export interface KeyOwner {
  readonly username: string
  readonly hostname: string
}

export interface OpenOptions {
  readonly password: string
  readonly primitives: Primitives
  /** The beginning of the name of the key to try first, so that others need not be. */
  readonly keyHint?: string
}

export interface InitOptions extends OpenOptions {
  readonly owner: KeyOwner
  readonly version?: 1 | 2
  /** Taken from another repository, so that copies between the two find duplicates. */
  readonly chunkerPolynomial?: Polynomial
  /** How dear it is to try a password; a small one is for tests. */
  readonly keyCost?: ScryptCost
}

export interface StoredSnapshot {
  readonly id: string
  readonly snapshot: Snapshot
}

/** Told about a file that was changed after it was written. */
export type OnDamaged = (id: string, problem: RepositoryProblem) => void

type UnpackedType = 'index' | 'snapshots' | 'locks'

const configHandle = { type: 'config', name: '' } as const
/** restic gives up after this many keys. */
const maxKeysTried = 20
const readsAtOnce = 8
/** Index files are megabytes each, and taken in one after the other anyway. */
const indexReadsAtOnce = 3
const problemOfType: Record<UnpackedType, RepositoryProblemCode> = {
  index: 'damaged-index',
  snapshots: 'damaged-snapshot',
  locks: 'damaged-lock',
}

/**
 * An open repository in restic's format. Reading needs `loadIndex` once; writing goes through `startWriting`.
 * Whoever changes a repository holds a lock on it (`lockRepository`).
 */
export class Repository {
  readonly store: ObjectStore
  readonly primitives: Primitives
  readonly config: RepositoryConfig
  readonly masterKey: MasterKey
  readonly cipher: RepositoryCipher
  /** The name of the key that opened it. */
  readonly keyName: string
  #index: BlobIndex | undefined

  private constructor(
    store: ObjectStore,
    primitives: Primitives,
    config: RepositoryConfig,
    masterKey: MasterKey,
    keyName: string,
  ) {
    this.store = store
    this.primitives = primitives
    this.config = config
    this.masterKey = masterKey
    this.cipher = new RepositoryCipher(primitives, masterKey)
    this.keyName = keyName
  }

  /**
   * Makes a new repository.
   * @throws {RepositoryProblem} `repository-exists`
   */
  static async init(store: ObjectStore, options: InitOptions): Promise<Repository> {
    const { primitives, password } = options
    if (await exists(store)) {
      throw new RepositoryProblem('repository-exists', `${store.location} holds a repository already`)
    }
    const version = options.version ?? 2
    const config: RepositoryConfig = {
      version,
      id: primitives.randomBytes(32).toHex(),
      chunkerPolynomial: options.chunkerPolynomial ?? drawPolynomial(primitives.randomBytes),
    }
    const masterKey = masterKeyFromBytes(primitives.randomBytes(64))
    await store.create()
    const keyName = await storeKey(store, primitives, masterKey, password, options.owner, options.keyCost)
    const repository = new Repository(store, primitives, config, masterKey, keyName)
    await store.write(configHandle, repository.cipher.seal(encodeConfig(config)))
    return repository
  }

  /**
   * Opens a repository with the password of any of its keys.
   * @throws {RepositoryProblem} `repository-missing`, `wrong-password`, `damaged-config`, `unsupported-version`
   */
  static async open(store: ObjectStore, options: OpenOptions): Promise<Repository> {
    const sealedConfig = await store.read(configHandle).catch((error: unknown) => {
      if (!(error instanceof ObjectNotFoundError)) throw error
      throw new RepositoryProblem('repository-missing', `there is no repository in ${store.location}`)
    })
    const { masterKey, keyName } = await findMasterKey(store, options)
    let config: Uint8Array
    try {
      config = new RepositoryCipher(options.primitives, masterKey).open(sealedConfig)
    } catch (error) {
      throw new RepositoryProblem('damaged-config', `config in ${store.location} was changed`, {
        cause: error,
      })
    }
    return new Repository(store, options.primitives, parseConfig(config), masterKey, keyName)
  }

  /** The same repository, read and written through another store: one that counts, limits or discards. */
  withStore(store: ObjectStore): Repository {
    const other = new Repository(store, this.primitives, this.config, this.masterKey, this.keyName)
    other.#index = this.#index
    return other
  }

  /** Adds a key, so that another password opens the repository too. Returns its name. */
  addKey(password: string, owner: KeyOwner): Promise<string> {
    return storeKey(this.store, this.primitives, this.masterKey, password, owner)
  }

  /** The index; loaded before with `loadIndex`. */
  get index(): BlobIndex {
    if (!this.#index) throw new Error('the index was used before it was loaded')
    return this.#index
  }

  /**
   * Reads all index files.
   * @throws {RepositoryProblem} `damaged-index`
   */
  async loadIndex(): Promise<BlobIndex> {
    if (this.#index) return this.#index
    const index = new BlobIndex()
    for await (const { id, content } of this.loadAllUnpacked('index')) {
      try {
        index.addIndexFile(content)
      } catch (error) {
        throw new RepositoryProblem('damaged-index', `index/${id} is no index`, { cause: error })
      }
    }
    this.#index = index
    return index
  }

  /** Works with this index from now on, as repair does that has just made one. */
  useIndex(index: BlobIndex): void {
    this.#index = index
  }

  /**
   * All snapshots, in no particular order.
   * @param onDamaged told about those that can't be read, which are passed over then
   * @throws {RepositoryProblem} `damaged-snapshot`, unless somebody is told
   */
  async *snapshots(onDamaged?: OnDamaged): AsyncGenerator<StoredSnapshot> {
    for await (const { id, content } of this.loadAllUnpacked('snapshots', onDamaged)) {
      let snapshot: Snapshot
      try {
        snapshot = this.#parseSnapshot(id, content)
      } catch (error) {
        if (!onDamaged || !(error instanceof RepositoryProblem)) throw error
        onDamaged(id, error)
        continue
      }
      yield { id, snapshot }
    }
  }

  /** @throws {RepositoryProblem} `snapshot-not-found`, `damaged-snapshot` */
  async loadSnapshot(id: string): Promise<Snapshot> {
    return this.#parseSnapshot(id, await this.loadUnpacked('snapshots', id))
  }

  /** Returns the id of the new snapshot. */
  saveSnapshot(snapshot: Snapshot): Promise<string> {
    return this.saveUnpacked('snapshots', encodeSnapshot(snapshot))
  }

  /**
   * The entries of a folder.
   * @throws {RepositoryProblem} `missing-blob`, `damaged-pack`, `damaged-tree`
   */
  async loadTree(id: string): Promise<TreeNode[]> {
    const content = await this.loadBlob('tree', id)
    try {
      return parseTree(content)
    } catch (error) {
      throw new RepositoryProblem('damaged-tree', `the tree ${id} is malformed`, { cause: error })
    }
  }

  /**
   * A blob, verified. Where it is stored more than once, every copy is tried.
   * @throws {RepositoryProblem} `missing-blob`, `damaged-pack`, `missing-file`
   */
  async loadBlob(type: BlobType, id: string): Promise<Uint8Array> {
    let problem: RepositoryProblem | undefined
    for (const location of this.index.getAll(type, id)) {
      try {
        return await this.#loadBlobFrom(location)
      } catch (error) {
        if (!(error instanceof RepositoryProblem)) throw error
        problem = error
      }
    }
    throw problem ?? new RepositoryProblem('missing-blob', `no index lists the ${type} blob ${id}`)
  }

  /**
   * The blobs that a pack says it holds.
   * @param packBytes its length, as the store lists it
   * @throws {RepositoryProblem} `damaged-pack`, `missing-file`
   */
  async readPackHeader(packId: string, packBytes: number): Promise<PackedBlob[]> {
    try {
      // One read is enough for most packs: about 1500 blobs.
      const tailBytes = Math.min(packBytes, 64 * 1024)
      const tail = await this.readPack(packId, packBytes - tailBytes, tailBytes)
      const { offset, length } = locatePackHeader(tail, packBytes)
      const inTail = offset - (packBytes - tailBytes)
      const sealed =
        inTail >= 0 ? tail.subarray(inTail, inTail + length) : await this.readPack(packId, offset, length)
      return parsePackHeader(this.cipher.open(sealed), offset)
    } catch (error) {
      if (error instanceof RepositoryProblem) throw error
      throw new RepositoryProblem('damaged-pack', `data/${packId} has no valid header`, { cause: error })
    }
  }

  /**
   * A part of a pack.
   * @param into memory that may be used for it; the result tells whether it was
   * @throws {RepositoryProblem} `missing-file`, `damaged-pack`
   */
  async readPack(packId: string, offset: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.store.read({ type: 'data', name: packId }, { offset, length }, into)
    } catch (error) {
      if (error instanceof ObjectNotFoundError) {
        throw new RepositoryProblem('missing-file', `data/${packId} is missing`, { cause: error })
      }
      if (error instanceof RangeError) {
        throw new RepositoryProblem('damaged-pack', `data/${packId} is too short`, { cause: error })
      }
      throw error
    }
  }

  /**
   * Opens a blob as it lies in its pack; `sealed` is left as it is.
   * @throws {DamagedBlobError}
   */
  decodeBlob(sealed: Uint8Array, blob: PackedBlob): Uint8Array {
    const decoder = new BlobDecoder(this.primitives, this.cipher)
    // A copy: `slice` of a Buffer would be none.
    return decoder.decode(new Uint8Array(sealed), blob)
  }

  /** Begins to write blobs; see {@link BlobWriter}. */
  startWriting(options: BlobWriterOptions = {}): BlobWriter {
    const { store, primitives, cipher, index } = this
    const saveIndexFile = (content: Uint8Array) => this.saveUnpacked('index', content)
    return new BlobWriter(
      { store, primitives, cipher, index, version: this.config.version, saveIndexFile },
      options,
    )
  }

  /** Seals and stores an index, snapshot or lock; returns its name. */
  async saveUnpacked(type: UnpackedType, content: Uint8Array): Promise<string> {
    const sealed = sealUnpacked(this.primitives, this.cipher, this.config.version, content)
    const name = this.primitives.sha256Hex(sealed)
    await this.store.write({ type, name }, sealed)
    return name
  }

  /** @throws {RepositoryProblem} when it is missing or damaged */
  async loadUnpacked(type: UnpackedType, name: string): Promise<Uint8Array> {
    const sealed = await this.store.read({ type, name }).catch((error: unknown) => {
      if (!(error instanceof ObjectNotFoundError)) throw error
      const code = type === 'snapshots' ? 'snapshot-not-found' : 'missing-file'
      throw new RepositoryProblem(code, `${type}/${name} is missing`, { cause: error })
    })
    try {
      return openUnpacked(this.primitives, this.cipher, sealed)
    } catch (error) {
      throw new RepositoryProblem(problemOfType[type], `${type}/${name} was changed after it was written`, {
        cause: error,
      })
    }
  }

  /** Loads all files of a type, several at once; files that vanish meanwhile are left out. */
  async *loadAllUnpacked(
    type: UnpackedType,
    onDamaged?: OnDamaged,
  ): AsyncGenerator<{ id: string; content: Uint8Array }> {
    const atOnce = type === 'index' ? indexReadsAtOnce : readsAtOnce
    const pending: Promise<{ id: string; content: Uint8Array } | undefined>[] = []
    for await (const { name, bytes } of this.store.list(type)) {
      // Left by a run that was cut off as it stored its lock; restic passes over it, too.
      if (type === 'locks' && bytes === 0) continue
      const load = this.loadUnpacked(type, name).then(
        (content) => ({ id: name, content }),
        (error: unknown) => {
          if (!(error instanceof RepositoryProblem)) throw error
          if (error.cause instanceof ObjectNotFoundError) return undefined
          if (!onDamaged || error.code !== problemOfType[type]) throw error
          onDamaged(name, error)
          return undefined
        },
      )
      // The failure is thrown where the file is awaited below, which may be later.
      load.catch(() => {})
      pending.push(load)
      if (pending.length < atOnce) continue
      const loaded = await pending.shift()
      if (loaded) yield loaded
    }
    for (const load of pending) {
      const loaded = await load
      if (loaded) yield loaded
    }
  }

  async removeUnpacked(type: UnpackedType, name: string): Promise<void> {
    await this.store.remove({ type, name })
  }

  async #loadBlobFrom(location: BlobLocation): Promise<Uint8Array> {
    const sealed = await this.readPack(location.packId, location.offset, location.lengthBytes)
    try {
      return this.decodeBlob(sealed, location)
    } catch (error) {
      if (!(error instanceof DamagedBlobError)) throw error
      throw new RepositoryProblem('damaged-pack', `data/${location.packId}: ${error.message}`, {
        cause: error,
      })
    }
  }

  #parseSnapshot(id: string, content: Uint8Array): Snapshot {
    try {
      return parseSnapshot(content)
    } catch (error) {
      throw new RepositoryProblem('damaged-snapshot', `snapshots/${id} is no snapshot`, { cause: error })
    }
  }
}

async function exists(store: ObjectStore): Promise<boolean> {
  try {
    await store.stat(configHandle)
    return true
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return false
    throw error
  }
}

async function storeKey(
  store: ObjectStore,
  primitives: Primitives,
  masterKey: MasterKey,
  password: string,
  owner: KeyOwner,
  cost?: ScryptCost,
): Promise<string> {
  const created = new Date().toISOString()
  const sealed = await sealKeyFile(primitives, masterKey, password, { created, ...owner }, cost)
  const name = primitives.sha256Hex(sealed)
  await store.write({ type: 'keys', name }, sealed)
  return name
}

async function findMasterKey(
  store: ObjectStore,
  { password, primitives, keyHint }: OpenOptions,
): Promise<{ masterKey: MasterKey; keyName: string }> {
  let tried = 0
  let damaged: unknown
  for (const { name } of await listKeys(store, keyHint)) {
    if (tried++ >= maxKeysTried) break
    try {
      const file = parseKeyFile(await store.read({ type: 'keys', name }), name)
      const masterKey = await openKeyFile(primitives, file, password, name)
      if (masterKey) return { masterKey, keyName: name }
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      damaged = error
    }
  }
  if (damaged) throw damaged
  throw new RepositoryProblem(
    'wrong-password',
    `the password opens none of the ${tried} keys in ${store.location}`,
  )
}

async function listKeys(store: ObjectStore, hint: string | undefined): Promise<ObjectSummary[]> {
  const keys = await Array.fromAsync(store.list('keys'))
  const isMeant = ({ name }: ObjectSummary) => hint !== undefined && name.startsWith(hint)
  return [...keys.filter(isMeant), ...keys.filter((key) => !isMeant(key))]
}
