import type { StoredSnapshot } from '../repository.ts'
import { shortId } from './snapshot-json.ts'
import { describeBytes } from './terminal/describe-bytes.ts'
import { localTime } from './terminal/local-time.ts'
import { type Column, drawTable } from './terminal/text-table.ts'

export interface SnapshotRow {
  readonly stored: StoredSnapshot
  /** Why it is kept. */
  readonly reasons?: readonly string[]
}

export function drawSnapshots(
  rows: readonly SnapshotRow[],
  options: { compact?: boolean; reasons?: boolean },
): string {
  const columns: Column<SnapshotRow>[] = [
    { title: 'ID', cell: ({ stored }) => shortId(stored.id) },
    { title: 'Time', cell: ({ stored }) => localTime(stored.snapshot.time) },
    { title: 'Host', cell: ({ stored }) => stored.snapshot.hostname ?? '' },
    { title: 'Tags', cell: ({ stored }) => tagsOf(stored, options.compact ?? false) },
    ...(options.reasons ? [{ title: 'Reasons', cell: ({ reasons = [] }: SnapshotRow) => reasons }] : []),
    ...(options.compact
      ? []
      : [{ title: 'Paths', cell: ({ stored }: SnapshotRow) => stored.snapshot.paths }]),
    {
      title: 'Size',
      alignRight: true,
      cell: ({ stored }) =>
        stored.snapshot.summary ? describeBytes(stored.snapshot.summary.total_bytes_processed) : '',
    },
  ]
  return drawTable(columns, rows, `${rows.length} snapshots`)
}

function tagsOf({ snapshot: { tags = [] } }: StoredSnapshot, compact: boolean): readonly string[] | string {
  return compact ? tags : tags.join(',')
}
