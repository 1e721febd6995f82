import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** OWASP's second choice: 32 MiB and three passes, about a quarter of a second. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const satisfies ScryptOptions
const hashBytes = 32

let last: Promise<unknown> = Promise.resolve()

/**
 * One at a time in a process: the threads that hash are those that read and write files, and a storm of sign-ins
 * must not stop backups.
 */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(work, work)
  last = turn
  return turn
}

/** @returns `scrypt$N$r$p$salt$hash`, so that the cost can rise later while old hashes stay good */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await inTurn(() => derive(password, salt, cost))
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** @param stored null for an unknown account, which takes as long as a known one */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const [, N, r, p, salt, hash] = (stored ?? nobodysHash).split('$')
  const expected = Buffer.from(hash ?? '', 'base64url')
  const options = { ...cost, N: Number(N), r: Number(r), p: Number(p) }
  const actual = await inTurn(() => derive(password, Buffer.from(salt ?? '', 'base64url'), options))
  return timingSafeEqual(actual, expected) && stored !== null
}

const nobodysHash = ['scrypt', cost.N, cost.r, cost.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43)].join('$')

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
