import type { IncomingMessage } from 'node:http'
import { newSecret } from './credential-hash.ts'

const plainName = 'granary_session'
/** Browsers let only this very host set it, and only by HTTPS: no neighbour and nobody on the way can put their own there. */
const boundName = '__Host-granary_session'
/** Of tokens that are good in the bound cookie alone. No secret has a dot. */
const boundMark = 'bound.'

export function newSessionToken({ secure }: { secure: boolean }): string {
  return secure ? boundMark + newSecret() : newSecret()
}

/** @returns the token of the session cookie, if the browser sent one; on HTTPS too that of a session from before it had one */
export function readSessionCookie(request: IncomingMessage): string | undefined {
  const bound = readCookie(request, boundName)
  if (bound !== undefined) return bound
  const plain = readCookie(request, plainName)
  return plain?.startsWith(boundMark) ? undefined : plain
}

export function readCookie(request: IncomingMessage, wanted: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === wanted && value) return value
  }
  return undefined
}

/** The value of a Set-Cookie header. Scripts can't read it, and other sites' requests to change things don't carry it. */
export function sessionCookie(token: string, lifeMs: number): string {
  return token.startsWith(boundMark) ? cookie(boundName, token, lifeMs) : cookie(plainName, token, lifeMs)
}

export function endedSessionCookies({ secure }: { secure: boolean }): string[] {
  return (secure ? [boundName, plainName] : [plainName]).map((name) => cookie(name, '', 0))
}

function cookie(name: string, value: string, lifeMs: number): string {
  const life = Math.floor(lifeMs / 1000)
  const secure = name === boundName ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${life}${secure}`
}
