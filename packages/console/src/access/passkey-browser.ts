import { Refusal } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'

/** The browser's part in passkeys; the library is loaded when somebody uses one. */

type Json = Record<string, unknown>

export const canUsePasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'

/** @throws {Refusal} when the browser can't, or whoever sits there does not go on */
export async function newPasskey(options: Json): Promise<Json> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  return asked(() => startRegistration({ optionsJSON: options as never }))
}

/** @throws {Refusal} when the browser can't, or whoever sits there does not go on */
export async function answerByPasskey(options: Json): Promise<Json> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return asked(() => startAuthentication({ optionsJSON: options as never }))
}

async function asked(ask: () => Promise<object>): Promise<Json> {
  try {
    return { ...(await ask()) }
  } catch {
    // Why, browsers do not say: that would tell pages which passkeys there are.
    const { passkeyStoppedTitle: title, passkeyStopped: advice } = texts.access
    throw new Refusal({ code: 'passkey-refused', status: 0, title, advice })
  }
}
