import { type FileName, isText, nameFromBytes, nameToBytes } from '../format/file-name.ts'
import { foreignFunctions } from '../primitives/foreign-functions.ts'

/**
 * Calls of the C library that Node lacks: extended attributes of any name, times to the nanosecond, device
 * nodes and fifos. Linux only; elsewhere `nativeCalls` is absent, and these parts of a backup are left out.
 */
export interface NativeCalls {
  /** Names are bytes, as those of files are. */
  listExtendedAttributes(path: CPath): FileName[]
  /** Nothing where it is not there any more, or may not be read. */
  getExtendedAttribute(path: CPath, name: FileName): Uint8Array | undefined
  setExtendedAttribute(path: CPath, name: string, value: Uint8Array): void
  removeExtendedAttribute(path: CPath, name: string): void
  /** Sets both times, of a symlink itself when the path names one. */
  setTimes(path: CPath, atimeNanoseconds: bigint, mtimeNanoseconds: bigint): void
  /** The same of an open file, whose path need not be walked again. */
  setTimesOfOpen(descriptor: number, atimeNanoseconds: bigint, mtimeNanoseconds: bigint): void
  /** @param unixMode type and permissions, @param device `st_rdev` */
  makeNode(path: CPath, unixMode: number, device: bigint): void
}

/** A path as the C library takes it. */
export type CPath = Uint8Array

export function cPath(path: string): CPath {
  const bytes = nameToBytes(path)
  const terminated = new Uint8Array(bytes.length + 1)
  terminated.set(bytes)
  return terminated
}

const encoder = new TextEncoder()
const passing = new Uint8Array(16 * 1024)

/** The same in memory that the next call uses again: for calls that every file takes. */
export function passingPath(path: string): CPath {
  if (path.length * 3 >= passing.length || !isText(path)) return cPath(path)
  passing[encoder.encodeInto(path, passing).written] = 0
  return passing
}

/** A call failed, with the number and name of the error as Node's own errors carry them. */
class NativeCallError extends Error {
  override readonly name = 'NativeCallError'
  readonly errno: number
  readonly code: string
  constructor(call: string, errno: number) {
    const code = errorNames[errno] ?? `E${errno}`
    super(`${call}: ${code}`)
    this.errno = errno
    this.code = code
  }
}

const errorNames: Record<number, string> = {
  ...{
    1: 'EPERM',
    2: 'ENOENT',
    5: 'EIO',
    7: 'E2BIG',
    12: 'ENOMEM',
    13: 'EACCES',
    17: 'EEXIST',
    20: 'ENOTDIR',
  },
  ...{
    22: 'EINVAL',
    28: 'ENOSPC',
    30: 'EROFS',
    34: 'ERANGE',
    36: 'ENAMETOOLONG',
    40: 'ELOOP',
    61: 'ENODATA',
  },
  ...{ 95: 'ENOTSUP', 122: 'EDQUOT' },
}
const notSupported = new Set(['ENOTSUP', 'ENODATA', 'EPERM', 'EACCES', 'ENOENT', 'ELOOP'])
const rangeError = 34
const atSymlinkNoFollow = 0x100
const atCurrentFolder = -100
const nanosecondsPerSecond = 1_000_000_000n
const firstBufferBytes = 1024

export const nativeCalls: NativeCalls | undefined =
  foreignFunctions && process.platform === 'linux' ? bindLinux(foreignFunctions) : undefined

function bindLinux(ffi: NonNullable<typeof foreignFunctions>): NativeCalls {
  const { functions: c } = ffi.dlopen(null, {
    llistxattr: { arguments: ['buffer', 'buffer', 'u64'], return: 'i64' },
    lgetxattr: { arguments: ['buffer', 'buffer', 'buffer', 'u64'], return: 'i64' },
    lsetxattr: { arguments: ['buffer', 'buffer', 'buffer', 'u64', 'i32'], return: 'i32' },
    lremovexattr: { arguments: ['buffer', 'buffer'], return: 'i32' },
    utimensat: { arguments: ['i32', 'buffer', 'buffer', 'i32'], return: 'i32' },
    futimens: { arguments: ['i32', 'buffer'], return: 'i32' },
    mknod: { arguments: ['buffer', 'u32', 'u64'], return: 'i32' },
    __errno_location: { arguments: [], return: 'pointer' },
  })
  const errno = () => ffi.getInt32(c.__errno_location(), 0)
  const fail = (call: string): never => {
    throw new NativeCallError(call, errno())
  }
  const scratch = new Uint8Array(firstBufferBytes)
  const times = new BigInt64Array(4)

  // The size is unknown beforehand and may change between two calls.
  const fill = (call: string, read: (buffer: Uint8Array) => bigint): Uint8Array => {
    for (let buffer = scratch; ; ) {
      const bytes = Number(read(buffer))
      if (bytes >= 0) return buffer.slice(0, bytes)
      if (errno() !== rangeError) return fail(call)
      buffer = new Uint8Array(buffer.length * 4)
    }
  }

  return {
    listExtendedAttributes(path) {
      // Most files have none, so this way is kept short.
      const bytes = c.llistxattr(path, scratch, BigInt(scratch.length))
      if (bytes === 0n) return []
      if (bytes < 0n && errno() !== rangeError) {
        const error = new NativeCallError('llistxattr', errno())
        if (notSupported.has(error.code)) return []
        throw error
      }
      const names = fill('llistxattr', (buffer) => c.llistxattr(path, buffer, BigInt(buffer.length)))
      return nameFromBytes(names).split('\0').filter(Boolean)
    },
    getExtendedAttribute(path, name) {
      try {
        return fill('lgetxattr', (buffer) => c.lgetxattr(path, cPath(name), buffer, BigInt(buffer.length)))
      } catch (error) {
        if (error instanceof NativeCallError && notSupported.has(error.code)) return undefined
        throw error
      }
    },
    setExtendedAttribute(path, name, value) {
      if (c.lsetxattr(path, cPath(name), value, BigInt(value.length), 0) !== 0) fail('lsetxattr')
    },
    removeExtendedAttribute(path, name) {
      if (c.lremovexattr(path, cPath(name)) !== 0) fail('lremovexattr')
    },
    setTimes(path, atime, mtime) {
      times.set([...timespec(atime), ...timespec(mtime)])
      if (c.utimensat(atCurrentFolder, path, times, atSymlinkNoFollow) !== 0) fail('utimensat')
    },
    setTimesOfOpen(descriptor, atime, mtime) {
      times.set([...timespec(atime), ...timespec(mtime)])
      if (c.futimens(descriptor, times) !== 0) fail('futimens')
    },
    makeNode(path, unixMode, device) {
      if (c.mknod(path, unixMode, device) !== 0) fail('mknod')
    },
  }
}

function timespec(nanoseconds: bigint): [bigint, bigint] {
  const fraction = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond
  return [(nanoseconds - fraction) / nanosecondsPerSecond, fraction]
}
