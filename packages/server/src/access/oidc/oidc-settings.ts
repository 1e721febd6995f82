import type { Kysely } from 'kysely'
import type { Schema } from '../../platform/database/schema.ts'
import { readSetting, writeSetting } from '../../platform/settings-store.ts'

/** The identity provider by which users may sign in. */
export interface OidcSettings {
  /** Empty: none */
  readonly issuer: string
  readonly clientId: string
  readonly sealedSecret: string | null
  readonly label: string
}

const key = 'oidc'
const nothingSetUp: OidcSettings = { issuer: '', clientId: '', sealedSecret: null, label: 'Single sign-on' }

export async function readOidcSettings(queries: Kysely<Schema>): Promise<OidcSettings> {
  const stored = (await readSetting(queries, key)) as Partial<OidcSettings> | undefined
  return { ...nothingSetUp, ...stored }
}

export function writeOidcSettings(queries: Kysely<Schema>, settings: OidcSettings): Promise<void> {
  return writeSetting(queries, key, settings)
}

/** Where the provider leads back to: a page of the console. */
export function redirectUrlOf(publicUrl: string): string {
  return `${publicUrl}/sign-in/oidc`
}
