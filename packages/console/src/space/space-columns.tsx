import type { Session } from '@granary/contract'
import { managesResellers, whyNotPermitted } from '../access/session.ts'
import type { Column } from '../table/columns.ts'
import { nameOf, type Tenant } from '../tenants/toggle.ts'
import { UsedSpace } from '../tenants/used-space.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { useFormatBytes } from '../units/unit-system.ts'
import { allotMcals, allotSpace } from './allot.ts'
import { McalsEditor, SpaceEditor } from './allotment-editors.tsx'
import { EditableCell } from './editable-cell.tsx'
import styles from './space.module.css'

/** One reseller, customer or client with the names of what it is under. */
export interface SpaceLine {
  readonly tenant: Tenant
  readonly reseller?: string | undefined
  readonly customer?: string | undefined
}

const editRoutes = { resellers: 'editReseller', customers: 'editCustomer', clients: 'editClient' } as const

/** What each level is allotted, editable in place, and what it uses. */
export function spaceColumns(session: Session): Column<SpaceLine>[] {
  const whyNot = ({ kind }: Tenant) => whyNotPermitted(session, editRoutes[kind])
  const bytesCsv = (heading: string, value: (line: SpaceLine) => number | null) => [{ heading, value }]
  return [
    {
      key: 'name',
      title: texts.space.name,
      sortBy: 'name',
      fixed: true,
      cell: ({ tenant }) => nameOf(tenant),
      csv: [
        { heading: texts.space.level, value: ({ tenant }) => texts.space.levels[tenant.kind] },
        ...(managesResellers(session)
          ? [{ heading: texts.customers.reseller, value: (line: SpaceLine) => nameAt(line, 'resellers') }]
          : []),
        { heading: texts.clients.customer, value: (line) => nameAt(line, 'customers') },
        { heading: texts.clients.one, value: (line) => nameAt(line, 'clients') },
        { heading: texts.table.state, value: ({ tenant }) => tenant.row.state },
      ],
    },
    {
      key: 'allottedSpace',
      title: texts.tenants.allottedSpace,
      sortBy: 'allottedBytes',
      align: 'right',
      width: 230,
      cell: ({ tenant }) => <Allotted tenant={tenant} whyNot={whyNot(tenant)} />,
      csv: bytesCsv(texts.tenants.allottedSpaceBytes, ({ tenant }) => tenant.row.space.allottedBytes),
    },
    {
      key: 'allottedBelow',
      title: texts.space.allottedBelow,
      align: 'right',
      width: 150,
      cell: ({ tenant }) => (tenant.kind === 'resellers' ? <AllottedBelow space={tenant.row.space} /> : null),
      csv: bytesCsv(texts.space.allottedBelowBytes, ({ tenant }) =>
        tenant.kind === 'resellers' ? tenant.row.space.allottedBelowBytes : null,
      ),
    },
    {
      key: 'usedSpace',
      title: texts.tenants.usedSpace,
      sortBy: 'usedBytes',
      align: 'right',
      width: '20%',
      cell: ({ tenant }) => <UsedSpace space={tenant.row.space} />,
      csv: bytesCsv(texts.tenants.usedSpaceBytes, ({ tenant }) => tenant.row.space.usedBytes),
    },
    {
      key: 'trashSpace',
      title: texts.tenants.trashSpace,
      sortBy: 'trashBytes',
      align: 'right',
      width: 100,
      cell: ({ tenant }) => <Size bytes={tenant.row.space.trashBytes} />,
      csv: bytesCsv(texts.tenants.trashSpaceBytes, ({ tenant }) => tenant.row.space.trashBytes),
    },
    {
      key: 'mcalsAllotted',
      title: texts.tenants.mcalsAllotted,
      sortBy: 'mcalsAllotted',
      align: 'right',
      width: 190,
      cell: ({ tenant }) =>
        tenant.kind === 'clients' ? null : <Mcals tenant={tenant} whyNot={whyNot(tenant)} />,
      csv: [
        {
          heading: texts.tenants.mcalsAllotted,
          value: ({ tenant }) =>
            tenant.kind === 'clients' ? null : (tenant.row.mcals.allotted ?? texts.common.automatic),
        },
      ],
    },
    {
      key: 'mcalsUsed',
      title: texts.space.mcalsUsed,
      sortBy: 'mcalsUsedTillDate',
      align: 'right',
      width: 110,
      cell: ({ tenant }) => formatCount(tenant.row.mcals.usedTillDate),
      csv: [{ heading: texts.space.mcalsUsed, value: ({ tenant }) => tenant.row.mcals.usedTillDate }],
    },
  ]
}

/** The name a line has at a level: its own, or that of what it is under. */
function nameAt({ tenant, reseller, customer }: SpaceLine, kind: Tenant['kind']): string {
  if (tenant.kind === kind) return nameOf(tenant)
  if (kind === 'clients' || tenant.kind === 'resellers') return ''
  return (kind === 'resellers' ? reseller : customer) ?? ''
}

function Allotted({ tenant, whyNot }: { tenant: Tenant; whyNot: string | null }) {
  const formatBytes = useFormatBytes()
  const { allottedBytes } = tenant.row.space
  const label = texts.space.editSpace(nameOf(tenant))
  return (
    <EditableCell
      label={label}
      whyNot={whyNot}
      value={allottedBytes === null ? texts.common.unlimited : formatBytes(allottedBytes)}
      isQuiet={allottedBytes === null}
      editor={(close) => (
        <SpaceEditor
          label={label}
          bytes={allottedBytes}
          onSave={(bytes) => allotSpace(tenant, bytes)}
          onClose={close}
        />
      )}
    />
  )
}

function AllottedBelow(props: { space: { allottedBytes: number | null; allottedBelowBytes: number } }) {
  const { allottedBytes, allottedBelowBytes } = props.space
  const isOver = allottedBytes !== null && allottedBelowBytes > allottedBytes
  return (
    <span
      className={isOver ? styles.over : undefined}
      data-hint={isOver ? texts.space.overAllotted : undefined}
    >
      <Size bytes={allottedBelowBytes} />
    </span>
  )
}

function Mcals(props: { tenant: Exclude<Tenant, { kind: 'clients' }>; whyNot: string | null }) {
  const { tenant, whyNot } = props
  const { allotted } = tenant.row.mcals
  const label = texts.space.editMcals(tenant.row.name)
  return (
    <EditableCell
      label={label}
      whyNot={whyNot}
      value={allotted === null ? texts.common.automatic : formatCount(allotted)}
      isQuiet={allotted === null}
      editor={(close) => (
        <McalsEditor
          label={label}
          units={allotted}
          onSave={(units) => allotMcals(tenant, units)}
          onClose={close}
        />
      )}
    />
  )
}
