import type { APIRequestContext, Page } from 'playwright-core'

/** Who tests and benchmarks of the console sign in as. */
export const administrator = {
  name: 'Ada Lovelace',
  email: 'ada@granary.example',
  password: 'four random words here',
} as const

/**
 * Sets the administrator up past the screens and signs them in, for what is about something else.
 * @param request of the browser's context that is to be signed in
 * @param link the one-time link that a new server prints
 */
export async function signInByLink(request: APIRequestContext, link: string): Promise<void> {
  const { origin, searchParams } = new URL(link)
  const data = { token: searchParams.get('token'), ...administrator }
  const answer = await request.post(`${origin}/api/v1/setup`, { data, headers: { origin } })
  if (!answer.ok()) throw new Error(`Setting up: ${answer.status()} ${await answer.text()}`)
}

/** @returns the bytes that came over the wire with each file the page loads from now on, growing as they come */
export async function downloadsOf(page: Page): Promise<readonly number[]> {
  // The browser says them with each file: nothing has to be asked for when the page may be closing already.
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const bytes: number[] = []
  network.on('Network.loadingFinished', ({ encodedDataLength }) => bytes.push(encodedDataLength))
  return bytes
}
