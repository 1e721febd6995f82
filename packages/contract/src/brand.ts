import { z } from 'zod'
import { fault } from './faults.ts'
import { name } from './fields.ts'

/** Under whose name and colours the server shows itself: the server's own, or a reseller's. */

export const defaultProductName = 'Granary'

export const logoMostBytes = 256 * 1024
/** In pixels, each way */
export const logoMostPixels = 2048

/** A domain name in lower case, international ones in their ASCII form; no address, no port. */
export const hostName = z.string().trim().toLowerCase().max(253).refine(isHostName, fault('not-a-host-name'))

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

function isHostName(text: string): boolean {
  const labels = text.split('.')
  if (labels.length < 2 || !labels.every((each) => label.test(each))) return false
  // Refuses what browsers would take for an IP address: 0x7f.1 and the like.
  const url = URL.parse(`http://${text}/`)
  return url?.hostname === text && !/^\d/.test(labels.at(-1) ?? '')
}

const accent = z
  .string()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, fault('not-a-colour'))

const email = z.email().max(254)
/** Beside an address in mails: an address in the name would pass for the sender's. */
const senderName = name.refine((text) => !/[@<>"]/.test(text), fault('not-a-sender'))

const logoUpload = z
  .string()
  .min(1, fault('image-needed'))
  .max(Math.ceil(logoMostBytes / 3) * 4, fault('logo-too-large'))
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, fault('not-base64'))
  .describe('PNG, JPEG or WebP in base 64, at most 256 kB and 2048 pixels each way')

const logo = z.object({
  url: z.string().describe('Changes with the image, so that it can be kept for ever'),
  width: z.int(),
  height: z.int(),
})
export type Logo = z.infer<typeof logo>

/** What people see of a brand, before signing in and after. */
export const brand = z
  .object({
    productName: z.string(),
    accent: z.string().describe('`#rrggbb`'),
    logos: z.object({
      light: logo.nullable().describe('null: the product’s initial, or Granary’s mark'),
      dark: logo.nullable().describe('On dark pages; null: the same as on light ones'),
    }),
  })
  .meta({ id: 'Brand' })
export type Brand = z.infer<typeof brand>

/** A brand as it is set up: what is null is inherited, from the server or from Granary itself. */
export const brandSettings = z
  .object({
    productName: z.string().nullable(),
    accent: z.string().nullable(),
    logos: z.object({ light: logo.nullable(), dark: logo.nullable() }),
    hostName: z
      .string()
      .nullable()
      .describe('Under which the reseller’s people and machines reach the server; resellers only'),
    lostHostName: z
      .string()
      .nullable()
      .describe('Given to somebody else while this reseller was in the trash'),
    senderName: z.string().nullable().describe('Who mails are from; null: the product name'),
    replyTo: z.string().nullable().describe('Where answers to mails go'),
    fromAddress: z.string().nullable().describe('Address that mails are from, in place of the server’s'),
    inherited: z
      .object({
        ...brand.shape,
        senderName: z.string().nullable(),
        fromAddress: z.string().nullable(),
        url: z.string(),
      })
      .describe('What holds where nothing is set'),
  })
  .meta({ id: 'BrandSettings' })
export type BrandSettings = z.infer<typeof brandSettings>

const ownLook = {
  productName: name
    .refine((text) => text.length <= 60, { error: fault('too-long'), params: { maximum: 60 } })
    .nullable(),
  accent: accent.nullable(),
  lightLogo: logoUpload.nullable(),
  darkLogo: logoUpload.nullable(),
}
/** The server's mail has its sender in the settings of mail. */
export const serverBrandPatch = z.object(ownLook).partial()
export type ServerBrandPatch = z.infer<typeof serverBrandPatch>

export const resellerBrandPatch = z
  .object({
    ...ownLook,
    hostName: hostName.nullable().describe('Set by administrators of the server'),
    senderName: senderName.nullable(),
    replyTo: email.nullable(),
    fromAddress: email.nullable().describe('Set by administrators of the server'),
  })
  .partial()
export type ResellerBrandPatch = z.infer<typeof resellerBrandPatch>

/** Logos lie beside the table of routes, as they answer with an image. */
export const brandLogoPath = '/api/v1/brand/logos/:hash'
