import { createHash } from 'node:crypto'
import {
  type CopySource,
  describeHandle,
  type IncomingObject,
  type ObjectHandle,
  StorageFullError,
  type StoredObject,
  type VaultStore,
} from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import type { Log } from '../platform/log.ts'
import { hasRoom, LedgerStatements, type PlacedObject, withdrawUnledgered } from '../vaults/vaults.ts'

const chunkBytes = 1024 * 1024

/** Why each source could not be read, as far as it was told: one that is gone fails for every object that it should heal. */
const told = new WeakMap<CopySource, Set<string>>()

/**
 * Puts a good copy in the place of an object whose bytes are missing or wrong. The copy is read and compared with the
 * name first; the damaged bytes are set aside, not removed. A source that can't be read, or not to the copy's end, is
 * logged, once for each reason, and the next one is asked.
 * @param bytes its size by the ledger
 * @returns the location of the copy, or null where no source has a good one
 * @throws {StorageFullError}
 */
export async function healObject(
  {
    database,
    store,
    copies,
    log,
  }: { database: Database; store: VaultStore; copies: readonly CopySource[]; log: Log },
  object: PlacedObject & { bytes: number; now: number },
): Promise<string | null> {
  const { folder, handle, bytes, now } = object
  const statements = new LedgerStatements(database)
  for (const source of copies) {
    const unreadable = (error: unknown) => tell(log, source, { error, folder, handle })
    const copy = await openCopy(source, object, unreadable)
    if (copy === null) continue
    const incoming = store.receive(folder, handle)
    try {
      if (!hasRoom({ store, database }, folder, bytes))
        throw new StorageFullError('A good copy would take the room that is kept free')
      if (!(await takeIn(copy, incoming, { handle, bytes, unreadable }))) {
        await incoming.discard()
        continue
      }
      await incoming.persist()
      store.setAside(folder, handle, now)
      await incoming.publish()
      // It may have been removed while the copy was read.
      await database.run(() => withdrawUnledgered(statements, store, object), { durable: false })
      await incoming.settle()
    } catch (error) {
      await incoming.discard()
      throw error
    } finally {
      copy.close()
    }
    await incoming.release()
    return source.location
  }
  return null
}

async function openCopy(
  source: CopySource,
  { folder, handle }: PlacedObject,
  unreadable: (error: unknown) => void,
): Promise<StoredObject | null> {
  try {
    return await source.open(folder, handle)
  } catch (error) {
    unreadable(error)
    return null
  }
}

/** @returns whether the copy is what was received once; of a config only the size is known */
async function takeIn(
  copy: StoredObject,
  incoming: IncomingObject,
  {
    handle,
    bytes,
    unreadable,
  }: { handle: ObjectHandle; bytes: number; unreadable: (error: unknown) => void },
): Promise<boolean> {
  if (copy.bytes !== bytes) return false
  const hash = createHash('sha256')
  for (let position = 0; position < bytes; ) {
    const part = await readPart(copy, position, { bytes, unreadable })
    if (part === null) return false
    hash.update(part)
    await incoming.write(part)
    position += part.length
  }
  return handle.type === 'config' || hash.digest('hex') === handle.name
}

/** @returns null where it ends too early or can't be read on */
async function readPart(
  copy: StoredObject,
  position: number,
  { bytes, unreadable }: { bytes: number; unreadable: (error: unknown) => void },
): Promise<Uint8Array | null> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bytes - position))
  try {
    const bytesRead = await copy.read(chunk, position)
    return bytesRead === 0 ? null : chunk.subarray(0, bytesRead)
  } catch (error) {
    unreadable(error)
    return null
  }
}

function tell(
  log: Log,
  source: CopySource,
  { error, folder, handle }: { error: unknown; folder: string; handle: ObjectHandle },
): void {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  const before = told.get(source) ?? new Set()
  if (before.has(reason)) return
  told.set(source, before.add(reason))
  const facts = { err: error, copies: source.location, folder, handle: describeHandle(handle) }
  log.error(facts, 'A copy could not be read; damaged objects are healed from the other copies only')
}
