import { nameKey } from '@granary/contract'
import {
  type Database,
  type DatabaseLocation,
  ensureDefaults,
  newId,
  openDatabase,
  type Schema,
  systemClock,
} from '@granary/server'
import { CompiledQuery } from 'kysely'
import { randomNumbers } from './random-numbers.ts'
import { clientIdOf, customerName, resellerName } from './tenancy-names.ts'

export interface TenancySize {
  readonly resellers?: number
  readonly customers?: number
  readonly clients?: number
}

const day = 24 * 60 * 60 * 1000
const GB = 1_000_000_000
const rowsAtOnce = 1000

/**
 * Fills an empty server's database with believable tenants, straight into its tables: by default 1 000 resellers,
 * 10 000 customers and 100 000 clients, a few customers with many clients and many with a few. The same each time,
 * but for the IDs. Vaults stay empty; only the accounts say that something is in them.
 */
export async function seedLargeTenancy(
  options: TenancySize & ({ readonly dataFolder: string } | { readonly databaseUrl: string }),
): Promise<void> {
  const location: DatabaseLocation =
    'dataFolder' in options
      ? { kind: 'sqlite', dataFolder: options.dataFolder }
      : { kind: 'postgres', url: options.databaseUrl }
  const database = await openDatabase(location)
  try {
    await ensureDefaults(database, systemClock)
    await fillTenancy(database, options)
  } finally {
    await database.close()
  }
}

export async function fillTenancy(database: Database, size: TenancySize = {}): Promise<void> {
  const tenants = invent({ resellers: 1000, customers: 10_000, clients: 100_000, ...size })
  for (const [table, rows] of Object.entries(tenants) as [keyof Schema, Record<string, unknown>[]][]) {
    await insertAll(database, table, rows)
  }
}

/**
 * Compiles the insert once, as that takes far longer than running it. In a single transaction PostgreSQL would go through
 * all earlier counts of a customer's clients with each further one.
 */
async function insertAll(
  database: Database,
  table: keyof Schema,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  let compiled: CompiledQuery | undefined
  for (let i = 0; i < rows.length; i += rowsAtOnce) {
    const some = rows.slice(i, i + rowsAtOnce)
    if (!compiled || some.length < rowsAtOnce) {
      compiled = database.queries
        .insertInto(table)
        .values(some as never)
        .compile()
    }
    const parameters = some.flatMap((row) => columns.map((column) => row[column]))
    const insert = CompiledQuery.raw(compiled.sql, parameters)
    await database.transaction((transaction) => transaction.executeQuery(insert))
  }
}

/** Rows by table, parents first. */
function invent(size: Required<TenancySize>): Record<string, Record<string, unknown>[]> {
  const random = randomNumbers(20_261_124)
  const now = systemClock.now()
  const month = new Date(now).toISOString().slice(0, 7)
  const space: Record<string, unknown>[] = []
  const licence_use: Record<string, unknown>[] = []
  const accounts = (id: string, used: number, units: number, isLimited: boolean) => {
    // Full to between a third and all of the limit.
    const allotted = isLimited ? Math.ceil(used / (0.33 + random() * 0.67) / GB) * GB : null
    space.push({
      owner_id: id,
      allotted_bytes: allotted,
      used_bytes: used,
      reserved_bytes: 0,
      changed_at: now - Math.floor(random() * day),
    })
    const till = units * 12
    licence_use.push({
      owner_id: id,
      allotted: isLimited ? till + 100 : null,
      used_till_date: till,
      month,
      used_in_month: units,
    })
  }

  const resellers = Array.from({ length: size.resellers }, (_, i) => ({
    ...tenant('reseller', resellerName(i), i),
    used: 0,
    units: 0,
  }))
  const customers = Array.from({ length: size.customers }, (_, i) => ({
    ...tenant('customer', customerName(i), i),
    reseller: resellers[Math.floor(random() ** 2 * resellers.length)] ?? resellers[0],
    used: 0,
    units: 0,
  }))
  const clients = Array.from({ length: size.clients }, (_, i) => {
    // Each customer has one; the others go to a few.
    const at = i < customers.length ? i : Math.floor(random() ** 3 * customers.length)
    const customer = customers[at]
    if (!customer?.reseller) throw new Error('Clients need a customer, and customers a reseller.')
    const used = Math.round(GB * 1000 ** random())
    const kind = random() < 0.25 ? 'server' : 'workstation'
    const units = kind === 'server' ? 2 : 1
    for (const owner of [customer, customer.reseller]) {
      owner.used += used
      owner.units += units
    }
    const id = newId('client')
    const allotted = random() < 0.3 ? Math.ceil(used / GB) * 2 * GB : null
    space.push({
      owner_id: id,
      allotted_bytes: allotted,
      used_bytes: used,
      reserved_bytes: 0,
      changed_at: now - Math.floor(random() * day),
    })
    return {
      id,
      client_id: clientIdOf(i),
      client_id_key: clientIdOf(i),
      customer_id: customer.id,
      kind,
      state: random() < 0.02 ? 'deactivated' : 'active',
      append_only: random() < 0.2 ? 1 : 0,
      secret_hash: Buffer.alloc(32, i % 256),
      admitted_by: random() < 0.5 ? 'added' : 'auto-authorization',
      last_backup_at: random() < 0.05 ? null : now - Math.floor(random() * 3 * day),
      created_at: now - Math.floor(random() * 900 * day),
      deleted_at: null,
    }
  })
  for (const one of resellers) accounts(one.id, one.used, one.units, random() < 0.5)
  for (const one of customers) accounts(one.id, one.used, one.units, random() < 0.6)

  return {
    resellers: resellers.map(({ used: _, units: __, ...row }) => row),
    customers: customers.map(({ used: _, units: __, reseller, ...row }, i) => ({
      ...row,
      reseller_id: reseller?.id,
      url_key: `customer-${i + 1}`,
      pass_key: `seed-${i}`,
    })),
    clients,
    space,
    licence_use,
  }

  function tenant(kind: 'reseller' | 'customer', name: string, number: number) {
    return {
      id: newId(kind),
      name,
      name_key: nameKey(name),
      is_default: 0,
      state: random() < 0.03 ? 'deactivated' : 'active',
      auto_authorization: random() < 0.2 ? 1 : 0,
      created_at: now - Math.floor(random() * 1500 * day),
      deleted_at: null,
      email: `office${number}@example.com`,
      address: '',
      city: '',
      country: '',
      phone: '',
      tax_number: '',
      notes: '',
    }
  }
}
