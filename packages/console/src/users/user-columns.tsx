import type { User } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import tableStyles from '../table/table.module.css'
import tenantStyles from '../tenants/tenants.module.css'
import { texts } from '../texts/index.ts'

const time = (at: number | null) => (at === null ? '' : new Date(at).toISOString())

export function userColumns({ showsPlace }: { showsPlace: boolean }): Column<User>[] {
  const place: Column<User> = {
    key: 'place',
    title: texts.users.place,
    width: '18%',
    cell: (row) => <span dir="auto">{row.place.name}</span>,
    csv: [{ heading: texts.users.place, value: (row) => row.place.name }],
  }
  return [
    {
      key: 'name',
      title: texts.users.name,
      sortBy: 'name',
      fixed: true,
      cell: (row) => (
        <Go href={addresses.editUser(row.id)} className={tableStyles.plainLink} dir="auto">
          {row.name}
        </Go>
      ),
      csv: [{ heading: texts.users.name, value: (row) => row.name }],
    },
    {
      key: 'email',
      title: texts.users.email,
      sortBy: 'email',
      width: '22%',
      cell: (row) => row.email,
      csv: [{ heading: texts.users.email, value: (row) => row.email }],
    },
    {
      key: 'role',
      title: texts.users.role,
      width: 160,
      cell: (row) => texts.apiKeys.roles[row.role] ?? row.role,
      csv: [{ heading: texts.users.role, value: (row) => row.role }],
    },
    ...(showsPlace ? [place] : []),
    {
      key: 'state',
      title: texts.table.state,
      width: 130,
      cell: (row) =>
        row.state === 'active' ? (
          texts.users.states.active
        ) : (
          <span className={tenantStyles.tag}>{texts.users.states[row.state]}</span>
        ),
      csv: [{ heading: texts.table.state, value: (row) => row.state }],
    },
    {
      key: 'lastSignIn',
      title: texts.users.lastSignIn,
      sortBy: 'lastSignInAt',
      width: 140,
      cell: (row) => (row.lastSignInAt === null ? texts.common.never : <Moment at={row.lastSignInAt} />),
      csv: [{ heading: texts.users.lastSignIn, value: (row) => time(row.lastSignInAt) }],
    },
    {
      key: 'created',
      title: texts.tenants.created,
      sortBy: 'createdAt',
      width: 140,
      optional: true,
      cell: (row) => <Moment at={row.createdAt} />,
      csv: [{ heading: texts.tenants.created, value: (row) => time(row.createdAt) }],
    },
  ]
}
