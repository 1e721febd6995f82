import type { List } from '@granary/contract'
import type { Column } from './columns.ts'
import { csvFile } from './csv.ts'

/** As many rows as the API gives at once. */
const rowsPerCall = 500

/**
 * Reads all pages of a list and hands them to the browser as a CSV file.
 * @param read one page, from a cursor on
 * @param onProgress rows read so far, and how many there are
 */
export async function exportList<Row>(what: {
  readonly fileName: string
  readonly columns: readonly Column<Row>[]
  readonly read: (page: { cursor?: string; limit: number }) => Promise<List<Row>>
  readonly onProgress: (done: number, total: number) => void
}): Promise<void> {
  const fields = what.columns.flatMap((column) => column.csv ?? [])
  const lines: (string | number | null)[][] = [fields.map((field) => field.heading)]
  let cursor: string | undefined
  do {
    const page: List<Row> = await what.read({ limit: rowsPerCall, ...(cursor && { cursor }) })
    for (const row of page.items) lines.push(fields.map((field) => field.value(row)))
    what.onProgress(lines.length - 1, page.total)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  // The mark at the start makes spreadsheets read it as UTF-8.
  download(what.fileName, new Blob(['\ufeff', csvFile(lines)], { type: 'text/csv;charset=utf-8' }))
}

/** Hands a file to the browser. */
export function download(fileName: string, file: Blob): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  URL.revokeObjectURL(address)
}
