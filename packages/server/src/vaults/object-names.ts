import { type ObjectHandle, type ObjectType, objectTypes } from '@granary/object-store'
import { type RawBuilder, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'

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

/** An object's name as text, computed by the database, to search and page by. @param name a column with the bytes */
export function nameInQuery(kind: DatabaseKind, name: string): RawBuilder<string> {
  return kind === 'sqlite'
    ? sql<string>`lower(hex(${sql.ref(name)}))`
    : sql<string>`encode(${sql.ref(name)}, 'hex')`
}

/** `000042-web01`: the vault's folder in the object store, fixed for its life. */
export function vaultFolder(vaultNo: number, clientId: string): string {
  return `${String(vaultNo).padStart(6, '0')}-${clientId}`
}
