import { z } from 'zod'
import { line } from './fields.ts'

/** Signing in by an identity provider (OpenID Connect). */

const issuer = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)])

export const oidcSettings = z
  .object({
    issuer: z.string().describe('Empty: nobody signs in by OIDC'),
    clientId: z.string(),
    hasSecret: z.boolean(),
    label: z.string().describe('What the button on the sign-in page says'),
    redirectUrl: z.string().describe('What has to be registered with the provider'),
  })
  .meta({ id: 'OidcSettings' })
export type OidcSettings = z.infer<typeof oidcSettings>
export const oidcSettingsPatch = z
  .object({
    issuer,
    clientId: line(300),
    clientSecret: z.string().max(1000).nullable().describe('Kept encrypted and never shown'),
    label: line(60),
  })
  .partial()
export type OidcSettingsPatch = z.infer<typeof oidcSettingsPatch>

export const signInOptions = z
  .object({
    oidc: z.object({ label: z.string() }).nullable(),
    passwordReset: z.boolean().describe('Whether a forgotten password can be replaced by mail'),
  })
  .meta({ id: 'SignInOptions' })
export const oidcBeginning = z.object({ url: z.string().describe('Where the browser goes next') })
export const oidcReturn = z.object({
  query: z.string().max(8000).describe('What the provider put behind the `?` of the address it led back to'),
})
