import type { KeyboardEvent, PointerEvent } from 'react'
import { texts } from '../../texts/index.ts'
import styles from '../shell.module.css'
import { clampWidth, treeWidth } from './tree-state.ts'

/** The edge of the tree: dragged, or moved with the arrow keys. */
export function Resizer({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(clampWidth(event.clientX))
  }
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    onWidth(clampWidth(width + by))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <hr> can't be focused and moved; this is a window splitter
    <div
      role="separator"
      tabIndex={0}
      className={styles.resizer}
      data-own-keys
      aria-orientation="vertical"
      aria-label={texts.shell.treeResize}
      aria-valuenow={width}
      aria-valuemin={treeWidth.least}
      aria-valuemax={treeWidth.most}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={step}
    />
  )
}
