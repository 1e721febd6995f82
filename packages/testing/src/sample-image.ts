import { crc32, deflateSync } from 'node:zlib'

/** A PNG of one colour, made here. @param colour `#rrggbb` */
export function samplePng(width: number, height: number, colour: string): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits a channel, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8)
  const line = Buffer.concat([Buffer.of(0), ...Array(width).fill(Buffer.from(colour.slice(1), 'hex'))])
  const pixels = deflateSync(Buffer.concat(Array(height).fill(line)))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A part of a PNG, with its length and its sum. */
export function pngChunk(kind: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(kind), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
