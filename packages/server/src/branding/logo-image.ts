import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { atField, type Fault, logoMostBytes, logoMostPixels, ProblemError } from '@granary/contract'

/** An image that was looked through: what it is says its bytes, whatever a file name or a client says. */
export interface LogoImage {
  readonly contentType: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly width: number
  readonly height: number
  readonly content: Buffer
  /** SHA-256, in hexadecimal */
  readonly hash: string
}

/** Thrown by the readers of each format for an image that is cut off, or not what it begins as. */
class BrokenImageError extends Error {
  override readonly name = 'BrokenImageError'
}

type Size = Pick<LogoImage, 'width' | 'height'>

/**
 * Takes an image as a logo. PNG, JPEG and WebP are walked from their first byte to their last, so that nothing cut off,
 * animated or hidden behind the image gets in. No SVG: it can carry scripts.
 * @param field the path of the field it came in
 * @throws {ProblemError} invalid-request
 */
export function takeLogo(base64: string, field: string): LogoImage {
  const refuse = (fault: Fault) => new ProblemError('invalid-request', { errors: [atField(field, fault)] })
  const content = Buffer.from(base64, 'base64')
  if (content.toString('base64') !== base64) throw refuse({ code: 'not-base64' })
  if (content.length > logoMostBytes) throw refuse({ code: 'logo-too-large' })
  const format = formats.find(({ begins }) => begins(content))
  if (format === undefined) {
    throw refuse({ code: 'not-an-image' })
  }
  const { width, height } = sizeOf(format, content, refuse)
  if (width < 1 || height < 1 || width > logoMostPixels || height > logoMostPixels) {
    throw refuse({ code: 'too-many-pixels', width, height, most: logoMostPixels })
  }
  const hash = createHash('sha256').update(content).digest('hex')
  return { contentType: format.contentType, width, height, content, hash }
}

function sizeOf(format: Format, content: Buffer, refuse: (fault: Fault) => ProblemError): Size {
  try {
    return format.walk(content)
  } catch (error) {
    if (error instanceof BrokenImageError) throw refuse({ code: 'image-broken', reason: error.message })
    // Read past its end.
    if (error instanceof RangeError) throw refuse({ code: 'image-ends-early' })
    throw error
  }
}

interface Format {
  readonly contentType: LogoImage['contentType']
  begins(content: Buffer): boolean
  /** @throws {BrokenImageError}, {RangeError} */
  walk(content: Buffer): Size
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

const formats: readonly Format[] = [
  {
    contentType: 'image/png',
    begins: (content) => content.subarray(0, 8).equals(pngSignature),
    walk: walkPng,
  },
  {
    contentType: 'image/jpeg',
    begins: (content) => content.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
    walk: walkJpeg,
  },
  {
    contentType: 'image/webp',
    begins: (content) => text(content, 0) === 'RIFF' && text(content, 8) === 'WEBP',
    walk: walkWebp,
  },
]

/** Chunks with their sums. @see https://www.w3.org/TR/png-3/#5DataRep */
function walkPng(content: Buffer): Size {
  let size: Size | undefined
  let hasPixels = false
  for (let at = 8; ; ) {
    const length = content.readUInt32BE(at)
    const kind = text(content, at + 4)
    const end = at + 8 + length
    if (content.readUInt32BE(end) !== crc32(content.subarray(at + 4, end))) {
      throw new BrokenImageError(`the sum of a part (${printable(kind)}) is wrong.`)
    }
    if (size === undefined) {
      if (kind !== 'IHDR') throw new BrokenImageError('it does not begin with its size.')
      size = { width: content.readUInt32BE(at + 8), height: content.readUInt32BE(at + 12) }
    }
    if (kind === 'acTL') throw new BrokenImageError('it moves.')
    if (kind === 'IDAT') hasPixels = true
    at = end + 4
    if (kind !== 'IEND') continue
    if (!hasPixels) throw new BrokenImageError('it has no pixels.')
    expectEnd(content, at)
    return size
  }
}

/** Markers that say how the image was coded, with its size: SOF0 to SOF15 without DHT, JPG and DAC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const startOfScan = 0xda
const endOfImage = 0xd9

/** Segments, and pixels behind each that begins a scan. @see ITU-T T.81, annex B */
function walkJpeg(content: Buffer): Size {
  let size: Size | undefined
  let hasPixels = false
  for (let at = 2; ; ) {
    if (content.readUInt8(at) !== 0xff) throw new BrokenImageError('a segment is missing.')
    const marker = content.readUInt8(at + 1)
    if (marker === endOfImage) {
      if (size === undefined || !hasPixels) throw new BrokenImageError('it has no pixels.')
      expectEnd(content, at + 2)
      return size
    }
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (isFrame(marker)) size = { height: content.readUInt16BE(at + 5), width: content.readUInt16BE(at + 7) }
    at += 2 + content.readUInt16BE(at + 2)
    if (marker !== startOfScan) continue
    hasPixels = true
    at = endOfPixels(content, at)
  }
}

/** Behind the pixels stands a marker: 0xff, and neither the zero that follows a pixel's own nor a restart. */
function endOfPixels(content: Buffer, from: number): number {
  for (let at = content.indexOf(0xff, from); at >= 0; at = content.indexOf(0xff, at + 1)) {
    const next = content.readUInt8(at + 1)
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw new BrokenImageError('it ends early.')
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function walkWebp(content: Buffer): Size {
  expectEnd(content, 8 + content.readUInt32LE(4))
  let size: Size | undefined
  let hasPixels = false
  for (let at = 12; at < content.length; ) {
    const kind = text(content, at)
    const length = content.readUInt32LE(at + 4)
    const data = at + 8
    if (kind === 'ANIM' || kind === 'ANMF') throw new BrokenImageError('it moves.')
    size ??= webpSize(content, kind, data)
    hasPixels ||= kind === 'VP8 ' || kind === 'VP8L'
    // Parts have an even length.
    at = data + length + (length % 2)
    if (at > content.length) throw new BrokenImageError('it ends early.')
  }
  if (size === undefined || !hasPixels) throw new BrokenImageError('it has no pixels.')
  return size
}

function webpSize(content: Buffer, kind: string, data: number): Size | undefined {
  if (kind === 'VP8X') {
    return { width: content.readUIntLE(data + 4, 3) + 1, height: content.readUIntLE(data + 7, 3) + 1 }
  }
  if (kind === 'VP8L') {
    if (content.readUInt8(data) !== 0x2f) throw new BrokenImageError('it does not say its size.')
    const bits = content.readUInt32LE(data + 1)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (kind === 'VP8 ') {
    if (content.readUIntBE(data + 3, 3) !== 0x9d012a) throw new BrokenImageError('it does not say its size.')
    return { width: content.readUInt16LE(data + 6) & 0x3fff, height: content.readUInt16LE(data + 8) & 0x3fff }
  }
  return undefined
}

function expectEnd(content: Buffer, end: number): void {
  if (content.length < end) throw new BrokenImageError('it ends early.')
  if (content.length > end) throw new BrokenImageError('something follows its end.')
}

function text(content: Buffer, at: number): string {
  return content.toString('latin1', at, at + 4)
}

function printable(kind: string): string {
  return /^\w{4}$/.test(kind) ? kind : 'of no known kind'
}
