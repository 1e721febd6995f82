import type { ObjectStore } from '@granary/object-store'

/** A store that reads from another one, and lets everything that is written to it go: for dry runs. */
export function discardWrites(store: ObjectStore): ObjectStore {
  return {
    location: store.location,
    create: async () => {},
    write: async () => {},
    remove: async () => {},
    read: (handle, range, into) => store.read(handle, range, into),
    stat: (handle) => store.stat(handle),
    list: (type) => store.list(type),
    async [Symbol.asyncDispose]() {},
  }
}
