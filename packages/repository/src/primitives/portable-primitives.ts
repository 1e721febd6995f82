import { type CipherGCMTypes, createCipheriv, hash, randomFillSync, scrypt } from 'node:crypto'
import { createRequire } from 'node:module'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type Sodium from 'sodium-native'
import type { Primitives } from './primitives.ts'

/** The primitives of Node's own modules, and libsodium's. */
export const portablePrimitives: Primitives = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  sha256Hex: (data) => hash('sha256', data, 'hex'),
  randomBytes,
  aes256Ctr: (key, iv, input, output) => output.set(createCipheriv('aes-256-ctr', key, iv).update(input)),
  aes128Block: (key, block) => blockCipher(key).update(block),
  poly1305(oneTimeKey, data) {
    const mac = new Uint8Array(16)
    sodium().crypto_onetimeauth(mac, data, oneTimeKey)
    return mac
  },
  scrypt(password, salt, { N, r, p }, lengthBytes) {
    const maxmem = 256 * N * r + 256 * r * p + (1 << 20)
    return new Promise((resolve, reject) => {
      scrypt(password, salt, lengthBytes, { N, r, p, maxmem }, (error, key) => {
        if (error) reject(error)
        else resolve(key)
      })
    })
  },
  zstdCompress(input, level, output) {
    const frame = zstdCompressSync(input, {
      pledgedSrcSize: input.length,
      chunkSize: Math.max(1024, input.length + (input.length >> 8) + 64),
      params: { [constants.ZSTD_c_compressionLevel]: level },
    })
    if (frame.length > output.length) return -1
    output.set(frame)
    return frame.length
  },
  zstdDecompress(input, output) {
    const content = decompress(input, output.length)
    output.set(content)
    return content.length
  },
  zstdDecompressUnsized: decompress,
  zstdHolds(input, expected) {
    try {
      return Buffer.compare(decompress(input, expected.length), expected) === 0
    } catch {
      return false
    }
  },
  equal: (a, b) => Buffer.compare(a, b) === 0,
}

function decompress(input: Uint8Array, maxBytes: number): Uint8Array {
  return zstdDecompressSync(input, {
    maxOutputLength: Math.max(1, maxBytes),
    chunkSize: Math.min(Math.max(1024, maxBytes), 1 << 20),
  })
}

// Loaded when it is needed only: that takes longer than opening a repository.
let loadedSodium: typeof Sodium | undefined

function sodium(): typeof Sodium {
  loadedSodium ??= createRequire(import.meta.url)('sodium-native') as typeof Sodium
  return loadedSodium
}

const pool = new Uint8Array(4096)
let poolUsed = pool.length

function randomBytes(length: number): Uint8Array {
  if (length > 64) return randomFillSync(new Uint8Array(length))
  if (poolUsed + length > pool.length) {
    randomFillSync(pool)
    poolUsed = 0
  }
  poolUsed += length
  return pool.slice(poolUsed - length, poolUsed)
}

// In ECB mode without padding every update is one finished block, so one cipher serves all calls.
const blockCiphers = new WeakMap<Uint8Array, ReturnType<typeof createCipheriv>>()

function blockCipher(key: Uint8Array) {
  let cipher = blockCiphers.get(key)
  if (!cipher) {
    cipher = createCipheriv('aes-128-ecb' as CipherGCMTypes, key, null).setAutoPadding(false)
    blockCiphers.set(key, cipher)
  }
  return cipher
}
