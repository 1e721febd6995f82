import { ProblemError } from '@granary/contract'
import type { CredentialHash } from '../access/credential-hash.ts'
import type { Database } from '../platform/database/database.ts'
import type { AdmitClient } from './admit-client.ts'
import { type VaultAccess, VaultAccessQuery } from './vault-access.ts'

/** Clients kept in memory by each process; forgotten all together when it is full or something was edited. */
const keptClients = 20_000

/** How old what is known of the change counter may be. */
const counterFreshMs = 2

/**
 * Finds out which client is asking, from HTTP Basic credentials: the client ID and its secret. What was found
 * is kept until anything about clients, customers, resellers or limits is edited in any process.
 */
export class ClientAuthentication {
  readonly #database: Database
  readonly #hash: CredentialHash
  readonly #admit: AdmitClient
  readonly #query: VaultAccessQuery
  readonly #known = new Map<string, VaultAccess>()
  #knownAt = -1
  #asked = -1
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(database: Database, hash: CredentialHash, admit: AdmitClient) {
    this.#database = database
    this.#hash = hash
    this.#admit = admit
    this.#query = new VaultAccessQuery(database)
  }

  /**
   * @param authorization the header as it came
   * @throws {ProblemError} `credentials-invalid` and the refusals of auto authorization
   */
  authenticate(
    urlKey: string,
    clientId: string,
    authorization: string | undefined,
    address: string,
  ): VaultAccess | Promise<VaultAccess> {
    if (authorization === undefined) throw new ProblemError('credentials-invalid')
    const counter = this.#counter()
    if (counter !== this.#knownAt || this.#known.size >= keptClients) {
      this.#known.clear()
      this.#knownAt = counter
    }
    const key = `${urlKey}/${clientId} ${authorization}`
    return this.#known.get(key) ?? this.#look(key, counter, { urlKey, clientId, authorization, address })
  }

  /** Asking costs as much as opening a file, so a busy process asks a few hundred times a second. */
  #counter(): number {
    const now = performance.now()
    if (now - this.#askedAt > counterFreshMs) {
      this.#asked = this.#database.changeCounter.current()
      this.#askedAt = now
    }
    return this.#asked
  }

  async #look(
    key: string,
    counter: number,
    asked: { urlKey: string; clientId: string; authorization: string; address: string },
  ): Promise<VaultAccess> {
    const secret = readBasicSecret(asked.authorization, asked.clientId)
    const found = await this.#query.find(asked.urlKey, asked.clientId)
    if (found !== null) {
      if (!this.#hash.matches(secret, found.secretHash)) throw new ProblemError('credentials-invalid')
      // An edit that came in between may not be in what was read.
      if (counter === this.#knownAt) this.#known.set(key, found)
      return found
    }
    await this.#admit({ ...asked, secret })
    const admitted = await this.#query.find(asked.urlKey, asked.clientId)
    // Two first contacts at once: the other one may have brought another secret.
    if (admitted === null || !this.#hash.matches(secret, admitted.secretHash)) {
      throw new ProblemError('credentials-invalid')
    }
    return admitted
  }
}

/** @returns the password of `Basic base64(client:password)`, which must be of this client */
function readBasicSecret(authorization: string, clientId: string): string {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]{1,2000})$/i.exec(authorization) ?? []
  if (encoded === undefined) throw new ProblemError('credentials-invalid')
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0 || decoded.slice(0, colon).toLowerCase() !== clientId.toLowerCase()) {
    throw new ProblemError('credentials-invalid')
  }
  const secret = decoded.slice(colon + 1)
  if (secret === '') throw new ProblemError('credentials-invalid')
  return secret
}
