import { foreignFunctions } from './foreign-functions.ts'
import { portablePrimitives } from './portable-primitives.ts'
import type { Primitives } from './primitives.ts'

const invalidZstd = 2 ** 32
/** ZSTD_reset_session_only */
const resetSession = 1
/** What is decompressed before it is compared. */
const windowBytes = 128 * 1024
/** Memory that a frame is given on its own word; an unknown length is a higher number. */
const maxTrustedBytes = 256 * 1024 * 1024

/**
 * The same primitives, called in the OpenSSL and zstd that Node carries: their contexts are kept, and they write
 * to the caller's memory. For blobs of a few kilobytes that is several times as quick as Node's own modules, which
 * make a new context for every call.
 */
export const nativePrimitives: Primitives | undefined = bind()

function bind(): Primitives | undefined {
  if (!foreignFunctions || process.platform === 'win32') return undefined
  const c = lookUp(foreignFunctions)
  if (!c) return undefined
  const compressor = c.ZSTD_createCCtx()
  const decompressor = c.ZSTD_createDCtx()
  const cipher = c.EVP_CIPHER_CTX_new()
  const aes256Ctr = c.EVP_aes_256_ctr()
  const blockCipher = c.EVP_CIPHER_CTX_new()
  const aes128Ecb = c.EVP_aes_128_ecb()
  let blockKey: Uint8Array | undefined
  const poly1305 = new Uint8Array(Number(c.Poly1305_ctx_size()))
  const written = new Int32Array(1)
  const window = new Uint8Array(windowBytes)
  const [produced, consumed] = [new BigUint64Array(1), new BigUint64Array(1)]
  // Sizes come back as 64 bits, and errors as the highest of them.
  const size = (result: bigint) => (result < BigInt(invalidZstd) ? Number(result) : -1)

  return {
    ...portablePrimitives,
    aes256Ctr(key, iv, input, output) {
      if (output.length < input.length) throw new RangeError('no room for what is encrypted')
      if (input.length === 0) return
      const isReady = c.EVP_CipherInit_ex(cipher, aes256Ctr, 0n, key, iv, 1) === 1
      if (!isReady || c.EVP_EncryptUpdate(cipher, output, written, input, input.length) !== 1) {
        throw new Error('AES failed')
      }
    },
    aes128Block(key, block) {
      if (key !== blockKey) {
        if (c.EVP_EncryptInit_ex(blockCipher, aes128Ecb, 0n, key, 0n) !== 1) throw new Error('AES failed')
        c.EVP_CIPHER_CTX_set_padding(blockCipher, 0)
        blockKey = key
      }
      const output = new Uint8Array(16)
      // In ECB mode without padding every update is one finished block.
      if (c.EVP_EncryptUpdate(blockCipher, output, written, block, 16) !== 1) throw new Error('AES failed')
      return output
    },
    poly1305(oneTimeKey, data) {
      const mac = new Uint8Array(16)
      c.Poly1305_Init(poly1305, oneTimeKey)
      c.Poly1305_Update(poly1305, data, BigInt(data.length))
      c.Poly1305_Final(poly1305, mac)
      return mac
    },
    zstdCompress: (input, level, output) =>
      size(
        c.ZSTD_compressCCtx(compressor, output, BigInt(output.length), input, BigInt(input.length), level),
      ),
    zstdDecompress(input, output) {
      const length = size(
        c.ZSTD_decompressDCtx(decompressor, output, BigInt(output.length), input, BigInt(input.length)),
      )
      if (length < 0) throw new Error('the zstd frame is damaged, or holds more than it should')
      return length
    },
    zstdHolds(input, expected) {
      c.ZSTD_DCtx_reset(decompressor, resetSession)
      consumed[0] = 0n
      for (let compared = 0; ; ) {
        produced[0] = 0n
        const left = c.ZSTD_decompressStream_simpleArgs(
          ...([decompressor, window, BigInt(window.length), produced] as const),
          ...([input, BigInt(input.length), consumed] as const),
        )
        const bytes = Number(produced[0])
        if (size(left) < 0) return false
        const part = expected.subarray(compared, compared + bytes)
        if (Buffer.compare(window.subarray(0, bytes), part) !== 0) return false
        compared += bytes
        if (left === 0n) return compared === expected.length && consumed[0] === BigInt(input.length)
        // All was taken in, and the frame wants more.
        if (bytes === 0) return false
      }
    },
    zstdDecompressUnsized(input, maxBytes) {
      // Most frames say how much they hold. The claim is no more than a hint: memory is touched as it is filled.
      const claimed = c.ZSTD_getFrameContentSize(input, BigInt(input.length))
      if (claimed > BigInt(Math.min(maxBytes, maxTrustedBytes))) {
        return portablePrimitives.zstdDecompressUnsized(input, maxBytes)
      }
      const output = new Uint8Array(Number(claimed))
      return output.subarray(0, this.zstdDecompress(input, output))
    },
  }
}

function lookUp(ffi: NonNullable<typeof foreignFunctions>) {
  try {
    return ffi.dlopen(null, {
      ZSTD_createCCtx: { arguments: [], return: 'pointer' },
      ZSTD_createDCtx: { arguments: [], return: 'pointer' },
      ZSTD_compressCCtx: {
        arguments: ['pointer', 'buffer', 'u64', 'buffer', 'u64', 'i32'],
        return: 'u64',
      },
      ZSTD_decompressDCtx: { arguments: ['pointer', 'buffer', 'u64', 'buffer', 'u64'], return: 'u64' },
      ZSTD_DCtx_reset: { arguments: ['pointer', 'i32'], return: 'u64' },
      ZSTD_decompressStream_simpleArgs: {
        arguments: ['pointer', 'buffer', 'u64', 'buffer', 'buffer', 'u64', 'buffer'],
        return: 'u64',
      },
      ZSTD_getFrameContentSize: { arguments: ['buffer', 'u64'], return: 'u64' },
      Poly1305_ctx_size: { arguments: [], return: 'u64' },
      Poly1305_Init: { arguments: ['buffer', 'buffer'], return: 'void' },
      Poly1305_Update: { arguments: ['buffer', 'buffer', 'u64'], return: 'void' },
      Poly1305_Final: { arguments: ['buffer', 'buffer'], return: 'void' },
      EVP_CIPHER_CTX_new: { arguments: [], return: 'pointer' },
      EVP_aes_256_ctr: { arguments: [], return: 'pointer' },
      EVP_aes_128_ecb: { arguments: [], return: 'pointer' },
      EVP_EncryptInit_ex: {
        arguments: ['pointer', 'pointer', 'pointer', 'buffer', 'pointer'],
        return: 'i32',
      },
      EVP_CIPHER_CTX_set_padding: { arguments: ['pointer', 'i32'], return: 'i32' },
      EVP_CipherInit_ex: {
        arguments: ['pointer', 'pointer', 'pointer', 'buffer', 'buffer', 'i32'],
        return: 'i32',
      },
      EVP_EncryptUpdate: { arguments: ['pointer', 'buffer', 'buffer', 'buffer', 'i32'], return: 'i32' },
    }).functions
  } catch {
    // A Node that is linked with shared libraries does not show their functions as its own.
    return undefined
  }
}
