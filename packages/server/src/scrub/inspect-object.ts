import { createHash } from 'node:crypto'
import type { Damage } from '@granary/contract'
import type { ObjectHandle, StoredObject, VaultStore } from '@granary/object-store'

const chunkBytes = 1024 * 1024

/**
 * Reads a stored object again and compares it with its name, the SHA-256 of what was received. A config has no hash
 * for a name, so only its size can be compared.
 * @param bytes its size by the ledger
 */
export async function inspectObject(
  store: VaultStore,
  folder: string,
  handle: ObjectHandle,
  bytes: number,
): Promise<Damage | null> {
  const object = await store.open(folder, handle)
  if (object === null) return 'missing'
  try {
    if (object.bytes !== bytes) return 'wrong-size'
    if (handle.type === 'config') return null
    return (await hashOf(object)) === handle.name ? null : 'wrong-bytes'
  } finally {
    object.close()
  }
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
