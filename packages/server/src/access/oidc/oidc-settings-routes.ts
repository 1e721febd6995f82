import { atField, type OidcSettingsPatch, ProblemError, type OidcSettings as Shown } from '@granary/contract'
import { sealSecret } from '../../platform/sealed-secret.ts'
import type { ServerKey } from '../../platform/server-key.ts'
import { holdSettings } from '../../platform/settings-store.ts'
import { changesAfter, type RouteImplementation, reads } from '../implement-route.ts'
import { discoverProvider } from './identity-provider.ts'
import { type OidcSettings, readOidcSettings, redirectUrlOf, writeOidcSettings } from './oidc-settings.ts'
import { forgetIdentities } from './user-of-identity.ts'

const target = { id: 'oidc', name: 'Identity provider' }

/** Settings → Sign-in. */
export function oidcSettingsRoutes(serverKey: ServerKey): readonly RouteImplementation[] {
  return [
    reads('readOidcSettings', async ({ publicUrl }, queries) =>
      shown(await readOidcSettings(queries), publicUrl),
    ),
    changesAfter(
      'editOidcSettings',
      async ({ body }, database) => {
        const settings = edited(await readOidcSettings(database.queries), body, serverKey)
        if (settings.issuer !== '') await discoverProvider(settings, serverKey)
      },
      async ({ body, publicUrl }, transaction) => {
        await holdSettings(transaction)
        const before = await readOidcSettings(transaction)
        const settings = edited(before, body, serverKey)
        if (settings.clientId !== before.clientId) await forgetIdentities(transaction, settings.issuer)
        await writeOidcSettings(transaction, settings)
        return {
          answer: shown(settings, publicUrl),
          record: { target, details: { issuer: settings.issuer, clientId: settings.clientId } },
        }
      },
    ),
  ]
}

/** @throws {ProblemError} invalid-request for a provider at which this server has no ID */
function edited(before: OidcSettings, patch: OidcSettingsPatch, serverKey: ServerKey): OidcSettings {
  const { clientSecret: secret, issuer, clientId, label } = patch
  const sealed = secret ? sealSecret(serverKey, secret) : null
  const settings = {
    issuer: issuer ?? before.issuer,
    clientId: clientId ?? before.clientId,
    label: label ?? before.label,
    sealedSecret: secret === undefined ? before.sealedSecret : sealed,
  }
  if (settings.issuer !== '' && settings.clientId === '') {
    const errors = [atField('clientId', { code: 'client-of-provider-needed' })]
    throw new ProblemError('invalid-request', { errors })
  }
  return settings
}

function shown({ sealedSecret, ...settings }: OidcSettings, publicUrl: string): Shown {
  return { ...settings, hasSecret: sealedSecret !== null, redirectUrl: redirectUrlOf(publicUrl) }
}
