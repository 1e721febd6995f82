import { type Brand, defaultAccent, defaultProductName, type Logo } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'

/** The row of `brands` that resellers inherit from. */
export const serverBrand = 'server'

/** A brand with everything inherited worked out, and what only the server needs of it. */
export interface EffectiveBrand extends Brand {
  /** Under which its people and machines reach the server; null: under the server's own */
  readonly hostName: string | null
  /** Null: as the settings of mail say */
  readonly senderName: string | null
  readonly replyTo: string | null
  readonly fromAddress: string | null
}

/** What was set for the server or a reseller, and nothing else. */
type OwnBrand = Awaited<ReturnType<typeof ownBrands>>[number]

/**
 * The brand that a reseller's people see; null for the server's own. While reseller management is off there is the
 * server's alone.
 */
export async function brandOf(queries: Kysely<Schema>, resellerId: string | null): Promise<EffectiveBrand> {
  const isReseller = resellerId !== null && (await readSettings(queries)).resellerManagement
  const owners = isReseller ? [resellerId, serverBrand] : [serverBrand]
  const found = await ownBrands(queries, owners)
  const ofServer = overBrand(
    plainBrand,
    found.find((each) => each.ownerId === serverBrand),
  )
  return isReseller
    ? overBrand(
        ofServer,
        found.find((each) => each.ownerId === resellerId),
      )
    : ofServer
}

/** Where nobody has set anything. */
export const plainBrand: EffectiveBrand = {
  productName: defaultProductName,
  accent: defaultAccent,
  logos: { light: null, dark: null },
  hostName: null,
  senderName: null,
  replyTo: null,
  fromAddress: null,
}

/** What is set, over what it inherits. Host names and senders are nobody else's. */
function overBrand(inherited: EffectiveBrand, own: OwnBrand | undefined): EffectiveBrand {
  if (own === undefined) return inherited
  const { light, dark } = own.logos
  const isNamed = own.productName !== null
  return {
    productName: own.productName ?? inherited.productName,
    accent: own.accent ?? inherited.accent,
    // A name of its own beside the logo of somebody else would be no brand.
    logos: light || dark || isNamed ? { light: light ?? dark, dark: dark ?? light } : inherited.logos,
    hostName: own.hostName,
    senderName: own.ownerId === serverBrand ? null : (own.senderName ?? own.productName),
    replyTo: own.replyTo,
    fromAddress: own.fromAddress,
  }
}

/** What is set for each of these owners, as far as anything is. */
export async function ownBrands(queries: Kysely<Schema>, owners: readonly string[]) {
  const rows = await queries.selectFrom('brands').selectAll().where('owner_id', 'in', owners).execute()
  const logos = await queries
    .selectFrom('brand_logos')
    .select(['owner_id', 'scheme', 'hash', 'width', 'height'])
    .where('owner_id', 'in', owners)
    .execute()
  const logoOf = (owner: string, scheme: 'light' | 'dark'): Logo | null => {
    const logo = logos.find((each) => each.owner_id === owner && each.scheme === scheme)
    return logo ? { url: `/api/v1/brand/logos/${logo.hash}`, width: logo.width, height: logo.height } : null
  }
  return rows.map((row) => ({
    ownerId: row.owner_id,
    productName: row.product_name,
    accent: row.accent,
    logos: { light: logoOf(row.owner_id, 'light'), dark: logoOf(row.owner_id, 'dark') },
    hostName: row.host_name,
    lostHostName: row.former_host_name,
    senderName: row.sender_name,
    replyTo: row.reply_to,
    fromAddress: row.from_address,
  }))
}
