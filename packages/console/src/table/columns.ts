import { useLocalStorage } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** One column of a list: how it reads, sorts and exports. */
export interface Column<Row> {
  readonly key: string
  readonly title: string
  /** The route's name of the column to sort by. */
  readonly sortBy?: string
  readonly align?: 'right' | 'center'
  /** Width in pixels, or as a share; the first column takes what is left. */
  readonly width?: number | `${number}%`
  readonly cell: (row: Row) => ReactNode
  /** What stands under the column for all pages together. */
  readonly total?: ReactNode
  /** The fields it fills in a CSV file; none when it has nothing to say there. */
  readonly csv?: readonly CsvField<Row>[]
  /** Not shown until it is chosen. */
  readonly optional?: boolean
  /** The column every row is known by: always shown. */
  readonly fixed?: boolean
}

interface CsvField<Row> {
  readonly heading: string
  readonly value: (row: Row) => string | number | null
}

export interface ColumnChoice<Row> {
  readonly shown: readonly Column<Row>[]
  readonly isShown: (key: string) => boolean
  readonly toggle: (key: string) => void
}

/** Which columns are shown, kept in this browser by the list's name. */
export function useColumnChoice<Row>(list: string, columns: readonly Column<Row>[]): ColumnChoice<Row> {
  const [changed, setChanged] = useLocalStorage<Record<string, boolean>>({
    key: `granary.columns.${list}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  })
  const isShown = (key: string) => {
    const column = columns.find((each) => each.key === key)
    return column?.fixed || (changed[key] ?? !column?.optional)
  }
  return {
    shown: columns.filter((column) => isShown(column.key)),
    isShown,
    toggle: (key) => setChanged((before) => ({ ...before, [key]: !isShown(key) })),
  }
}
