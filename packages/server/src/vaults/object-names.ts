import { type ObjectHandle, type ObjectType, objectTypes } from '@granary/object-store'

/** How the database names objects: a number for the type, the bytes of the hash for the name. */

/** A deleted client's whole vault, as one row of the ledger. */
export const wholeVaultCode = 255

const codes = new Map(objectTypes.map((type, code) => [type, code]))

export function objectTypeCode(type: ObjectType): number {
  return codes.get(type) as number
}

export function objectTypeOf(code: number): ObjectType {
  const type = objectTypes[code]
  if (type === undefined) throw new Error(`There is no object type ${code}`)
  return type
}

/** 32 bytes; none for `config`. */
export function nameBytes(handle: ObjectHandle): Buffer {
  return Buffer.from(handle.name, 'hex')
}

export function nameText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** `000042-web01`: the vault's folder in the object store, fixed for its life. */
export function vaultFolder(vaultNo: number, clientId: string): string {
  return `${String(vaultNo).padStart(6, '0')}-${clientId}`
}
