import type { IncomingMessage } from 'node:http'

const cookieName = 'granary_session'

/** @returns the token of the session cookie, if the browser sent one */
export function readSessionCookie(request: IncomingMessage): string | undefined {
  return readCookie(request, cookieName)
}

export function readCookie(request: IncomingMessage, wanted: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === wanted && value) return value
  }
  return undefined
}

/** The value of a Set-Cookie header. Scripts can't read it, and other sites' requests to change things don't carry it. */
export function sessionCookie(token: string, options: { secure: boolean; lifeMs: number }): string {
  const life = Math.floor(options.lifeMs / 1000)
  const secure = options.secure ? '; Secure' : ''
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${life}${secure}`
}

export function endedSessionCookie(options: { secure: boolean }): string {
  return sessionCookie('', { ...options, lifeMs: 0 })
}
