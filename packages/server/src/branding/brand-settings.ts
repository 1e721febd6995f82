import { type BrandSettings, ProblemError, type ResellerBrandPatch } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { readMailSettings } from '../platform/mail/mail.ts'
import { type LogoImage, takeLogo } from './logo-image.ts'
import { brandOf, ownBrands, plainBrand, serverBrand } from './resolve-brand.ts'

const nothingSet = {
  productName: null,
  accent: null,
  logos: { light: null, dark: null },
  hostName: null,
  lostHostName: null,
  senderName: null,
  replyTo: null,
  fromAddress: null,
}

/**
 * A brand as it is set up, with what it inherits.
 * @param owner the ID of a reseller, or `server`
 * @param publicUrl the server's own
 */
export async function readBrandSettings(
  queries: Kysely<Schema>,
  owner: string,
  publicUrl: string,
): Promise<BrandSettings> {
  const [own] = await ownBrands(queries, [owner])
  const { ownerId: _, ...set } = own ?? { ownerId: owner, ...nothingSet }
  const above = owner === serverBrand ? plainBrand : await brandOf(queries, null)
  const mail = await readMailSettings(queries)
  return {
    ...set,
    lostHostName: set.hostName === null ? set.lostHostName : null,
    inherited: {
      productName: above.productName,
      accent: above.accent,
      logos: above.logos,
      senderName: mail.fromName || null,
      fromAddress: mail.fromAddress || null,
      url: publicUrl,
    },
  }
}

/**
 * Sets what the patch names; null inherits.
 * @returns what the audit log says of it: a logo by what it is, not by its bytes
 * @throws {ProblemError} invalid-request for what is no logo, host-name-taken
 */
export async function editBrand(
  transaction: Transaction<Schema>,
  owner: string,
  patch: ResellerBrandPatch,
): Promise<Record<string, unknown>> {
  const { lightLogo, darkLogo, ...plain } = patch
  const logos = {
    ...(lightLogo !== undefined && { light: taken(lightLogo, 'lightLogo') }),
    ...(darkLogo !== undefined && { dark: taken(darkLogo, 'darkLogo') }),
  }
  await writeColumns(transaction, owner, plain)
  for (const [scheme, logo] of Object.entries(logos) as ['light' | 'dark', LogoImage | null][]) {
    await writeLogo(transaction, owner, scheme, logo)
  }
  return {
    ...plain,
    ...Object.fromEntries(Object.entries(logos).map(([scheme, logo]) => [`${scheme}Logo`, said(logo)])),
  }
}

async function writeColumns(
  transaction: Transaction<Schema>,
  owner: string,
  patch: Omit<ResellerBrandPatch, 'lightLogo' | 'darkLogo'>,
): Promise<void> {
  const columns = {
    ...(patch.productName !== undefined && { product_name: patch.productName }),
    ...(patch.accent !== undefined && { accent: patch.accent }),
    // Whoever sets one has decided: what was lost is over.
    ...(patch.hostName !== undefined && { host_name: patch.hostName, former_host_name: null }),
    ...(patch.senderName !== undefined && { sender_name: patch.senderName }),
    ...(patch.replyTo !== undefined && { reply_to: patch.replyTo }),
    ...(patch.fromAddress !== undefined && { from_address: patch.fromAddress }),
  }
  try {
    await transaction
      .insertInto('brands')
      .values({ ...emptyRow, owner_id: owner, ...columns })
      .onConflict((conflict) =>
        Object.keys(columns).length === 0
          ? conflict.column('owner_id').doNothing()
          : conflict.column('owner_id').doUpdateSet(columns),
      )
      .execute()
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProblemError('host-name-taken', {}, { cause: error })
    throw error
  }
}

const emptyRow = {
  ...{ product_name: null, accent: null, host_name: null, former_host_name: null },
  ...{ sender_name: null, reply_to: null, from_address: null },
}

async function writeLogo(
  transaction: Transaction<Schema>,
  owner: string,
  scheme: 'light' | 'dark',
  logo: LogoImage | null,
): Promise<void> {
  await transaction
    .deleteFrom('brand_logos')
    .where('owner_id', '=', owner)
    .where('scheme', '=', scheme)
    .execute()
  if (logo === null) return
  const { hash, contentType: content_type, width, height, content } = logo
  await transaction
    .insertInto('brand_logos')
    .values({ owner_id: owner, scheme, hash, content_type, width, height, content })
    .execute()
}

function taken(logo: string | null, field: string): LogoImage | null {
  return logo === null ? null : takeLogo(logo, field)
}

function said(logo: LogoImage | null): string | null {
  return logo && `${logo.contentType}, ${logo.width} × ${logo.height}, SHA-256 ${logo.hash}`
}
