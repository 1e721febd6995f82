import type { ObjectHandle } from '../object-store.ts'
import type { StoredObject } from '../vault-store.ts'
import { VaultLayout } from './layout.ts'
import { Promptness } from './promptness.ts'
import { openStored } from './stored-file.ts'

/** Where good copies of objects may be had, to heal those whose bytes went wrong. */
export interface CopySource {
  /** What people call it */
  readonly location: string
  /** Opens a copy, which may be damaged as well; null when there is none. */
  open(folder: string, handle: ObjectHandle): StoredObject | null | Promise<StoredObject | null>
}

/** Copies in a folder laid out as `LocalVaults` does: a mirror of the objects on another disk. Only ever read. */
export class LocalCopies implements CopySource {
  readonly location: string
  readonly #layout: VaultLayout
  readonly #promptness = new Promptness()

  constructor(folder: string) {
    this.location = folder
    this.#layout = new VaultLayout(folder)
  }

  open(folder: string, handle: ObjectHandle): StoredObject | null | Promise<StoredObject | null> {
    return openStored(this.#layout.object(folder, handle), this.#promptness)
  }
}
