import { StorageFullError } from '../vault-store.ts'

export function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code
}

/** A full disk or a used-up quota as StorageFullError; anything else as it is. */
export function asStorageError(error: unknown): unknown {
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) {
    return new StorageFullError('The disk of the object store is full', { cause: error })
  }
  return error
}
