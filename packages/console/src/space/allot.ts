import type { Customer, Reseller } from '@granary/contract'
import { changeCached, showAhead } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { nameOf, type Tenant } from '../tenants/toggle.ts'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { formatBytes } from '../units/unit-system.ts'

/** Shows another limit at once; where the server refuses, it goes back and says why. */
export function allotSpace(tenant: Tenant, bytes: number | null): void {
  const before = tenant.row.space.allottedBytes
  const shown = bytes === null ? texts.common.unlimited : formatBytes(bytes)
  void change(tenant, {
    show: (undone) =>
      changeCached<Tenant['row']>(tenant.kind, tenant.row.id, (row) =>
        withLimit(row, undone ? before : bytes),
      ),
    body: { space: { allottedBytes: bytes } },
    said: texts.space.spaceAllotted(nameOf(tenant), shown),
    undo: () => allotSpace({ ...tenant, row: withLimit(tenant.row, bytes) } as Tenant, before),
  })
}

export function allotMcals(tenant: Exclude<Tenant, { kind: 'clients' }>, units: number | null): void {
  const before = tenant.row.mcals.allotted
  const shown = units === null ? texts.common.automatic : formatCount(units)
  void change(tenant, {
    show: (undone) =>
      changeCached<Reseller | Customer>(tenant.kind, tenant.row.id, (row) => ({
        ...row,
        mcals: { ...row.mcals, allotted: undone ? before : units },
      })),
    body: { mcals: { allotted: units } },
    said: texts.space.mcalsAllotted(tenant.row.name, shown),
    undo: () =>
      allotMcals(
        {
          ...tenant,
          row: { ...tenant.row, mcals: { ...tenant.row.mcals, allotted: units } },
        } as typeof tenant,
        before,
      ),
  })
}

function withLimit<Row extends Tenant['row']>(row: Row, allottedBytes: number | null): Row {
  return { ...row, space: { ...row.space, allottedBytes } }
}

function change(
  tenant: Tenant,
  what: {
    readonly show: (undone: boolean) => void
    readonly body: object
    readonly said: string
    readonly undo: () => void
  },
): Promise<void> {
  const params = { id: tenant.row.id }
  return showAhead(
    tenant.kind,
    () => what.show(false),
    async () => {
      try {
        if (tenant.kind === 'resellers') await call('editReseller', { params, body: what.body })
        else if (tenant.kind === 'customers') await call('editCustomer', { params, body: what.body })
        else await call('editClient', { params, body: what.body })
        tell(what.said, what.undo)
      } catch (failure) {
        what.show(true)
        tellRefusal(failure)
      }
    },
  )
}
