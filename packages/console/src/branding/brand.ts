import { type Brand, brand, defaultAccent, defaultProductName } from '@granary/contract'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../access/session.ts'
import { brandQuery } from './brand-queries.ts'

const plain: Brand = {
  productName: defaultProductName,
  accent: defaultAccent,
  logos: { light: null, dark: null },
}

/** Read before the first paint by `public/brand.js`, too. */
const storageKey = 'granary.brand'

/**
 * The brand that this browser showed last: what is shown until the server has said which one it is, so that nobody
 * sees another's name for a moment.
 */
const shownLast = readKept()

function readKept(): Brand | undefined {
  const kept = localStorage.getItem(storageKey)
  // Of another version of the console, it may have another shape.
  return kept === null ? undefined : brand.safeParse(JSON.parse(kept)).data
}

export function keepBrand(brand: Brand): void {
  localStorage.setItem(storageKey, JSON.stringify(brand))
}

/** The brand of who is signed in, else of the host name. Only watches; others read. */
export function useBrand(): Brand {
  const session = useQuery({ ...sessionQuery, enabled: false })
  const ofHost = useQuery({ ...brandQuery, enabled: false })
  return session.data?.brand ?? ofHost.data ?? shownLast ?? plain
}

export function isPlain({ productName, logos }: Brand): boolean {
  return productName === defaultProductName && logos.light === null
}

/** From this ratio on a logo holds the name itself, and stands alone. */
const wideFrom = 2

export function isWide(logo: { width: number; height: number }): boolean {
  return logo.width >= wideFrom * logo.height
}

/** What stands for a product without a logo. */
export function initialOf(productName: string): string {
  const [first = ''] = productName.trim()
  return first.toLocaleUpperCase()
}
