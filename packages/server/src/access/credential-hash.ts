import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ServerKey } from '../platform/server-key.ts'

/**
 * Hashes credentials. They are long and random, so a keyed hash is as good as a slow one and costs
 * microseconds, which every request of the data plane pays.
 */
export class CredentialHash {
  readonly #key: Buffer

  /** @param purpose keeps the hashes of client secrets and API keys apart */
  constructor(
    serverKey: ServerKey,
    purpose:
      | 'client-secrets'
      | 'api-keys'
      | 'setup-links'
      | 'sessions'
      | 'one-time-links'
      | 'recovery-codes'
      | 'challenges'
      | 'unsubscribe-links',
  ) {
    this.#key = serverKey.derive(purpose)
  }

  /** @returns 32 bytes */
  of(secret: string): Buffer {
    return createHmac('sha256', this.#key).update(secret, 'utf8').digest()
  }

  /** Takes the same time whether and wherever they differ. */
  matches(secret: string, hash: Uint8Array): boolean {
    return timingSafeEqual(this.of(secret), hash)
  }
}

/** A secret of 192 bits that needs no escaping in a URL. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url')
}

const passKeyAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A pass key people can read out: `xxxxx-xxxxx-xxxxx-xxxxx`, 99 bits, without letters taken for each other and without dots. */
export function newPassKey(): string {
  const letters: string[] = []
  while (letters.length < 20) {
    for (const byte of randomBytes(32)) {
      // 248 is the largest multiple of 31 in a byte: above it letters would not be equally likely.
      if (byte < 248 && letters.length < 20) letters.push(passKeyAlphabet[byte % 31] as string)
    }
  }
  return letters.join('').replace(/.{5}(?=.)/g, '$&-')
}
