import { defaultProductName, filledShade, shadesOf } from '@granary/contract'
import type { CSSProperties } from 'react'
import { texts } from '../texts/index.ts'
import { initialOf, isWide } from './brand.ts'
import styles from './branding.module.css'
import type { Picture } from './logo-change.ts'

/** A brand as it would look once saved. */
interface Look {
  readonly productName: string
  readonly accent: string
  readonly logos: { readonly light: Picture | null; readonly dark: Picture | null }
}

/** The top bar and the sign-in page of a brand that is still being set up, in light and in dark. */
export function BrandPreview({ look }: { readonly look: Look }) {
  return (
    <section className={styles.previews} aria-label={texts.branding.preview}>
      <h2>{texts.branding.preview}</h2>
      {(['light', 'dark'] as const).map((scheme) => (
        <div
          key={scheme}
          role="img"
          aria-label={texts.branding.previewOf[scheme]}
          className={styles.preview}
          data-scheme={scheme}
          style={{ '--filled': shadesOf(look.accent)[filledShade[scheme]] } as CSSProperties}
        >
          <div className={styles.bar}>
            <Mark look={look} scheme={scheme} size={22} withName />
          </div>
          <div className={styles.card}>
            <span>
              <Mark look={look} scheme={scheme} size={28} />
            </span>
            <strong dir="auto">{texts.access.signInTitle(look.productName)}</strong>
            <span className={styles.field}>{texts.access.email}</span>
            <span className={styles.field}>{texts.access.password}</span>
            <span className={styles.button}>{texts.access.signIn}</span>
          </div>
        </div>
      ))}
    </section>
  )
}

function Mark(props: { look: Look; scheme: 'light' | 'dark'; size: number; withName?: boolean }) {
  const { look, scheme, size, withName } = props
  const logo = look.logos[scheme]
  const name = withName && !(logo && isWide(logo)) ? <span dir="auto">{look.productName}</span> : null
  if (logo) {
    const width = Math.round((size * logo.width) / logo.height)
    return (
      <>
        <img src={logo.url} height={size} width={width} alt="" className={styles.logo} />
        {name}
      </>
    )
  }
  return (
    <>
      {look.productName === defaultProductName ? (
        <img src="/granary.svg" width={size} height={size} alt="" />
      ) : (
        <span className={styles.previewInitial} style={{ width: size, height: size, fontSize: size * 0.6 }}>
          {initialOf(look.productName)}
        </span>
      )}
      {name}
    </>
  )
}
