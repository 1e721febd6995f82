import { ProblemError, type ResellerBrandPatch } from '@granary/contract'
import type { Kysely } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads } from '../access/access.ts'
import { brandOf, editBrand, readBrandSettings, serverBrand } from '../branding/branding.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { readMailSettings } from '../platform/mail/mail.ts'
import { resellers } from './reseller-store.ts'

/** Brands of the server and of resellers: what is set up, and what everybody sees. */
export function brandRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('readBrand', ({ resellerOfHost }, queries) => brandOf(queries, resellerOfHost)),
    reads('readServerBrand', ({ publicUrl }, queries) => readBrandSettings(queries, serverBrand, publicUrl)),
    changes('editServerBrand', async ({ body, publicUrl }, transaction) => {
      const details = await editBrand(transaction, serverBrand, body)
      await changeCounter.bump(transaction)
      const record = { target: { id: 'server', name: 'Server' }, details }
      return { answer: await readBrandSettings(transaction, serverBrand, publicUrl), record }
    }),
    reads('readResellerBrand', async (request, queries) => {
      const { id } = await existing(queries, request)
      return readBrandSettings(queries, id, request.publicUrl)
    }),
    changes('editResellerBrand', async (request, transaction) => {
      const { actor, body, publicUrl } = request
      const reseller = await existing(transaction, request)
      const before = await readBrandSettings(transaction, reseller.id, publicUrl)
      expectPermitted(actor, body, before)
      await expectNotTheServers(transaction, body.hostName, publicUrl)
      const details = await editBrand(transaction, reseller.id, body)
      await changeCounter.bump(transaction)
      const record = { target: reseller, resellerId: reseller.id, details }
      return { answer: await readBrandSettings(transaction, reseller.id, publicUrl), record }
    }),
  ]
}

async function existing(
  queries: Kysely<Schema>,
  { actor, params, now }: { actor: Actor; params: { id: string }; now: number },
) {
  const found = await resellers(queries, actor.scope).find(params.id, now)
  if (!found) throw new ProblemError('reseller-not-found')
  return found
}

/** What claims something outside of the server, only its own administrators set. What is as it was may be sent back. */
function expectPermitted(
  actor: Actor,
  patch: ResellerBrandPatch,
  before: Pick<ResellerBrandPatch, 'hostName' | 'fromAddress'>,
): void {
  if (actor.level === 'server') return
  for (const field of ['hostName', 'fromAddress'] as const) {
    if (patch[field] !== undefined && patch[field] !== before[field]) {
      throw new ProblemError('not-permitted', { needed: 'server-admin', field })
    }
  }
}

/** @throws {ProblemError} host-name-taken when the server itself is reached under it */
async function expectNotTheServers(
  queries: Kysely<Schema>,
  hostName: string | null | undefined,
  publicUrl: string,
): Promise<void> {
  if (hostName == null) return
  const { consoleUrl } = await readMailSettings(queries)
  const own = [publicUrl, consoleUrl].filter((url) => url !== '').map((url) => new URL(url).hostname)
  if (own.includes(hostName)) throw new ProblemError('host-name-taken')
}
