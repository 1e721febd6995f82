import { lookup } from 'node:dns'
import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const patienceMs = 10_000
const longestAnswer = 200

/**
 * Where nothing is ever sent: addresses of the link alone, at which clouds hand credentials to whoever asks. Other
 * private addresses and this machine itself are allowed, as many a pager is there; only administrators of the server
 * set up webhooks, and of an answer they see the status line alone.
 */
const refused = new BlockList()
refused.addSubnet('169.254.0.0', 16)
refused.addSubnet('fe80::', 10, 'ipv6')
refused.addAddress('fd00:ec2::254', 'ipv6')

/** Thrown for addresses at which no webhook can be. */
class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
}

/**
 * Posts to a webhook. Redirects are not followed: a receiver that moved has to be entered anew, as one could lead
 * anywhere.
 */
export async function postWebhook(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ ok: boolean; answer: string }> {
  try {
    const { protocol, hostname } = new URL(url)
    const address = hostname.replace(/^\[|\]$/g, '')
    if (isIP(address) !== 0) refuse(address)
    const sent = (protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      lookup: lookUp,
      signal: AbortSignal.timeout(patienceMs),
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    // Whatever else it says is not read.
    response.on('error', () => {}).destroy()
    const { statusCode = 0, statusMessage = '' } = response
    const answer = `${statusCode} ${statusMessage}`.trim().slice(0, longestAnswer)
    return { ok: statusCode >= 200 && statusCode < 300, answer }
  } catch (error) {
    return { ok: false, answer: reasonOf(error).slice(0, longestAnswer) }
  }
}

/** Checked when the connection is made: a name that was harmless before may lead elsewhere now. */
const lookUp: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '')
    try {
      for (const { address } of addresses) refuse(address)
    } catch (refusal) {
      return callback(refusal as Error, '')
    }
    const [first] = addresses
    if (options.all || first === undefined) return callback(null, addresses)
    return callback(null, first.address, first.family)
  })
}

function refuse(address: string): void {
  if (refused.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) {
    throw new RefusedAddressError(`Nothing is sent to ${address}: link-local addresses are no webhooks`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError' || (error as NodeJS.ErrnoException).code === 'ABORT_ERR') {
    return `No answer within ${patienceMs / 1000} seconds`
  }
  return error.message
}
