import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@granary/contract'

/**
 * Stops other sites from using a browser's cookie to change something. Browsers say where a request comes from;
 * programs that say nothing carry no cookie of anybody else.
 * @throws {ProblemError} foreign-origin
 */
export function refuseForeignOrigin(request: IncomingMessage, publicUrl: string): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) {
    // "none": typed into the address bar, which is the user themself.
    if (site === 'same-origin' || site === 'none') return
    throw new ProblemError('foreign-origin')
  }
  const { origin, host } = request.headers
  if (origin === undefined) return
  const own = [new URL(publicUrl).host, host]
  if (!URL.canParse(origin) || !own.includes(new URL(origin).host)) throw new ProblemError('foreign-origin')
}
