import type { Customer, Reseller, RouteName, Session } from '@granary/contract'
import { IconPlugConnected, IconPower } from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import type { Column } from '../table/columns.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import styles from './tenants.module.css'
import { nameOf, type Tenant, toggleActive, toggleAutoAuthorization } from './toggle.ts'
import { ToggleSwitch } from './toggle-switch.tsx'
import { AllottedSpace, UsedSpace } from './used-space.tsx'
import { whyNot } from './why-not.ts'

/** What resellers, customers and clients have in common in their lists. */

type Row = Tenant['row']

export function allottedSpaceColumn<R extends Row>(total?: number): Column<R> {
  return {
    key: 'allottedSpace',
    title: texts.tenants.allottedSpace,
    sortBy: 'allottedBytes',
    align: 'right',
    width: 92,
    cell: (row) => <AllottedSpace bytes={row.space.allottedBytes} />,
    total: total === undefined ? undefined : <Size bytes={total} />,
    csv: [{ heading: texts.tenants.allottedSpaceBytes, value: (row) => row.space.allottedBytes }],
  }
}

export function usedSpaceColumn<R extends Row>(total?: number): Column<R> {
  return {
    key: 'usedSpace',
    title: texts.tenants.usedSpace,
    sortBy: 'usedBytes',
    align: 'right',
    width: '17%',
    cell: (row) => <UsedSpace space={row.space} />,
    total: total === undefined ? undefined : <Size bytes={total} />,
    csv: [{ heading: texts.tenants.usedSpaceBytes, value: (row) => row.space.usedBytes }],
  }
}

/** What lies in the trash; no part of Used Space. */
export function trashSpaceColumn<R extends Row>(total?: number): Column<R> {
  return {
    key: 'trashSpace',
    title: texts.tenants.trashSpace,
    sortBy: 'trashBytes',
    align: 'right',
    width: 100,
    optional: true,
    cell: (row) => <Size bytes={row.space.trashBytes} />,
    total: total === undefined ? undefined : <Size bytes={total} />,
    csv: [{ heading: texts.tenants.trashSpaceBytes, value: (row) => row.space.trashBytes }],
  }
}

export function mcalColumns<R extends Reseller | Customer>(totalUsed?: number): Column<R>[] {
  return [
    {
      key: 'mcalsAllotted',
      title: texts.tenants.mcalsAllotted,
      sortBy: 'mcalsAllotted',
      align: 'right',
      width: 90,
      cell: (row) =>
        row.mcals.allotted === null ? (
          <span className={styles.dimmed}>{texts.common.automatic}</span>
        ) : (
          formatCount(row.mcals.allotted)
        ),
      csv: [
        {
          heading: texts.tenants.mcalsAllotted,
          value: (row) => row.mcals.allotted ?? texts.common.automatic,
        },
      ],
    },
    {
      key: 'mcalsUsedTillDate',
      title: texts.tenants.mcalsUsedTillDate,
      sortBy: 'mcalsUsedTillDate',
      align: 'right',
      width: 122,
      cell: (row) => formatCount(row.mcals.usedTillDate),
      total: totalUsed === undefined ? undefined : formatCount(totalUsed),
      csv: [{ heading: texts.tenants.mcalsUsedTillDate, value: (row) => row.mcals.usedTillDate }],
    },
  ]
}

export interface ToggleRules {
  readonly whyNotActive: string | null
  readonly whyNotAutoAuthorization: string | null
}

/** Why the two switches of a row can't be used by who is signed in. */
export function toggleRules(session: Session, tenant: Tenant): ToggleRules {
  const isActive = tenant.row.state === 'active'
  const routes: Record<
    Tenant['kind'],
    readonly [activate: RouteName, deactivate: RouteName, edit: RouteName]
  > = {
    resellers: ['activateReseller', 'deactivateReseller', 'editReseller'],
    customers: ['activateCustomer', 'deactivateCustomer', 'editCustomer'],
    clients: ['activateClient', 'deactivateClient', 'editClient'],
  }
  const [activate, deactivate, edit] = routes[tenant.kind]
  return {
    whyNotActive:
      whyNotPermitted(session, isActive ? deactivate : activate) ??
      whyNot(isActive ? 'deactivate' : 'activate', tenant.row),
    whyNotAutoAuthorization: whyNotPermitted(session, edit),
  }
}

export function activeColumn<R extends Row>(session: Session, tenantOf: (row: R) => Tenant): Column<R> {
  return {
    key: 'active',
    title: texts.tenants.active,
    align: 'center',
    width: 62,
    cell: (row) => {
      const tenant = tenantOf(row)
      const isActive = row.state === 'active'
      return (
        <ToggleSwitch
          label={texts.tenants.activeOf(nameOf(tenant))}
          on={isActive}
          hint={isActive ? texts.tenants.deactivate : texts.tenants.activate}
          whyNot={toggleRules(session, tenant).whyNotActive}
          onToggle={(on) => toggleActive(tenant, on)}
        />
      )
    },
    csv: [{ heading: texts.table.state, value: (row) => row.state }],
  }
}

export function autoAuthorizationColumn<R extends Reseller | Customer>(
  session: Session,
  tenantOf: (row: R) => Exclude<Tenant, { kind: 'clients' }>,
): Column<R> {
  return {
    key: 'autoAuthorization',
    title: texts.tenants.autoAuthorization,
    align: 'center',
    width: 104,
    cell: (row) => {
      const tenant = tenantOf(row)
      return (
        <ToggleSwitch
          label={texts.tenants.autoAuthorizationOf(row.name)}
          on={row.autoAuthorization}
          hint={
            row.autoAuthorization
              ? texts.tenants.disableAutoAuthorization
              : texts.tenants.enableAutoAuthorization
          }
          whyNot={toggleRules(session, tenant).whyNotAutoAuthorization}
          onToggle={(on) => toggleAutoAuthorization(tenant, on)}
        />
      )
    },
    csv: [
      { heading: texts.tenants.autoAuthorization, value: (row) => (row.autoAuthorization ? 'on' : 'off') },
    ],
  }
}

/** The switches of a row, as lines of its menu. */
export function toggleActions(session: Session, tenant: Tenant): RowAction[] {
  const rules = toggleRules(session, tenant)
  const isActive = tenant.row.state === 'active'
  const active: RowAction = {
    key: 'active',
    label: isActive ? texts.tenants.deactivate : texts.tenants.activate,
    icon: IconPower,
    whyNot: rules.whyNotActive,
    run: () => toggleActive(tenant, !isActive),
    onlyInMenu: true,
  }
  if (tenant.kind === 'clients') return [active]
  const isOn = tenant.row.autoAuthorization
  return [
    {
      key: 'autoAuthorization',
      label: isOn ? texts.tenants.disableAutoAuthorization : texts.tenants.enableAutoAuthorization,
      icon: IconPlugConnected,
      whyNot: rules.whyNotAutoAuthorization,
      run: () => toggleAutoAuthorization(tenant, !isOn),
      onlyInMenu: true,
    },
    active,
  ]
}
