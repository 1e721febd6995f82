import type { Logo } from '@granary/contract'
import { Button, FileButton } from '@mantine/core'
import { type DragEvent, useId, useState } from 'react'
import { texts } from '../texts/index.ts'
import styles from './branding.module.css'
import { type LogoChange, LogoFault, type Picture, pictureAfter, readLogo } from './logo-change.ts'

/** Chooses a logo, by a dialogue or by dropping it, shows it, and takes it away again. */
export function LogoField(props: {
  readonly label: string
  readonly hint: string
  readonly scheme: 'light' | 'dark'
  readonly before: Logo | null
  /** What is shown where there is none of its own */
  readonly inherited: Picture | null
  readonly value: LogoChange
  readonly onChange: (change: LogoChange) => void
  readonly error?: string | undefined
}) {
  const { label, scheme, before, value, onChange } = props
  const [fault, setFault] = useState<string | null>(null)
  const [isOver, setIsOver] = useState(false)
  const labelId = useId()
  const own = pictureAfter(value, before)
  const shown = own ?? props.inherited
  const error = fault ?? props.error

  const take = async (file: File | null | undefined) => {
    if (!file) return
    setFault(null)
    try {
      onChange(await readLogo(file))
    } catch (failure) {
      if (!(failure instanceof LogoFault)) throw failure
      setFault(failure.message)
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    void take(event.dataTransfer.files[0])
  }
  const change = (next: LogoChange) => {
    setFault(null)
    onChange(next)
  }
  return (
    <fieldset
      className={styles.logoField}
      aria-labelledby={labelId}
      style={{ border: 0, margin: 0, padding: 0 }}
    >
      <span id={labelId} className={styles.logoLabel}>
        {label}
      </span>
      <span className={styles.note}>{props.hint}</span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button beside does the same */}
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <span className={styles.sample} data-scheme={scheme} data-inherited={own ? undefined : true}>
          {shown ? (
            <img src={shown.url} alt={own ? label : texts.branding.inheritedLogo} />
          ) : (
            texts.branding.noLogo
          )}
        </span>
        <FileButton accept="image/png,image/jpeg,image/webp" onChange={(file) => void take(file)}>
          {(button) => (
            <Button {...button} variant="default" aria-describedby={labelId}>
              {own ? texts.branding.replace : texts.branding.choose}
            </Button>
          )}
        </FileButton>
        {own && (
          <Button
            variant="subtle"
            color="gray"
            aria-describedby={labelId}
            onClick={() => change(before ? { kind: 'removed' } : { kind: 'kept' })}
          >
            {texts.branding.remove}
          </Button>
        )}
        {value.kind === 'kept' && !own && <span className={styles.note}>{texts.branding.drop}</span>}
        {value.kind !== 'kept' && before && (
          <>
            {value.kind === 'removed' && <span className={styles.note}>{texts.branding.willBeRemoved}</span>}
            <Button
              variant="subtle"
              color="gray"
              aria-describedby={labelId}
              onClick={() => change({ kind: 'kept' })}
            >
              {texts.common.undo}
            </Button>
          </>
        )}
      </div>
      {error && (
        <p className={styles.fault} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
