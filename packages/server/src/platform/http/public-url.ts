import type { IncomingMessage } from 'node:http'
import { atField, ProblemError } from '@granary/contract'
import type { TrustedProxies } from './trusted-proxies.ts'

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/**
 * The address under which the server was reached, as the start of the addresses it hands out.
 * @param configured `GRANARY_URL`, without a slash at its end; it wins over what the request says
 * @throws {ProblemError} invalid-request when the Host header is no host
 */
export function publicUrlOf(
  request: IncomingMessage,
  configured: string | undefined,
  proxies: TrustedProxies,
): string {
  if (configured !== undefined) return configured
  const host = request.headers.host ?? ''
  // Some that look like one are none: ports beyond 65535, and names that end like an address and are none.
  if (!hostPattern.test(host) || !URL.canParse(`http://${host}`)) {
    throw new ProblemError('invalid-request', { errors: [atField('host', { code: 'wrong-host' })] })
  }
  return `${proxies.isEncrypted(request) ? 'https' : 'http'}://${host}`
}

/** The same address under another host name: scheme and port stay. @param hostName null: the address itself */
export function underHostName(url: string, hostName: string | null): string {
  if (hostName === null || url === '') return url
  const other = new URL(url)
  other.hostname = hostName
  return other.origin
}
