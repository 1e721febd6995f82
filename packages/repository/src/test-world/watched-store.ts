import type { ObjectHandle, ObjectStore } from '@granary/object-store'

/** Calls back before each change of a store. */
export function watchChanges(
  store: ObjectStore,
  before: (handle: ObjectHandle, change: 'write' | 'remove') => Promise<void>,
): ObjectStore {
  return {
    location: store.location,
    create: () => store.create(),
    write: async (handle, content) => {
      await before(handle, 'write')
      await store.write(handle, content)
    },
    read: (handle, range, into) => store.read(handle, range, into),
    stat: (handle) => store.stat(handle),
    list: (type) => store.list(type),
    remove: async (handle) => {
      await before(handle, 'remove')
      await store.remove(handle)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
