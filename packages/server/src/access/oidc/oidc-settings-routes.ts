import { atField, ProblemError, type OidcSettings as Shown } from '@granary/contract'
import { sealSecret } from '../../platform/sealed-secret.ts'
import type { ServerKey } from '../../platform/server-key.ts'
import { changesAfter, type RouteImplementation, reads } from '../implement-route.ts'
import { discoverProvider } from './identity-provider.ts'
import { type OidcSettings, readOidcSettings, redirectUrlOf, writeOidcSettings } from './oidc-settings.ts'

const target = { id: 'oidc', name: 'Identity provider' }

/** Settings → Sign-in. */
export function oidcSettingsRoutes(serverKey: ServerKey): readonly RouteImplementation[] {
  return [
    reads('readOidcSettings', async ({ publicUrl }, queries) =>
      shown(await readOidcSettings(queries), publicUrl),
    ),
    changesAfter(
      'editOidcSettings',
      async ({ body }, database): Promise<OidcSettings> => {
        const before = await readOidcSettings(database.queries)
        const { clientSecret: secret, issuer, clientId, label } = body
        const sealed = secret ? sealSecret(serverKey, secret) : null
        const settings = {
          issuer: issuer ?? before.issuer,
          clientId: clientId ?? before.clientId,
          label: label ?? before.label,
          sealedSecret: secret === undefined ? before.sealedSecret : sealed,
        }
        if (settings.issuer === '') return settings
        if (settings.clientId === '') {
          const errors = [atField('clientId', { code: 'client-of-provider-needed' })]
          throw new ProblemError('invalid-request', { errors })
        }
        await discoverProvider(settings, serverKey)
        return settings
      },
      async ({ publicUrl }, transaction, settings) => {
        await writeOidcSettings(transaction, settings)
        return {
          answer: shown(settings, publicUrl),
          record: { target, details: { issuer: settings.issuer, clientId: settings.clientId } },
        }
      },
    ),
  ]
}

function shown({ sealedSecret, ...settings }: OidcSettings, publicUrl: string): Shown {
  return { ...settings, hasSecret: sealedSecret !== null, redirectUrl: redirectUrlOf(publicUrl) }
}
