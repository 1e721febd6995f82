import type { Primitives } from '../primitives/primitives.ts'

/** The keys that seal everything in a repository. */
export interface MasterKey {
  /** AES-256 key, 32 bytes. */
  readonly encrypt: Uint8Array
  /** AES-128 key of the authenticator, 16 bytes. */
  readonly macK: Uint8Array
  /** Poly1305 `r`, 16 bytes. */
  readonly macR: Uint8Array
}

/** What stands before the ciphertext. */
export const ivBytes = 16
const macBytes = 16
/** What sealing adds to a plaintext. */
export const sealOverheadBytes = ivBytes + macBytes

/** Thrown when a sealed unit does not carry a valid authenticator: it was damaged, or the key is another. */
export class UnauthenticError extends Error {
  override readonly name = 'UnauthenticError'
}

/**
 * Seals and opens units of `IV ‖ ciphertext ‖ MAC`: AES-256-CTR, and Poly1305-AES over the ciphertext.
 * @see restic doc/design.rst, "Keys, Encryption and MAC"
 */
export class RepositoryCipher {
  readonly #primitives: Primitives
  readonly #key: MasterKey
  readonly #oneTimeKey: Uint8Array

  constructor(primitives: Primitives, key: MasterKey) {
    this.#primitives = primitives
    this.#key = key
    this.#oneTimeKey = new Uint8Array(32)
    this.#oneTimeKey.set(clampR(key.macR), 0)
  }

  seal(plaintext: Uint8Array): Uint8Array {
    const unit = new Uint8Array(plaintext.length + sealOverheadBytes)
    this.sealInto(unit, 0, plaintext)
    return unit
  }

  /** Seals into a larger buffer, and returns the length of the unit in bytes. */
  sealInto(target: Uint8Array, offset: number, plaintext: Uint8Array): number {
    const iv = this.#primitives.randomBytes(ivBytes)
    const macAt = offset + ivBytes + plaintext.length
    const ciphertext = target.subarray(offset + ivBytes, macAt)
    this.#primitives.aes256Ctr(this.#key.encrypt, iv, plaintext, ciphertext)
    target.set(iv, offset)
    target.set(this.#authenticate(iv, ciphertext), macAt)
    return plaintext.length + sealOverheadBytes
  }

  /** @throws {UnauthenticError} when the unit was not sealed with this key, or was changed since */
  open(unit: Uint8Array): Uint8Array {
    const plaintext = new Uint8Array(Math.max(0, unit.length - sealOverheadBytes))
    this.#open(unit, plaintext)
    return plaintext
  }

  /** Opens a unit in its own memory, which holds the plaintext then. @throws {UnauthenticError} */
  openInPlace(unit: Uint8Array): Uint8Array {
    const plaintext = unit.subarray(ivBytes, Math.max(ivBytes, unit.length - macBytes))
    this.#open(unit, plaintext)
    return plaintext
  }

  #open(unit: Uint8Array, plaintext: Uint8Array): void {
    if (unit.length < sealOverheadBytes) {
      throw new UnauthenticError(`a sealed unit of ${unit.length} bytes is too short`)
    }
    const iv = unit.subarray(0, ivBytes)
    const ciphertext = unit.subarray(ivBytes, unit.length - macBytes)
    const mac = unit.subarray(unit.length - macBytes)
    if (!equalInConstantTime(mac, this.#authenticate(iv, ciphertext))) {
      throw new UnauthenticError('the authenticator does not match')
    }
    this.#primitives.aes256Ctr(this.#key.encrypt, iv, ciphertext, plaintext)
  }

  #authenticate(iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    this.#oneTimeKey.set(this.#primitives.aes128Block(this.#key.macK, iv), 16)
    return this.#primitives.poly1305(this.#oneTimeKey, ciphertext)
  }
}

/** Splits the 64 bytes that scrypt yields, or that a new repository draws. */
export function masterKeyFromBytes(bytes: Uint8Array): MasterKey {
  return { encrypt: bytes.slice(0, 32), macK: bytes.slice(32, 48), macR: clampR(bytes.slice(48, 64)) }
}

/** Clears the bits of `r` that Poly1305 demands to be zero. */
function clampR(r: Uint8Array): Uint8Array {
  const clamped = r.slice()
  for (const i of [3, 7, 11, 15]) clamped[i] = (clamped[i] ?? 0) & 0x0f
  for (const i of [4, 8, 12]) clamped[i] = (clamped[i] ?? 0) & 0xfc
  return clamped
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
