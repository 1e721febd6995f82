import type { Database } from '@granary/server'
import { sql } from 'kysely'

const hourMs = 3_600_000

/** How much stands in the lists of a server that has run for years. */
export interface RecordSize {
  readonly auditEntries: number
  readonly deletions: number
  readonly alerts: number
  readonly users: number
}

/**
 * Fills the audit log, the deleted report, alerts and users of a seeded tenancy, for lists to be measured on: an audit
 * log like this can't be verified, and nobody can sign in.
 */
export async function seedRecords(database: Database, size: RecordSize, now: number): Promise<void> {
  const { kind, queries } = database
  const series = (most: number) =>
    kind === 'sqlite'
      ? sql`(with recursive run(n) as (select 1 union all select n + 1 from run where n < ${sql.lit(most)}) select n from run) as run`
      : sql`generate_series(1::bigint, ${sql.lit(most)}) as run(n)`
  const [{ clients }] = (
    await sql<{ clients: number }>`select max(vault_no) as clients from clients`.execute(queries)
  ).rows as [{ clients: number }]
  // Spread over all clients, and each with the names of its place.
  const spread = (most: number) =>
    sql`${series(most)} join clients on clients.vault_no = 1 + (run.n * 7919) % ${sql.lit(clients)}
      join customers on customers.id = clients.customer_id join resellers on resellers.id = customers.reseller_id`
  const noHash = kind === 'sqlite' ? sql`x'00'` : sql`'\\x00'::bytea`
  const at = sql`${sql.lit(now)} - run.n * ${sql.lit(hourMs / 10)}`
  const event = sql`case run.n % 4 when 0 then 'client.created' when 1 then 'client.edited' when 2 then 'client.moved'
    else 'client.deactivated' end`
  await sql`insert into audit_log (at, event, actor, actor_name, address, reseller_id, customer_id, target_id, target_name,
      details, previous_hash, hash, target_key, actor_key, search_key)
    select ${at}, ${event}, 'user:' || (run.n % 300), 'Person ' || (run.n % 300), '192.0.2.7', resellers.id,
      customers.id, clients.id, clients.client_id, '{}', ${noHash}, ${noHash},
      clients.client_id_key, 'person ' || (run.n % 300),
      clients.client_id_key || ${'\n'} || ${event} || ${'\n'} || 'person ' || (run.n % 300)
    from ${spread(size.auditEntries)}`.execute(queries)
  await sql`insert into deletions (id, kind, contents, name, parent_path, target_id, vault_no, reseller_id, customer_id,
      client_id, customers, clients, versions, objects, bytes, restored_objects, restored_bytes, purged_objects, purged_bytes,
      actor, actor_name, address, asked_at, done_at, state, reason, until)
    select 'del_' || run.n, 'objects', null, clients.client_id, resellers.name || ' / ' || customers.name, clients.id,
      clients.vault_no, resellers.id, customers.id, clients.id, 0, 0, 2, 40, 800000000 + run.n, 0, 0, 0, 0, 'client',
      clients.client_id, '192.0.2.7', ${at}, ${at}, case when run.n % 10 < 3 then 'in-trash' else 'purged' end, '',
      ${sql.lit(now)} + run.n
    from ${spread(size.deletions)}`.execute(queries)
  await sql`insert into alerts (id, kind, subject_id, subject_name, reseller_id, customer_id, text, began_at, resolved_at,
      mailed_at)
    select 'alt_' || run.n, 'backup-overdue', clients.id, clients.client_id, resellers.id, customers.id,
      clients.client_id || ' (' || customers.name || ') has not backed up.', ${at},
      case when run.n % 10 = 0 then null else ${at} + 1 end, ${at}
    from ${spread(size.alerts)}`.execute(queries)
  await sql`insert into users (id, name, email, password_hash, level, role, reseller_id, customer_id, created_at, deleted_at,
      state, last_sign_in_at, totp_secret, totp_last_step, mails_off, language)
    select 'usr_' || run.n, 'Person ' || run.n, 'person-' || run.n || '@customer.example', null, 'customer', 'operator', null,
      customers.id, ${at}, null, 'active', ${at}, null, 0, '', null
    from ${spread(size.users)}`.execute(queries)
}
