import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Codes of authenticators (RFC 6238): six digits, SHA-1, a new one every 30 seconds, as all of them know. */
const stepMs = 30_000
const digits = 6
/** A clock that is half a minute off, or a code typed slowly, is forgiven. */
const driftSteps = [0, -1, 1] as const

/** 160 bits in base 32, as RFC 4226 asks for. */
export function newTotpSecret(): string {
  return base32(randomBytes(20))
}

/** @returns the number of the step whose code it is, so that no code is used twice; undefined when it is none */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const typed = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(typed)) return undefined
  const current = Math.floor(now / stepMs)
  return driftSteps
    .map((drift) => current + drift)
    .find((step) => timingSafeEqual(Buffer.from(codeOf(secret, step)), Buffer.from(typed)))
}

/** The code of a moment, as an authenticator shows it. @see RFC 4226, section 5.3 */
export function codeAt(secret: string, at: number): string {
  return codeOf(secret, Math.floor(at / stepMs))
}

/** For a QR code. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?${new URLSearchParams({ secret, issuer })}`
}

function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}
