/** Whom a passkey is for: the console by the host name it was reached under, over https where there is a proxy. */
export function relyingParty(reached: string): { rpId: string; origins: string[] } {
  const { hostname, origin } = new URL(reached)
  return { rpId: hostname, origins: [origin, origin.replace(/^http:/, 'https:')] }
}

/** The challenge an answer answers to. It is only looked up by it; whether it fits is verified after that. */
export function challengeOf(response: Record<string, unknown>): string {
  try {
    const inner = response.response as { clientDataJSON?: unknown } | undefined
    const text = Buffer.from(String(inner?.clientDataJSON ?? ''), 'base64url').toString('utf8')
    const { challenge } = JSON.parse(text) as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    // Not even JSON: no challenge of ours, which is refused like an unknown one.
    return ''
  }
}
