import { Go } from './go.tsx'
import styles from './tabs.module.css'

/** Parts of one screen, each with an address of its own. */
export function Tabs(props: {
  readonly label: string
  readonly here: string
  readonly tabs: readonly { readonly key: string; readonly label: string; readonly href: string }[]
}) {
  return (
    <nav className={styles.tabs} aria-label={props.label}>
      {props.tabs.map(({ key, label, href }) => (
        <Go key={key} href={href} aria-current={key === props.here ? 'page' : undefined}>
          {label}
        </Go>
      ))}
    </nav>
  )
}
