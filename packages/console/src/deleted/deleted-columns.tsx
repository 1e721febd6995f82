import type { Deletion } from '@granary/contract'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import { formatCount } from '../texts/formats.ts'
import { said, texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { useFormatBytes } from '../units/unit-system.ts'

/** The Deleted Client/Backup Report, column by column. */
export function deletedColumns(): Column<Deletion>[] {
  const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
  return [
    {
      key: 'askedAt',
      title: texts.deleted.askedAt,
      sortBy: 'askedAt',
      width: 110,
      fixed: true,
      cell: (row) => <Moment at={row.askedAt} />,
      csv: [
        { heading: texts.deleted.askedAt, value: (row) => iso(row.askedAt) },
        { heading: texts.deleted.doneAt, value: (row) => iso(row.doneAt) },
      ],
    },
    {
      key: 'name',
      title: texts.deleted.name,
      sortBy: 'name',
      width: '14%',
      cell: (row) => <span dir="auto">{row.name}</span>,
      csv: [{ heading: texts.deleted.name, value: (row) => row.name }],
    },
    {
      key: 'subject',
      title: texts.deleted.subject,
      width: '18%',
      cell: (row) => <Subject row={row} />,
      csv: [
        { heading: texts.deleted.subject, value: (row) => texts.deleted.kinds[row.kind] },
        { heading: texts.deleted.objects, value: (row) => row.objects },
        { heading: texts.deleted.versions, value: (row) => row.versions },
      ],
    },
    {
      key: 'parentPath',
      title: texts.deleted.parentPath,
      width: '14%',
      cell: (row) => <span dir="auto">{row.parentPath}</span>,
      csv: [{ heading: texts.deleted.parentPath, value: (row) => row.parentPath }],
    },
    {
      key: 'bytes',
      title: texts.deleted.size,
      sortBy: 'bytes',
      align: 'right',
      width: 90,
      cell: (row) => <Size bytes={row.bytes} />,
      csv: [{ heading: texts.deleted.sizeBytes, value: (row) => row.bytes }],
    },
    {
      key: 'objects',
      title: texts.deleted.objects,
      align: 'right',
      width: 90,
      optional: true,
      cell: (row) => formatCount(row.objects),
    },
    {
      key: 'by',
      title: texts.deleted.by,
      width: '14%',
      cell: (row) => (
        <span dir="auto" data-hint={row.by.address}>
          {byWhom(row)}
        </span>
      ),
      csv: [
        { heading: texts.deleted.by, value: byWhom },
        { heading: texts.deleted.address, value: (row) => row.by.address },
      ],
    },
    {
      key: 'state',
      title: texts.deleted.outcome,
      width: 130,
      cell: (row) => <span data-hint={whyOf(row) || undefined}>{texts.deleted.states[row.state]}</span>,
      csv: [
        { heading: texts.deleted.outcome, value: (row) => texts.deleted.states[row.state] },
        { heading: texts.deleted.reason, value: (row) => row.reason },
      ],
    },
    {
      key: 'until',
      title: texts.deleted.until,
      width: 100,
      cell: (row) => {
        if (row.frozen) return <span data-hint={texts.warnings.frozenHint}>{texts.warnings.frozen}</span>
        return row.inTrashUntil === null ? '–' : <Moment at={row.inTrashUntil} />
      },
      csv: [
        { heading: texts.deleted.until, value: (row) => (row.frozen ? 'frozen' : iso(row.inTrashUntil)) },
      ],
    },
  ]
}

/** What a person understands by it: "A prune freed 12 GB". */
function Subject({ row }: { row: Deletion }): string {
  const formatBytes = useFormatBytes()
  const { kind, customers, clients, versions, objects } = row
  if (row.state === 'refused') return texts.deleted.kinds[kind]
  if (kind === 'reseller') return texts.deleted.reseller(customers, clients)
  if (kind === 'customer') return texts.deleted.customer(clients)
  if (kind === 'client') return texts.deleted.client(versions)
  if (kind === 'versions') return texts.deleted.versionsRemoved(versions)
  if (kind === 'put-back') return texts.deleted.added(objects)
  return texts.deleted.pruned(formatBytes(row.bytes), versions)
}

function byWhom({ by }: Deletion): string {
  return by.kind === 'client' ? texts.deleted.byKinds.client : by.name || texts.deleted.byKinds[by.kind]
}

function whyOf({ reason, refusal, purge }: Deletion): string {
  if (purge) return purge.approved ? texts.deleted.underWay : texts.deleted.waiting(purge.askedBy)
  return refusal ? said(refusal) : reason
}
