import fc from 'fast-check'
import type { TreeNode } from '../format/tree.ts'

const time = '2024-03-01T12:34:56.789Z'
const id = 'ab'.repeat(32)

/** Any entry of a folder that can be written down. */
export const anyNode: fc.Arbitrary<TreeNode> = fc.record(
  {
    name: fc.string({ minLength: 1, unit: 'binary' }),
    type: fc.constantFrom('file', 'dir', 'symlink', 'fifo', 'dev'),
    mode: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    mtime: fc.constant(time),
    atime: fc.constant(time),
    ctime: fc.constant(time),
    uid: fc.nat(),
    gid: fc.nat(),
    user: fc.string({ minLength: 1 }),
    inode: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
    deviceId: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
    size: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    linkTarget: fc.string({ minLength: 1, unit: 'binary' }),
    extendedAttributes: fc.array(fc.record({ name: fc.string(), value: fc.uint8Array() }), { minLength: 1 }),
    content: fc.option(fc.array(fc.constant(id))),
    subtree: fc.constant(id),
  },
  { requiredKeys: ['name', 'type', 'mode', 'mtime', 'atime', 'ctime', 'uid', 'gid', 'content'] },
)
