/**
 * What the repository format asks of its surroundings. Everything else in `format/`, `crypto/`, `chunker/` and
 * `index/` is plain JavaScript, so that a browser with its own primitives can read a repository.
 *
 * Where an operation writes to an `output`, the caller provides the memory: megabytes pass through here thousands
 * of times, and memory that is used again needs no collecting.
 */
export interface Primitives {
  sha256(data: Uint8Array): Uint8Array
  /** The SHA-256 as 64 lower-case hex digits. */
  sha256Hex(data: Uint8Array): string
  randomBytes(length: number): Uint8Array
  /**
   * AES-256 in counter mode; `iv` is the initial big-endian counter. Encrypts and decrypts alike.
   * @param output as long as `input`; may be `input` itself
   */
  aes256Ctr(key: Uint8Array, iv: Uint8Array, input: Uint8Array, output: Uint8Array): void
  /** One block of AES-128 under a key that stays the same over many calls. */
  aes128Block(key: Uint8Array, block: Uint8Array): Uint8Array
  /** Poly1305 under a one-time key of 32 bytes: 16 bytes. */
  poly1305(oneTimeKey: Uint8Array, data: Uint8Array): Uint8Array
  scrypt(
    password: string,
    salt: Uint8Array,
    cost: { N: number; r: number; p: number },
    lengthBytes: number,
  ): Promise<Uint8Array>
  /** @returns the length of the frame in `output`, or −1 when it does not fit */
  zstdCompress(input: Uint8Array, level: number, output: Uint8Array): number
  /**
   * @returns the length of the content in `output`
   * @throws when the frame is damaged, or does not fit
   */
  zstdDecompress(input: Uint8Array, output: Uint8Array): number
  /**
   * Decompresses a frame whose length is not known beforehand.
   * @throws when the frame is damaged, or holds more than `maxBytes`
   */
  zstdDecompressUnsized(input: Uint8Array, maxBytes: number): Uint8Array
  /** Whether a frame holds exactly these bytes; false too when it is damaged. Takes little memory, whatever their length. */
  zstdHolds(input: Uint8Array, expected: Uint8Array): boolean
  /** Whether two byte strings are the same. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}
