import type { FileName } from '../../format/file-name.ts'
import { isText, nameToBytes } from '../../format/file-name.ts'
import { parseGoTime } from '../../format/go-time.ts'

/** How the content of an entry is kept. */
export const zipMethods = { stored: 0, deflated: 8 } as const

/** What is known of an entry before its content. */
export interface ZipHead {
  /** Folders end in a slash. */
  readonly name: FileName
  /** `st_mode` with the kind of file. */
  readonly unixMode: number
  /** As Go writes it, with the offset of the place where it was taken. */
  readonly mtime: string
  readonly method: (typeof zipMethods)[keyof typeof zipMethods]
  /** Whether lengths take eight bytes where they follow the content. */
  readonly isLarge: boolean
  /** Where the entry begins in the archive. */
  readonly offset: number
}

/** What is known of an entry after its content. */
export interface ZipContent {
  readonly crc: number
  readonly bytes: number
  readonly packedBytes: number
}

const max16 = 0xffff
const max32 = 0xffff_ffff
const unixVersion = 3 << 8
const versions = { usual: 20, zip64: 45 }
const folderAttribute = 0x10
const folderMode = 0o040000
const flags = { lengthsFollow: 0x8, utf8: 0x800 }
const noContent: ZipContent = { crc: 0, bytes: 0, packedBytes: 0 }

/**
 * What stands before the content.
 * @param known the content, where it is known beforehand; otherwise a {@link zipDescriptor} has to follow it
 */
export function zipLocalHeader(head: ZipHead, known?: ZipContent): Uint8Array {
  const name = nameBytes(head)
  // What the lengths are follows the content; that they will be long is said here.
  const extra = known || !head.isLarge ? timeField(head) : join(zip64Field([0, 0]), timeField(head))
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(head.isLarge ? versions.zip64 : versions.usual, 4)
  writeCommon(header, 6, head, known ?? noContent, known === undefined)
  if (!known && head.isLarge) header.fill(0xff, 18, 26)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return join(header, name, extra)
}

/** What stands after a content that was not known beforehand. */
export function zipDescriptor({ isLarge }: ZipHead, { crc, bytes, packedBytes }: ZipContent): Uint8Array {
  const descriptor = Buffer.alloc(8)
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, 4)
  return join(descriptor, ...[packedBytes, bytes].map(isLarge ? uint64 : uint32))
}

/** The entry in the directory at the end. */
export function zipDirectoryEntry(head: ZipHead, content: ZipContent, lengthsFollow: boolean): Uint8Array {
  const name = nameBytes(head)
  const isLong = content.bytes >= max32 || content.packedBytes >= max32 || head.offset >= max32
  const extra = isLong
    ? join(zip64Field([content.bytes, content.packedBytes, head.offset]), timeField(head))
    : timeField(head)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  const version = isLong || head.isLarge ? versions.zip64 : versions.usual
  entry.writeUInt16LE(unixVersion | version, 4)
  entry.writeUInt16LE(version, 6)
  writeCommon(entry, 8, head, content, lengthsFollow)
  if (isLong) entry.fill(0xff, 20, 28)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(extra.length, 30)
  const isFolder = (head.unixMode & 0o170000) === folderMode
  entry.writeUInt32LE(head.unixMode * 0x10000 + (isFolder ? folderAttribute : 0), 38)
  entry.writeUInt32LE(isLong ? max32 : head.offset, 42)
  return join(entry, name, extra)
}

/** The end of the archive. @param directory its entries: how many, their bytes, and where they begin */
export function zipEnd(directory: { entries: number; bytes: number; offset: number }): Uint8Array {
  const { entries, bytes, offset } = directory
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(entries, max16), at)
  end.writeUInt32LE(Math.min(bytes, max32), 12)
  end.writeUInt32LE(Math.min(offset, max32), 16)
  if (entries < max16 && bytes < max32 && offset < max32) return end

  const end64 = Buffer.alloc(24)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeUInt16LE(unixVersion | versions.zip64, 12)
  end64.writeUInt16LE(versions.zip64, 14)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return join(end64, ...[entries, entries, bytes, offset].map(uint64), locator, end)
}

/** From the flags to the lengths, where both kinds of header are the same. */
function writeCommon(
  header: Buffer,
  at: number,
  head: ZipHead,
  { crc, bytes, packedBytes }: ZipContent,
  lengthsFollow: boolean,
): void {
  const isUtf8 = isText(head.name) && /[^\x20-\x7e]/.test(head.name)
  header.writeUInt16LE((lengthsFollow ? flags.lengthsFollow : 0) | (isUtf8 ? flags.utf8 : 0), at)
  header.writeUInt16LE(head.method, at + 2)
  const { time, date } = dosTime(head.mtime)
  header.writeUInt16LE(time, at + 4)
  header.writeUInt16LE(date, at + 6)
  header.writeUInt32LE(crc, at + 8)
  header.writeUInt32LE(Math.min(packedBytes, max32), at + 12)
  header.writeUInt32LE(Math.min(bytes, max32), at + 16)
}

/** @throws when the name is longer than an archive can hold */
function nameBytes({ name }: ZipHead): Uint8Array {
  const bytes = nameToBytes(name)
  if (bytes.length > max16) throw new Error(`a zip archive has no room for so long a name as ${name}`)
  return bytes
}

/** The clock at the place where the time was taken; archives know the years from 1980 to 2107. */
function dosTime(mtime: string): { time: number; date: number } {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = mtime
    .slice(0, 19)
    .split(/\D/)
    .map(Number)
  if (year < 1980) return { time: 0, date: (1 << 5) | 1 }
  if (year > 2107) return { time: (23 << 11) | (59 << 5) | 29, date: (127 << 9) | (12 << 5) | 31 }
  return {
    time: (hour << 11) | (minute << 5) | (second >> 1),
    date: ((year - 1980) << 9) | (month << 5) | day,
  }
}

/** The time to the second, wherever the archive is unpacked; it lasts until 2038. */
function timeField({ mtime }: ZipHead): Uint8Array {
  const seconds = Math.floor(Number(parseGoTime(mtime) / 1_000_000n) / 1000)
  if (seconds !== (seconds | 0)) return new Uint8Array()
  const field = Buffer.alloc(9)
  field.write('UT', 0)
  field.writeUInt16LE(5, 2)
  field[4] = 1
  field.writeInt32LE(seconds, 5)
  return field
}

function zip64Field(numbers: readonly number[]): Uint8Array {
  const field = Buffer.alloc(4)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * numbers.length, 2)
  return join(field, ...numbers.map(uint64))
}

function uint64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
