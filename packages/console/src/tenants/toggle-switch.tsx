import styles from './tenants.module.css'

/** A switch that shows a state and changes it; where it can't be changed it says why. */
export function ToggleSwitch(props: {
  readonly label: string
  readonly on: boolean
  /** What a click would do, for the hint. */
  readonly hint: string
  readonly whyNot: string | null
  readonly onToggle: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      role="switch"
      className={styles.switch}
      aria-label={props.label}
      aria-checked={props.on}
      aria-disabled={props.whyNot !== null || undefined}
      aria-description={props.whyNot ?? undefined}
      data-hint={props.whyNot ?? props.hint}
      onClick={() => {
        if (props.whyNot === null) props.onToggle(!props.on)
      }}
    />
  )
}
