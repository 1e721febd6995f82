import type { Brand, Logo } from '@granary/contract'
import { initialOf, isPlain, isWide, useBrand } from './brand.ts'
import styles from './branding.module.css'

/** The brand in force, by logo and name. @param size height of a logo, in pixels */
export function BrandMark({ size, withName }: { readonly size: number; readonly withName?: boolean }) {
  const brand = useBrand()
  const { light, dark } = brand.logos
  if (!light || !dark) {
    return (
      <>
        {isPlain(brand) ? (
          <img src="/granary.svg" width={size} height={size} alt="" />
        ) : (
          <Initial brand={brand} size={size} />
        )}
        {withName && <span dir="auto">{brand.productName}</span>}
      </>
    )
  }
  const standsAlone = isWide(light)
  const logoOf = (logo: Logo, on: string) => (
    <img
      src={logo.url}
      height={size}
      width={Math.round((size * logo.width) / logo.height)}
      alt={standsAlone ? brand.productName : ''}
      className={`${styles.logo} ${on}`}
    />
  )
  return (
    <>
      {light.url === dark.url ? (
        logoOf(light, '')
      ) : (
        <>
          {logoOf(light, styles.onLight ?? '')}
          {logoOf(dark, styles.onDark ?? '')}
        </>
      )}
      {withName && !standsAlone && <span dir="auto">{brand.productName}</span>}
    </>
  )
}

function Initial({ brand, size }: { brand: Brand; size: number }) {
  return (
    <span
      className={styles.initial}
      style={{ width: size, height: size, fontSize: size * 0.6 }}
      aria-hidden="true"
    >
      {initialOf(brand.productName)}
    </span>
  )
}
