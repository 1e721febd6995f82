import { NativeSelect } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconChevronsLeft } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useId } from 'react'
import { texts } from '../texts/index.ts'
import { type ListNavigation, type RowsPerPage, rowsPerPage } from './list-search.ts'
import styles from './table.module.css'

export function Pager(props: {
  readonly navigation: ListNavigation
  readonly list: UseQueryResult<{
    readonly items: readonly unknown[]
    readonly nextCursor: string | null
    readonly total: number
  }>
}) {
  const rowsId = useId()
  const { page, rows, change, nextPage, previousPage } = props.navigation
  const { data, isPlaceholderData } = props.list
  if (!data) return null
  const { items, nextCursor, total } = data
  if (total <= rowsPerPage[0] && page === 1) return null
  const from = (page - 1) * rows + 1
  return (
    <div className={styles.pager}>
      <div className={styles.rows}>
        <label htmlFor={rowsId}>{texts.table.rowsPerPage}</label>
        <NativeSelect
          id={rowsId}
          data={rowsPerPage.map(String)}
          value={String(rows)}
          onChange={(event) => change({ rows: Number(event.currentTarget.value) as RowsPerPage })}
        />
      </div>
      <span className={styles.grow} />
      <span aria-live="polite">{texts.table.range(from, from + items.length - 1, total)}</span>
      <PageButton
        label={texts.table.firstPage}
        icon={IconChevronsLeft}
        disabled={page === 1}
        onClick={() => change({})}
      />
      <PageButton
        label={texts.table.previousPage}
        icon={IconChevronLeft}
        disabled={page === 1}
        onClick={previousPage}
      />
      <PageButton
        label={texts.table.nextPage}
        icon={IconChevronRight}
        disabled={nextCursor === null}
        // The page before is still there while the next one comes, and leads to that.
        onClick={() => nextCursor && !isPlaceholderData && nextPage(nextCursor)}
      />
    </div>
  )
}

function PageButton(props: {
  readonly label: string
  readonly icon: typeof IconChevronLeft
  readonly disabled: boolean
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label={props.label}
      data-hint={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <props.icon size={16} />
    </button>
  )
}
