import type { ObjectHandle, ObjectStore } from './object-store.ts'
import type { RateLimit } from './rate-limit.ts'

/** Either way without a limit where there is none. */
export interface RateLimits {
  readonly uploads?: RateLimit
  readonly downloads?: RateLimit
}

/** A lock that comes late is no lock. */
export function isLimited({ type }: Pick<ObjectHandle, 'type'>): boolean {
  return type !== 'locks'
}

/** A store that takes its time, by whole objects: for stores that can't be slowed down within one. */
export function limited(store: ObjectStore, { uploads, downloads }: RateLimits): ObjectStore {
  return {
    location: store.location,
    create: () => store.create(),
    async write(handle, content) {
      await store.write(handle, content)
      const pieces = content instanceof Uint8Array ? [content] : content
      if (isLimited(handle)) await uploads?.pass(pieces.reduce((sum, piece) => sum + piece.length, 0))
    },
    async read(handle, range, into) {
      const content = await store.read(handle, range, into)
      if (isLimited(handle)) await downloads?.pass(content.length)
      return content
    },
    stat: (handle) => store.stat(handle),
    remove: (handle) => store.remove(handle),
    list: (type) => store.list(type),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
