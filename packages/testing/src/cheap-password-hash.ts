import { randomBytes, scryptSync } from 'node:crypto'

const cost = { N: 16, r: 1, p: 1 } as const

/**
 * A password as the server keeps it, at a cost that takes no time: the server takes each hash at the cost it was made at. Its
 * own cost, a quarter of a second, is for thieves; tests pay it where a password is chosen, not at each sign-in.
 */
export function cheapPasswordHash(password: string): string {
  const salt = randomBytes(16)
  const hash = scryptSync(password.normalize('NFC'), salt, 32, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}
