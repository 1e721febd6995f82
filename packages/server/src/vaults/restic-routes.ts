import type { IncomingMessage, ServerResponse } from 'node:http'
import { ProblemError } from '@granary/contract'
import { LocationMissingError, StorageFullError } from '@granary/object-store'
import type { ClientAuthentication } from '../clients/authenticate-client.ts'
import { noteClock } from '../clients/note-clock.ts'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Clock } from '../platform/clock.ts'
import { DatabaseFullError } from '../platform/database/database.ts'
import type { TrustedProxies } from '../platform/http/trusted-proxies.ts'
import type { Log } from '../platform/log.ts'
import { listObjects } from './list-objects.ts'
import { folderOf } from './object-ledger.ts'
import { headObject, readObject } from './read-object.ts'
import { SenderGoneError } from './receive-body.ts'
import { removeObject } from './remove-object.ts'
import { parseVaultAddress, type VaultPlace } from './vault-address.ts'
import { sendDone, sendProblem } from './vault-response.ts'
import { type WriteObjectDependencies, writeObject } from './write-object.ts'

/** How long the rest of a refused body may take before the connection is closed. */
const runOutMs = 10_000

export interface VaultDependencies extends WriteObjectDependencies {
  readonly authentication: ClientAuthentication
  readonly clock: Clock
  readonly proxies: TrustedProxies
  readonly log: Log
}

const allowed: Record<VaultPlace['kind'], string> = {
  repository: 'POST',
  list: 'GET',
  object: 'DELETE, GET, HEAD, POST',
}

/**
 * restic's REST protocol, versions 1 and 2, under `/vault/{customer}/{client}/`. What can be answered without
 * waiting is answered before `handle` returns.
 * @see restic doc/REST_backend.rst
 */
export class ResticRoutes {
  readonly #dependencies: VaultDependencies
  #requests = 0
  #idle: (() => void)[] = []

  constructor(dependencies: VaultDependencies) {
    this.#dependencies = dependencies
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#requests += 1
    let waiting: void | Promise<void>
    try {
      waiting = this.#answer(request, response)
    } catch (error) {
      waiting = this.#fail(request, response, error)
    }
    if (waiting instanceof Promise) {
      void waiting.catch((error: unknown) => this.#fail(request, response, error)).finally(() => this.#end())
    } else this.#end()
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#requests > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #end(): void {
    this.#requests -= 1
    if (this.#requests === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const address = parseVaultAddress(request.url ?? '')
    if (address === null) throw new ProblemError('vault-not-found')
    const { urlKey, clientId, place, query } = address
    const remote = this.#dependencies.proxies.clientAddress(request)
    const access = this.#dependencies.authentication.authenticate(
      urlKey,
      clientId,
      request.headers.authorization,
      remote,
    )
    if (access instanceof Promise) {
      return access.then((found) => this.#listen(request, response, found, place, query))
    }
    return this.#listen(request, response, access, place, query)
  }

  /** Hears what time the client has, where it says so. */
  #listen(
    request: IncomingMessage,
    response: ServerResponse,
    access: VaultAccess,
    place: VaultPlace,
    query: string,
  ): void | Promise<void> {
    const { database, clock } = this.#dependencies
    const { date } = request.headers
    const noting = date === undefined ? undefined : noteClock(database, access, date, clock.now())
    if (noting === undefined) return this.#dispatch(request, response, access, place, query)
    return noting.then(() => this.#dispatch(request, response, access, place, query))
  }

  #dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    access: VaultAccess,
    place: VaultPlace,
    query: string,
  ): void | Promise<void> {
    const dependencies = this.#dependencies
    const method = request.method ?? ''
    if (place.kind === 'object') {
      const { handle } = place
      if (method === 'GET') return readObject(dependencies, access, handle, request.headers.range, response)
      if (method === 'HEAD') return headObject(dependencies, access, handle, response)
      if (method === 'POST') return this.#write(request, response, access, place)
      if (method === 'DELETE') return this.#remove(request, response, access, place)
    } else if (place.kind === 'list') {
      if (method === 'GET')
        return listObjects(dependencies.ledger, access, place.type, request.headers.accept, response)
    } else if (method === 'POST') {
      if (!new URLSearchParams(query).getAll('create').includes('true'))
        throw new ProblemError('create-parameter-missing')
      return dependencies.store.prepare(folderOf(access)).then(() => sendDone(response))
    }
    sendProblem(
      response,
      'method-not-allowed',
      { allow: allowed[place.kind] },
      { Allow: allowed[place.kind] },
    )
    return undefined
  }

  async #write(
    request: IncomingMessage,
    response: ServerResponse,
    access: VaultAccess,
    place: Extract<VaultPlace, { kind: 'object' }>,
  ): Promise<void> {
    const length = request.headers['content-length']
    await writeObject(this.#dependencies, access, place.handle, {
      request,
      lengthBytes: length === undefined ? null : Number(length),
      address: this.#dependencies.proxies.clientAddress(request),
      beforeBody: () => {
        if (request.headers.expect !== undefined) response.writeContinue()
      },
    })
    sendDone(response)
  }

  async #remove(
    request: IncomingMessage,
    response: ServerResponse,
    access: VaultAccess,
    place: Extract<VaultPlace, { kind: 'object' }>,
  ): Promise<void> {
    const by = this.#dependencies.proxies.clientAddress(request)
    await removeObject(this.#dependencies, access, place.handle, by)
    sendDone(response)
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof SenderGoneError) {
      response.destroy()
      return
    }
    const problem = asProblem(error)
    if (problem.status >= 500 && problem.code !== 'quota-exceeded') {
      this.#dependencies.log.error({ err: error, method: request.method, url: request.url }, problem.message)
    }
    sendProblem(response, problem.code, problem.facts, {
      ...(isHeldBack(request) && { Connection: 'close' }),
      ...(problem.code === 'range-not-satisfiable' && {
        'Content-Range': `bytes */${problem.facts.sizeBytes}`,
      }),
    })
    if (!request.complete) letRunOut(request)
  }
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof StorageFullError || error instanceof DatabaseFullError)
    return new ProblemError('storage-full')
  return new ProblemError(
    error instanceof LocationMissingError ? 'storage-location-missing' : 'internal-error',
  )
}

/** The sender waits for leave to send its body and will not get it; whether it sends it all the same is open. */
function isHeldBack(request: IncomingMessage): boolean {
  return request.headers.expect !== undefined && !request.complete
}

/** A body that nobody reads is let run out for a while, so that its sender gets to read the answer. */
function letRunOut(request: IncomingMessage): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy()
  }, runOutMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
  request.resume()
}
