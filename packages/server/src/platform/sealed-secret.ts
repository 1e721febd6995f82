import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { ServerKey } from './server-key.ts'

const nonceBytes = 12
const tagBytes = 16

/** Keeps a secret that the server itself has to know again, such as the mail server's password. */
export function sealSecret(serverKey: ServerKey, secret: string): string {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', serverKey.derive('sealed-secrets'), nonce)
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** @throws {Error} when it was sealed under another server key, or changed */
export function openSecret(serverKey: ServerKey, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const nonce = bytes.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', serverKey.derive('sealed-secrets'), nonce, {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
  return opened.toString('utf8')
}
