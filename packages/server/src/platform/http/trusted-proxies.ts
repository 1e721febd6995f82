import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4 } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** Addresses of proxies: those that begin with the first `prefixBits` bits of `network`. */
export interface ProxyRange {
  readonly network: string
  readonly prefixBits: number
}

/**
 * The proxies whose word is taken for whom they pass on. Anybody can send X-Forwarded-For, so what it says counts as far
 * as trusted proxies wrote it: from its end to the first address that is none of theirs.
 */
export class TrustedProxies {
  readonly #trusted: BlockList | undefined

  constructor(ranges: readonly ProxyRange[]) {
    if (ranges.length === 0) return
    this.#trusted = new BlockList()
    for (const { network, prefixBits } of ranges) {
      this.#trusted.addSubnet(network, prefixBits, familyOf(network))
    }
  }

  /** The address of whoever sent a request. IPv4 is written as such, over IPv6 too. */
  clientAddress(request: IncomingMessage): string {
    let address = peerOf(request)
    if (!this.#trusts(address)) return address
    for (const entry of listed(request, 'x-forwarded-for').reverse()) {
      const before = readAddress(entry)
      if (before === undefined) break
      address = before
      if (!this.#trusts(address)) break
    }
    return address
  }

  /** Whether a request came by HTTPS, to the server or to the proxy that passes it on. */
  isEncrypted(request: IncomingMessage): boolean {
    if ((request.socket as TLSSocket).encrypted) return true
    return this.#trusts(peerOf(request)) && listed(request, 'x-forwarded-proto').at(-1) === 'https'
  }

  #trusts(address: string): boolean {
    return this.#trusted?.check(address.replace(/%.*/, ''), familyOf(address)) ?? false
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}

function peerOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

function listed(request: IncomingMessage, header: 'x-forwarded-for' | 'x-forwarded-proto'): string[] {
  return String(request.headers[header] ?? '')
    .split(',')
    .map((entry) => entry.trim())
}

/** @returns the address of an entry, which some proxies write with a port; undefined when there is none */
function readAddress(entry: string): string | undefined {
  const [, bracketed, ipv4] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/i.exec(entry) ?? []
  const address = bracketed ?? ipv4 ?? entry
  if (isIP(address) === 0 || address.includes('%')) return undefined
  if (isIPv4(address)) return address
  const ipv6 = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(ipv6) ?? []
  if (high === undefined || low === undefined) return ipv6
  return [high, low]
    .flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255])
    .join('.')
}
