import { createHash } from 'node:crypto'
import type { Damage } from '@granary/contract'
import type { ObjectHandle, StoredObject, VaultStore } from '@granary/object-store'

const chunkBytes = 1024 * 1024
/** What a disk answers that has gone bad, or was meddled with. Others, such as too many open files, say nothing of an object. */
const diskFaults = new Set([
  'EIO',
  'EBADMSG',
  'EUCLEAN',
  'ENXIO',
  'EACCES',
  'EPERM',
  'ELOOP',
  'EISDIR',
  'ENOTDIR',
])

/**
 * Reads a stored object again and compares it with its name, the SHA-256 of what was received. A config has no hash
 * for a name, so only its size can be compared. One that the disk does not give out is damaged like any other: it must not
 * hide what lies behind it.
 * @param bytes its size by the ledger
 * @throws {LocationMissingError} when nothing can be said of it
 */
export async function inspectObject(
  store: VaultStore,
  folder: string,
  handle: ObjectHandle,
  bytes: number,
): Promise<Damage | null> {
  const object = await orAtFault(() => store.open(folder, handle), null)
  if (object === null) return 'missing'
  try {
    if (object.bytes !== bytes) return 'wrong-size'
    if (handle.type === 'config') return null
    return (await orAtFault(() => hashOf(object), '')) === handle.name ? null : 'wrong-bytes'
  } finally {
    object.close()
  }
}

/** The same without reading it. */
export async function inspectSize(
  store: VaultStore,
  folder: string,
  handle: ObjectHandle,
  bytes: number,
): Promise<Damage | null> {
  const found = await orAtFault(() => store.bytes(folder, handle), null)
  if (found === null) return 'missing'
  return found === bytes ? null : 'wrong-size'
}

async function orAtFault<Result>(look: () => Result | Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await look()
  } catch (error) {
    if (isDiskFault(error)) return otherwise
    throw error
  }
}

/** Whether a disk has refused something for a reason of its own, which says nothing of what else lies there. */
export function isDiskFault(error: unknown): boolean {
  return diskFaults.has((error as NodeJS.ErrnoException).code ?? '')
}

async function hashOf(object: StoredObject): Promise<string> {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, object.bytes)))
  let position = 0
  while (position < object.bytes) {
    const bytesRead = await object.read(chunk, position)
    if (bytesRead === 0) return ''
    hash.update(chunk.subarray(0, bytesRead))
    position += bytesRead
  }
  return hash.digest('hex')
}
