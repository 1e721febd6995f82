import type { ObjectHandle, ObjectType } from '@granary/object-store'

/** What a request to the data plane is about. */
export type VaultPlace =
  | { readonly kind: 'repository' }
  | { readonly kind: 'list'; readonly type: Exclude<ObjectType, 'config'> }
  | { readonly kind: 'object'; readonly handle: ObjectHandle }

export interface VaultAddress {
  readonly urlKey: string
  readonly clientId: string
  readonly place: VaultPlace
  /** The query, without `?`. */
  readonly query: string
}

export const vaultPrefix = '/vault/'

const address =
  /^\/vault\/([a-z0-9-]{1,40})\/([A-Za-z0-9._-]{1,63})\/(?:(config)|(keys|locks|snapshots|index|data)\/([0-9a-f]{64})?)?(?:\?(.*))?$/

/**
 * Reads an address of the data plane, letter by letter as it was sent: nothing is decoded or normalised, so
 * `..`, `//`, `%2F` and the like lead nowhere.
 * @returns null when there is no such place
 */
export function parseVaultAddress(url: string): VaultAddress | null {
  const parts = address.exec(url)
  if (parts === null) return null
  const [, urlKey, clientId, config, type, name, query] = parts
  if (urlKey === undefined || clientId === undefined || /^\.+$/.test(clientId)) return null
  return { urlKey, clientId, place: placeOf(config, type, name), query: query ?? '' }
}

function placeOf(config: string | undefined, type: string | undefined, name: string | undefined): VaultPlace {
  if (config !== undefined) return { kind: 'object', handle: { type: 'config', name: '' } }
  if (type === undefined) return { kind: 'repository' }
  const listed = type as Exclude<ObjectType, 'config'>
  return name === undefined
    ? { kind: 'list', type: listed }
    : { kind: 'object', handle: { type: listed, name } }
}
