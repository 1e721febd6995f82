/** A storage location that can't be used, with a sentence that says what to do about it. */
export class StorageLocationError extends Error {
  override readonly name = 'StorageLocationError'
}
