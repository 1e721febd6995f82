import { brandLogoPath, ProblemError } from '@granary/contract'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../platform/database/database.ts'

const sha256 = /^[0-9a-f]{64}$/

/** Should a browser ever take one for a page, it may do nothing. */
const imageSecurity = "default-src 'none'; sandbox"

/**
 * Serves logos to everybody, since pages before signing in show them. An address is made of the image's SHA-256: it can't
 * be guessed, says nothing of whose it is, and what lies there never changes.
 */
export function serveLogos(app: FastifyInstance, { queries }: Pick<Database, 'queries'>): void {
  app.get<{ Params: { hash: string } }>(brandLogoPath, async (request, reply) => {
    const { hash } = request.params
    if (!sha256.test(hash)) throw new ProblemError('logo-not-found')
    const logo = await queries
      .selectFrom('brand_logos')
      .leftJoin('resellers', 'resellers.id', 'brand_logos.owner_id')
      .select(['brand_logos.content', 'brand_logos.content_type'])
      .where('brand_logos.hash', '=', hash)
      .where('resellers.deleted_at', 'is', null)
      .executeTakeFirst()
    if (!logo) throw new ProblemError('logo-not-found')
    const tag = `"${hash}"`
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('etag', tag)
      .header('content-security-policy', imageSecurity)
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(tag)) return reply.code(304).send()
    return reply.type(logo.content_type).send(Buffer.from(logo.content))
  })
}
