import {
  type MasterKey,
  masterKeyFromBytes,
  RepositoryCipher,
  UnauthenticError,
} from '../crypto/repository-cipher.ts'
import type { Primitives } from '../primitives/primitives.ts'
import { RepositoryProblem } from '../repository-problem.ts'

/** A password's way to the master key. Key files are plain JSON; `data` is sealed under the password. */
export interface KeyFile {
  readonly created: string
  readonly username: string
  readonly hostname: string
  readonly kdf: 'scrypt'
  readonly N: number
  readonly r: number
  readonly p: number
  /** 64 bytes, base64. */
  readonly salt: string
  readonly data: string
}

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** The scrypt cost of new keys: 32 MiB of memory and OWASP's choice of work for it. */
const newKeyCost: ScryptCost = { N: 32768, r: 8, p: 3 }
const derivedBytes = 64
// Dearer than any real key file: beyond this a hostile one would only burn the machine's memory and time.
const maxScryptBytes = 1024 * 1024 * 1024
const maxScryptWork = 2 ** 31

export async function sealKeyFile(
  primitives: Primitives,
  key: MasterKey,
  password: string,
  owner: { created: string; username: string; hostname: string },
  cost: ScryptCost = newKeyCost,
): Promise<Uint8Array> {
  const salt = primitives.randomBytes(derivedBytes)
  const derived = await primitives.scrypt(password, salt, cost, derivedBytes)
  const plain = {
    mac: { k: key.macK.toBase64(), r: key.macR.toBase64() },
    encrypt: key.encrypt.toBase64(),
  }
  const cipher = new RepositoryCipher(primitives, masterKeyFromBytes(derived))
  const data = cipher.seal(new TextEncoder().encode(JSON.stringify(plain)))
  const file: KeyFile = {
    ...owner,
    kdf: 'scrypt',
    ...cost,
    salt: salt.toBase64(),
    data: data.toBase64(),
  }
  return new TextEncoder().encode(JSON.stringify(file))
}

/**
 * Opens a key file with a password.
 * @returns the master key, or nothing when the password is not the one of this key
 * @throws {RepositoryProblem} `damaged-key`
 */
export async function openKeyFile(
  primitives: Primitives,
  file: KeyFile,
  password: string,
  name: string,
): Promise<MasterKey | undefined> {
  const derived = await primitives.scrypt(password, Uint8Array.fromBase64(file.salt), file, derivedBytes)
  const cipher = new RepositoryCipher(primitives, masterKeyFromBytes(derived))
  try {
    const plain = JSON.parse(new TextDecoder().decode(cipher.open(Uint8Array.fromBase64(file.data))))
    const key = {
      encrypt: Uint8Array.fromBase64(plain.encrypt),
      macK: Uint8Array.fromBase64(plain.mac.k),
      macR: Uint8Array.fromBase64(plain.mac.r),
    }
    if (key.encrypt.length !== 32 || key.macK.length !== 16 || key.macR.length !== 16) {
      throw new SyntaxError('the keys have the wrong lengths')
    }
    return key
  } catch (error) {
    if (error instanceof UnauthenticError) return undefined
    throw new RepositoryProblem('damaged-key', `keys/${name} does not hold a master key`, { cause: error })
  }
}

/** @throws {RepositoryProblem} `damaged-key` */
export function parseKeyFile(bytes: Uint8Array, name: string): KeyFile {
  const damaged = (why: string, cause?: unknown) =>
    new RepositoryProblem('damaged-key', `keys/${name} ${why}`, { cause })
  let file: KeyFile
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (Uint8Array.fromBase64(file.salt).length !== derivedBytes) throw new SyntaxError('wrong salt')
    Uint8Array.fromBase64(file.data)
  } catch (error) {
    throw damaged('is no key file', error)
  }
  const { N, r, p } = file
  const areNumbers = [N, r, p].every((n) => Number.isSafeInteger(n) && n > 0)
  if (file.kdf !== 'scrypt' || !areNumbers || N < 2 || (N & (N - 1)) !== 0) {
    throw damaged('has no usable scrypt parameters')
  }
  if (128 * N * r > maxScryptBytes || N * r * p > maxScryptWork)
    throw damaged('asks for an absurd scrypt cost')
  return file
}
