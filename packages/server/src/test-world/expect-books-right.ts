import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'

const joined = `clients as c join customers as u on u.id = c.customer_id join space as s on s.owner_id = c.id`
const used = `sum(case when c.deleted_at is null then s.used_bytes else 0 end)`
const trash = `sum(s.trash_bytes + case when c.deleted_at is null then 0 else s.used_bytes end)`

/** What space of each reseller and customer is, by the accounts of the clients below it. */
const spaceOf = (tenants: string, owner: string) => `
  select p.id, p.name, s.used_bytes, s.trash_bytes, b.used, b.trash from ${tenants} as p
  join space as s on s.owner_id = p.id
  left join (select ${owner} as owner_id, ${used} as used, ${trash} as trash from ${joined} group by 1) as b
    on b.owner_id = p.id
  where s.used_bytes <> coalesce(b.used, 0) or s.trash_bytes <> coalesce(b.trash, 0)`

const bytesOf = (table: string) =>
  `coalesce((select sum(t.bytes) from ${table} as t where t.vault_no = c.vault_no), 0)`

/** MCALs of each owner, by its account, the ledger, its months and their parts. */
const mcalsOf = (owner: string) => `
  select l.*, m.used, p.used from licence_use as a
  join (select ${owner} as owner_id, sum(units) as units from licence_ledger group by 1) as l
    on l.owner_id = a.owner_id
  left join (select owner_id, sum(used) as used from licence_months group by 1) as m on m.owner_id = l.owner_id
  left join (select owner_id, sum(used) as used from licence_month_parts group by 1) as p on p.owner_id = l.owner_id
  where a.used_till_date <> l.units or m.used is distinct from l.units or p.used is distinct from l.units`

const twice = (table: string, key: string) =>
  `select ${key} from ${table} where deleted_at is null group by 1 having count(*) > 1`

/** Each selects what is wrong with something. */
const wrong: Readonly<Record<string, string>> = {
  'used space of clients': `select c.id, s.used_bytes from ${joined}
    where c.purged_at is null and s.used_bytes <> ${bytesOf('objects')}`,
  'trash of clients': `select c.id, s.trash_bytes from ${joined} where s.trash_bytes <> ${bytesOf('trash')}`,
  'space of customers': spaceOf('customers', 'c.customer_id'),
  'space of resellers': spaceOf('resellers', 'u.reseller_id'),
  'reserved space': `select * from space as s where s.reserved_bytes <> (
    select coalesce(sum(n.held_bytes), 0) from undeletions as n
    where n.finished_at is null and s.owner_id in (n.client_id, n.customer_id, n.reseller_id))`,
  'counts of clients': `select id, client_count from customers as u where client_count <>
    (select count(*) from clients as c where c.customer_id = u.id and c.deleted_at is null)`,
  'counts of customers': `select id, customer_count from resellers as r where customer_count <>
    (select count(*) from customers as u where u.reseller_id = r.id and u.deleted_at is null)`,
  'clients below who was deleted': `select c.id from ${joined}
    where c.deleted_at is null and u.deleted_at is not null`,
  'customers below who was deleted': `select u.id from customers as u
    join resellers as r on r.id = u.reseller_id where u.deleted_at is null and r.deleted_at is not null`,
  'names of resellers': twice('resellers', 'name_key'),
  'names of customers': twice('customers', 'name_key'),
  'client IDs': twice('clients', 'client_id_key'),
  'MCALs of customers': mcalsOf('customer_id'),
  'MCALs of resellers': mcalsOf('reseller_id'),
  'MCALs of the pool': mcalsOf(`'server'`),
  'MCALs of who drew none': `select * from licence_use as a where used_till_date <> 0 and owner_id <> 'server'
    and not exists (select 1 from licence_ledger as l where a.owner_id in (l.customer_id, l.reseller_id))`,
  'draws of months': `select d.* from licence_draws as d where d.units is distinct from (
    select sum(l.units) from licence_ledger as l where l.client_id = d.client_id and l.month = d.month)`,
  'lines of the deleted report': `select * from deletions
    where restored_bytes + purged_bytes > bytes or restored_objects + purged_objects > objects
      or restored_bytes < 0 or purged_bytes < 0`,
  'what lines have in the trash': `select d.id, d.state, d.objects from deletions as d
    where d.kind in ('versions', 'objects', 'put-back') and d.objects - d.restored_objects - d.purged_objects <>
      (select count(*) from trash as t where t.deletion_id = d.id)`,
  'whose lines are': `select d.id, d.kind from deletions as d
    join clients as c on c.vault_no = d.vault_no join customers as u on u.id = c.customer_id
    where d.state in ('in-trash', 'partly') and (d.customer_id <> c.customer_id or d.reseller_id <> u.reseller_id)`,
}

/** Space and MCALs add up at every level, names are unique, and everything belongs to whom it says. */
export async function expectBooksRight({ queries }: Database): Promise<void> {
  for (const [what, query] of Object.entries(wrong)) {
    const { rows } = await sql.raw(query).execute(queries)
    assert.deepEqual(rows, [], what)
  }
}

const overAllotted = (tenants: string, below: string, above: string) => `
  select p.id from ${tenants} as p join space as s on s.owner_id = p.id
  join ${below} as b on b.${above} = p.id and b.deleted_at is null join space as o on o.owner_id = b.id
  where p.deleted_at is null group by p.id, s.allotted_bytes having sum(o.allotted_bytes) > s.allotted_bytes`

/** @returns customers and resellers below which more is allotted than they have */
export async function findOverAllotted({ queries }: Database): Promise<unknown[]> {
  const ofCustomers = await sql.raw(overAllotted('customers', 'clients', 'customer_id')).execute(queries)
  const ofResellers = await sql.raw(overAllotted('resellers', 'customers', 'reseller_id')).execute(queries)
  return [...ofCustomers.rows, ...ofResellers.rows]
}
