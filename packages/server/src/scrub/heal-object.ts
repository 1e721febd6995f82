import { createHash } from 'node:crypto'
import type {
  CopySource,
  IncomingObject,
  ObjectHandle,
  StoredObject,
  VaultStore,
} from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { LedgerStatements, type PlacedObject, withdrawUnledgered } from '../vaults/vaults.ts'

const chunkBytes = 1024 * 1024

/**
 * Puts a good copy in the place of an object whose bytes are missing or wrong. The copy is read and compared with the
 * name first; the damaged bytes are set aside, not removed.
 * @param bytes its size by the ledger
 * @returns the location of the copy, or null where no source has a good one
 */
export async function healObject(
  { database, store, copies }: { database: Database; store: VaultStore; copies: readonly CopySource[] },
  object: PlacedObject & { bytes: number; now: number },
): Promise<string | null> {
  const { folder, handle, bytes, now } = object
  const statements = new LedgerStatements(database)
  for (const source of copies) {
    const copy = await openCopy(source, folder, handle)
    if (copy === null) continue
    const incoming = store.receive(folder, handle)
    try {
      if (!(await takeIn(copy, incoming, handle, bytes))) {
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

/** A source that can't be read has no copy: the next one may have. */
async function openCopy(
  source: CopySource,
  folder: string,
  handle: ObjectHandle,
): Promise<StoredObject | null> {
  try {
    return await source.open(folder, handle)
  } catch {
    return null
  }
}

/** @returns whether the copy is what was received once; of a config only the size is known */
async function takeIn(
  copy: StoredObject,
  incoming: IncomingObject,
  handle: ObjectHandle,
  bytes: number,
): Promise<boolean> {
  if (copy.bytes !== bytes) return false
  const hash = createHash('sha256')
  for (let position = 0; position < bytes; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bytes - position))
    const bytesRead = await copy.read(chunk, position)
    if (bytesRead === 0) return false
    const part = chunk.subarray(0, bytesRead)
    hash.update(part)
    await incoming.write(part)
    position += bytesRead
  }
  return handle.type === 'config' || hash.digest('hex') === handle.name
}
