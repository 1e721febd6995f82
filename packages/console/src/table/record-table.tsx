import { Checkbox, Skeleton } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useRef, useState } from 'react'
import { texts } from '../texts/index.ts'
import { ColumnHeads } from './column-heads.tsx'
import type { Column } from './columns.ts'
import { useKeptScroll } from './kept-scroll.ts'
import { type RowAction, RowIcons, RowMenu } from './row-actions.tsx'
import { useRowKeys } from './row-keys.ts'
import styles from './table.module.css'

interface Record {
  readonly id: string
}

export interface RecordTableProps<Row extends Record> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** Undefined while they are read for the first time. */
  readonly rows: readonly Row[] | undefined
  /** The column sorted by, with a leading `-` when downwards. */
  readonly sort?: string
  readonly onSort?: (sort: string) => void
  readonly nameOf: (row: Row) => string
  /** Where a row leads; nowhere where its record has no screen. */
  readonly hrefOf?: (row: Row) => string
  /** None where nothing can be done with a row: then there is no column for it. */
  readonly actionsOf?: (row: Row) => readonly RowAction[]
  readonly selection?: Selection<Row>
  /** What stands in place of rows when there are none. */
  readonly empty?: ReactNode
  readonly hasTotals?: boolean
  readonly pager?: ReactNode
}

export interface Selection<Row> {
  readonly rows: ReadonlyMap<string, Row>
  readonly set: (rows: ReadonlyMap<string, Row>) => void
}

/** A list of one kind of record: sticky head, first column and totals, a row a line, all of it by keyboard. */
export function RecordTable<Row extends Record>(props: RecordTableProps<Row>) {
  const { columns, rows, selection, actionsOf } = props
  const router = useRouter()
  const body = useRef<HTMLTableSectionElement>(null)
  const keptScroll = useKeptScroll(rows !== undefined)
  const [menu, setMenu] = useState<{ row: Row; at: DOMRect; from: HTMLElement } | null>(null)
  const openMenu = (row: Row, from: HTMLElement) => {
    if (actionsOf) setMenu({ row, at: from.getBoundingClientRect(), from })
  }
  const [cursor, setCursor] = useRowKeys(body, {
    rowCount: rows?.length ?? 0,
    open: (index) => {
      const row = rows?.[index]
      if (row && props.hrefOf) router.history.push(props.hrefOf(row))
    },
    openMenu: (index, element) => {
      const row = rows?.[index]
      if (row) openMenu(row, element.querySelector<HTMLElement>('[aria-haspopup=menu]') ?? element)
    },
    select: (index) => {
      const row = rows?.[index]
      if (row && selection) selection.set(withToggled(selection.rows, row))
    },
  })
  if (rows?.length === 0)
    return <div className={styles.frame}>{<div className={styles.instead}>{props.empty}</div>}</div>

  return (
    <div className={styles.frame}>
      <div className={styles.scroll} {...keptScroll}>
        <table className={styles.table} aria-label={props.label} aria-busy={rows === undefined}>
          <Head {...props} />
          <tbody ref={body}>
            {rows?.map((row, index) => (
              <tr
                key={row.id}
                tabIndex={index === Math.max(cursor, 0) ? 0 : -1}
                data-cursor={index === cursor || undefined}
                data-selected={selection?.rows.has(row.id) || undefined}
                aria-selected={selection ? selection.rows.has(row.id) : undefined}
                onFocus={() => setCursor(index)}
                onContextMenu={(event) => {
                  if (!actionsOf) return
                  event.preventDefault()
                  setCursor(index)
                  setMenu({
                    row,
                    at: new DOMRect(event.clientX, event.clientY, 280, 0),
                    from: event.currentTarget,
                  })
                }}
              >
                {selection && (
                  <td className={styles.pick}>
                    <Checkbox
                      aria-label={texts.table.select(props.nameOf(row))}
                      checked={selection.rows.has(row.id)}
                      onChange={() => selection.set(withToggled(selection.rows, row))}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td
                    key={column.key}
                    data-align={column.align}
                    className={column.fixed ? styles.name : undefined}
                  >
                    {column.cell(row)}
                  </td>
                ))}
                {actionsOf && (
                  <td data-align="right" className={styles.acts}>
                    <RowIcons
                      name={props.nameOf(row)}
                      actions={actionsOf(row)}
                      onMenu={(at) => openMenu(row, at)}
                    />
                  </td>
                )}
              </tr>
            ))}
            {rows === undefined && <Loading {...props} />}
          </tbody>
          {props.hasTotals && rows && <Totals {...props} />}
        </table>
      </div>
      {props.pager}
      <RowMenu
        at={menu?.at ?? null}
        name={menu ? props.nameOf(menu.row) : ''}
        actions={menu && actionsOf ? actionsOf(menu.row) : []}
        onClose={() => {
          menu?.from.closest('tr')?.focus()
          setMenu(null)
        }}
      />
    </div>
  )
}

function withToggled<Row extends Record>(rows: ReadonlyMap<string, Row>, row: Row): ReadonlyMap<string, Row> {
  const next = new Map(rows)
  if (!next.delete(row.id)) next.set(row.id, row)
  return next
}

function Head<Row extends Record>(props: RecordTableProps<Row>) {
  const { columns, rows, selection, sort, onSort, actionsOf } = props
  const picked = rows?.filter((row) => selection?.rows.has(row.id)).length ?? 0
  const all = rows !== undefined && rows.length > 0 && picked === rows.length
  const pickAll = () => {
    const next = new Map(selection?.rows)
    for (const row of rows ?? []) {
      if (all) next.delete(row.id)
      else next.set(row.id, row)
    }
    selection?.set(next)
  }
  return (
    <thead>
      <tr>
        {selection && (
          <th className={styles.pick}>
            <Checkbox
              aria-label={texts.table.selectAll}
              checked={all}
              indeterminate={picked > 0 && !all}
              onChange={pickAll}
            />
          </th>
        )}
        <ColumnHeads columns={columns} {...(sort && { sort })} {...(onSort && { onSort })} />
        {actionsOf && (
          <th scope="col" data-align="right" className={styles.acts} style={{ width: 1 }}>
            {texts.table.actionsColumn}
          </th>
        )}
      </tr>
    </thead>
  )
}

const loadingRows = Array.from({ length: 12 }, (_, row) => row)

/** Rows in the shape of those that come. */
function Loading<Row extends Record>({ columns, selection, actionsOf }: RecordTableProps<Row>) {
  return loadingRows.map((row) => (
    <tr key={row} aria-hidden>
      {selection && (
        <td className={styles.pick}>
          <Skeleton height={16} width={16} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.key} data-align={column.align} className={column.fixed ? styles.name : undefined}>
          <Skeleton
            height={10}
            display="inline-block"
            width={
              column.fixed
                ? 120 + ((row * 37) % 90)
                : typeof column.width === 'number'
                  ? Math.min(64, column.width - 30)
                  : 96
            }
          />
        </td>
      ))}
      {actionsOf && (
        <td data-align="right" className={styles.acts}>
          <Skeleton height={10} width={96} display="inline-block" />
        </td>
      )}
    </tr>
  ))
}

function Totals<Row extends Record>({ columns, selection, actionsOf }: RecordTableProps<Row>) {
  return (
    <tfoot>
      <tr>
        {selection && <td className={styles.pick} />}
        {columns.map((column) =>
          column.fixed ? (
            <th key={column.key} scope="row" className={styles.name}>
              {texts.table.total}
            </th>
          ) : (
            <td key={column.key} data-align={column.align}>
              {column.total}
            </td>
          ),
        )}
        {actionsOf && <td className={styles.acts} />}
      </tr>
    </tfoot>
  )
}
