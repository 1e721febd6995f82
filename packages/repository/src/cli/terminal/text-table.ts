export interface Column<Row> {
  readonly title: string
  /** Several lines where the cell needs them. */
  readonly cell: (row: Row) => string | readonly string[]
  readonly alignRight?: boolean
}

/** Rows under titles, between rules, as restic draws tables. */
export function drawTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  footer: string,
): string {
  const cells = rows.map((row) => columns.map(({ cell }) => [cell(row)].flat()))
  const widths = columns.map(({ title }, place) =>
    Math.max(title.length, ...cells.flatMap((row) => (row[place] ?? []).map((text) => text.length))),
  )
  const draw = (texts: readonly string[]) =>
    columns
      .map(({ alignRight }, place) => {
        const width = widths[place] ?? 0
        const text = texts[place] ?? ''
        return alignRight ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))
  const lines = cells.flatMap((row) => {
    const height = Math.max(1, ...row.map((texts) => texts.length))
    return Array.from({ length: height }, (_, line) => draw(row.map((texts) => texts[line] ?? '')))
  })
  return [draw(columns.map(({ title }) => title)), rule, ...lines, rule, footer].join('\n')
}
