import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A certified OpenID provider on loopback. Everybody who types an address in is who it says. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Walks through its pages as a browser would. @returns where it leads back to */
  signIn(authorizationUrl: string, login: string): Promise<string>
}

/**
 * @param options.verified whether it says of an address that it has verified it; by default of every one
 * @param options.redirectUrl where it may lead back to
 */
export async function startIdentityProvider(options: {
  redirectUrl: string
  verified?: (login: string) => boolean
}): Promise<IdentityProvider> {
  // Loaded here: it takes long, and most tests have no need of it.
  const { default: Provider } = await import('oidc-provider')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [clientId, clientSecret] = ['granary', 'a secret between the two']
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [options.redirectUrl],
        // A host of this machine that is no registered domain.
        application_type: 'native',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key for the tests'] },
    findAccount: (_context: unknown, login: string) => ({
      accountId: login,
      claims: async () => ({
        sub: `subject of ${login}`,
        email: login,
        email_verified: options.verified?.(login) ?? true,
      }),
    }),
  })
  server.on('request', provider.callback())
  return {
    issuer,
    clientId,
    clientSecret,
    signIn: walkThrough,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function walkThrough(authorizationUrl: string, login: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = authorizationUrl
  let form: URLSearchParams | undefined
  for (let step = 0; step < 12; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    })
    form = undefined
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';', 1)[0]?.split(/=(.*)/s) ?? []
      cookies.set(name, value)
    }
    const next = response.headers.get('location')
    if (next !== null) {
      url = new URL(next, url).href
      if (new URL(url).origin !== new URL(authorizationUrl).origin) return url
      continue
    }
    const page = await response.text()
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1]
    if (!action) throw new Error(`The provider answered ${response.status}: ${page.slice(0, 500)}`)
    url = new URL(action, url).href
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
    form = new URLSearchParams({ prompt, ...(prompt === 'login' && { login, password: 'any' }) })
  }
  throw new Error('The provider leads round in circles.')
}
