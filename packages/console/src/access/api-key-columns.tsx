import type { RouteAnswer } from '@granary/contract'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import tenantStyles from '../tenants/tenants.module.css'
import { texts } from '../texts/index.ts'

export type ApiKey = RouteAnswer<'listApiKeys'>['items'][number]

const time = (at: number | null) => (at === null ? '' : new Date(at).toISOString())

export function apiKeyColumns(): Column<ApiKey>[] {
  return [
    {
      key: 'name',
      title: texts.apiKeys.name,
      sortBy: 'name',
      fixed: true,
      cell: (row) => <bdi>{row.name}</bdi>,
      csv: [{ heading: texts.apiKeys.name, value: (row) => row.name }],
    },
    {
      key: 'role',
      title: texts.apiKeys.role,
      width: '22%',
      cell: (row) => texts.apiKeys.roles[row.role] ?? row.role,
      csv: [{ heading: texts.apiKeys.role, value: (row) => row.role }],
    },
    {
      key: 'created',
      title: texts.apiKeys.created,
      sortBy: 'createdAt',
      width: 150,
      cell: (row) => <Moment at={row.createdAt} />,
      csv: [{ heading: texts.apiKeys.created, value: (row) => time(row.createdAt) }],
    },
    {
      key: 'lastUsed',
      title: texts.apiKeys.lastUsed,
      sortBy: 'lastUsedAt',
      width: 150,
      cell: (row) => (row.lastUsedAt === null ? texts.common.never : <Moment at={row.lastUsedAt} />),
      csv: [{ heading: texts.apiKeys.lastUsed, value: (row) => time(row.lastUsedAt) }],
    },
    {
      key: 'expires',
      title: texts.apiKeys.expires,
      sortBy: 'expiresAt',
      width: 150,
      cell: (row) => <Expiry at={row.expiresAt} />,
      csv: [{ heading: texts.apiKeys.expires, value: (row) => time(row.expiresAt) }],
    },
  ]
}

function Expiry({ at }: { at: number | null }) {
  if (at === null) return texts.apiKeys.expiresNever
  if (at < Date.now()) return <span className={tenantStyles.tag}>{texts.apiKeys.expired}</span>
  return <Moment at={at} />
}
