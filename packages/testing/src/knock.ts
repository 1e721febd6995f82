import { basicAuthorization, rawRequest } from './raw-request.ts'

/**
 * A machine's first contact with a vault, as restic makes it.
 * @param vaultUrl `https://…/vault/{customer}/{client}/`
 * @returns the status it is answered with
 */
export async function knock(vaultUrl: string, clientId: string, secret: string): Promise<number> {
  const { origin, pathname } = new URL(vaultUrl)
  const answer = await rawRequest(origin, `${pathname}?create=true`, {
    method: 'POST',
    headers: { authorization: basicAuthorization(clientId, secret) },
  })
  return answer.status
}
