import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { Column } from './columns.ts'
import styles from './table.module.css'

/** The heads of a list's columns, by which it is sorted. */
export function ColumnHeads<Row>(props: {
  readonly columns: readonly Column<Row>[]
  /** The column sorted by, with a leading `-` when downwards. */
  readonly sort?: string
  readonly onSort?: (sort: string) => void
}) {
  const { columns, sort, onSort } = props
  return columns.map((column) => (
    <th
      key={column.key}
      scope="col"
      style={{ width: column.width }}
      data-align={column.align}
      className={column.fixed ? styles.name : undefined}
      aria-sort={sortedAs(sort, column.sortBy)}
    >
      {column.sortBy && onSort ? (
        <SortButton title={column.title} by={column.sortBy} sort={sort} onSort={onSort} />
      ) : (
        column.title
      )}
    </th>
  ))
}

function sortedAs(sort: string | undefined, by: string | undefined): 'ascending' | 'descending' | undefined {
  if (sort === undefined) return undefined
  if (sort === by) return 'ascending'
  return by && sort === `-${by}` ? 'descending' : undefined
}

function SortButton(props: {
  title: string
  by: string
  sort: string | undefined
  onSort: (sort: string) => void
}) {
  const sorted = sortedAs(props.sort, props.by)
  const Arrow = sorted === 'descending' ? IconArrowDown : IconArrowUp
  return (
    <button
      type="button"
      className={styles.sort}
      data-sorted={sorted}
      onClick={() => props.onSort(sorted === 'ascending' ? `-${props.by}` : props.by)}
    >
      {props.title}
      {sorted && <Arrow size={12} stroke={2} aria-hidden />}
    </button>
  )
}
