import path from 'node:path'
import type { ObjectHandle, ObjectType } from '../object-store.ts'

/**
 * Where things lie in the store's folder:
 *
 *     vaults/{vault}/             restic's own layout: config, keys/, locks/, snapshots/, index/, data/xx/
 *     trash/{vault}/{type}-{name}.{trashId}
 *     damaged/{vault}/            objects whose bytes went wrong, set aside when a good copy took their place
 *     incoming/{process}/         objects on their way in, one file each
 */
export class VaultLayout {
  readonly root: string
  constructor(root: string) {
    this.root = root
  }

  vault(folder: string): string {
    return path.join(this.root, 'vaults', folder)
  }

  /** The folder that holds an object: for data the first two digits of its name, as restic does. */
  folderOf(vaultFolder: string, handle: ObjectHandle): string {
    const vault = `${this.root}/vaults/${vaultFolder}`
    if (handle.type === 'config') return vault
    if (handle.type === 'data') return `${vault}/data/${handle.name.slice(0, 2)}`
    return `${vault}/${handle.type}`
  }

  object(vaultFolder: string, handle: ObjectHandle): string {
    return `${this.folderOf(vaultFolder, handle)}/${handle.type === 'config' ? 'config' : handle.name}`
  }

  trashFolder(vaultFolder: string): string {
    return path.join(this.root, 'trash', vaultFolder)
  }

  trashed(vaultFolder: string, handle: ObjectHandle, trashId: number): string {
    return path.join(this.trashFolder(vaultFolder), `${handle.type}-${handle.name}.${trashId}`)
  }

  damaged(vaultFolder: string, handle: ObjectHandle, asideId: number): string {
    return path.join(this.root, 'damaged', vaultFolder, `${handle.type}-${handle.name}.${asideId}`)
  }

  get incoming(): string {
    return path.join(this.root, 'incoming')
  }
}

/** `17~000042-web01~data~73f0…`: what an incoming file is for, so that whoever finds it can finish or remove it. */
export function incomingName(sequence: number, folder: string, handle: ObjectHandle): string {
  return `${sequence}~${folder}~${handle.type}~${handle.name}`
}

export function parseIncomingName(file: string): { folder: string; handle: ObjectHandle } | null {
  const [, folder, type, name] = file.split('~')
  if (folder === undefined || type === undefined || name === undefined) return null
  return { folder, handle: { type: type as ObjectType, name } }
}
