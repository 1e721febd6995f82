import { useLocalStorage } from '@mantine/hooks'

/** What of the tree is open, how wide it is, and whether it is folded away; kept in this browser. */
export interface TreeState {
  readonly open: readonly string[]
  readonly width: number
  readonly folded: boolean
}

export const treeWidth = { least: 180, most: 480, first: 252 } as const

export function useTreeState() {
  return useLocalStorage<TreeState>({
    key: 'granary.tree',
    defaultValue: { open: ['server'], width: treeWidth.first, folded: false },
    getInitialValueInEffect: false,
  })
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(Math.max(width, treeWidth.least), treeWidth.most))
}
