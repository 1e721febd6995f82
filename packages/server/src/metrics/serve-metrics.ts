import { ProblemError } from '@granary/contract'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { authenticateRequest, type Credentials } from '../access/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'

/**
 * `/metrics` for Prometheus, with an API key of the server in `Authorization: Bearer`. Read from the database at each
 * scrape, so that every process of every server answers the same.
 */
export function serveMetrics(
  app: FastifyInstance,
  {
    database,
    clock,
    credentials,
    version,
  }: { database: Database; clock: Clock; credentials: Credentials; version: string },
): void {
  app.route({
    method: 'GET',
    url: '/metrics',
    exposeHeadRoute: false,
    async handler(request, reply) {
      const actor = await authenticateRequest({ database, credentials, now: clock.now() }, request.raw)
      if (actor.level !== 'server') throw new ProblemError('not-permitted', { needed: 'server-read-only' })
      const { Gauge, Registry } = await import('prom-client')
      const registry = new Registry()
      const gauge = (name: string, help: string, samples: readonly Sample[], labelNames: string[] = []) => {
        const metric = new Gauge({ name: `granary_${name}`, help, labelNames, registers: [registry] })
        for (const { labels, value } of samples) metric.set(labels, value)
      }
      const { queries } = database
      gauge('info', 'The version of the server', [{ labels: { version }, value: 1 }], ['version'])
      gauge('resellers', 'Resellers by state', await countedBy(queries, 'resellers'), ['state'])
      gauge('customers', 'Customers by state', await countedBy(queries, 'customers'), ['state'])
      gauge('clients', 'Clients by state', await countedBy(queries, 'clients'), ['state'])
      gauge('used_bytes', 'Bytes stored now, as stored', [await usedBytes(queries)])
      gauge('jobs', 'Jobs that wait or were given up', await jobs(queries), ['kind', 'state'])
      gauge('alerts', 'Open alerts', await openAlerts(queries), ['kind'])
      gauge('audit_entries', 'Entries of the audit log', [await auditEntries(queries)])
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  })
}

interface Sample {
  readonly labels: Record<string, string>
  readonly value: number
}

async function countedBy(
  queries: Kysely<Schema>,
  table: 'resellers' | 'customers' | 'clients',
): Promise<Sample[]> {
  const rows = await queries
    .selectFrom(table)
    .select((eb) => ['state', eb.fn.countAll<number>().as('amount')])
    .where('deleted_at', 'is', null)
    .groupBy('state')
    .execute()
  return rows.map(({ state, amount }) => ({ labels: { state }, value: amount }))
}

async function usedBytes(queries: Kysely<Schema>): Promise<Sample> {
  const row = await queries
    .selectFrom('space')
    .innerJoin('resellers', 'resellers.id', 'space.owner_id')
    .select((eb) => eb.fn.sum<number | null>('space.used_bytes').as('bytes'))
    .executeTakeFirstOrThrow()
  return { labels: {}, value: row.bytes ?? 0 }
}

async function jobs(queries: Kysely<Schema>): Promise<Sample[]> {
  const rows = await queries
    .selectFrom('jobs')
    .select((eb) => [
      'kind',
      eb.fn.countAll<number>().as('all'),
      eb.fn.count<number>('given_up_at').as('failed'),
    ])
    .groupBy('kind')
    .execute()
  return rows.flatMap(({ kind, all, failed }) => [
    { labels: { kind, state: 'waiting' }, value: all - failed },
    { labels: { kind, state: 'given-up' }, value: failed },
  ])
}

async function openAlerts(queries: Kysely<Schema>): Promise<Sample[]> {
  const rows = await queries
    .selectFrom('alerts')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('amount')])
    .where('resolved_at', 'is', null)
    .groupBy('kind')
    .execute()
  return rows.map(({ kind, amount }) => ({ labels: { kind }, value: amount }))
}

async function auditEntries(queries: Kysely<Schema>): Promise<Sample> {
  const row = await queries
    .selectFrom('audit_head')
    .select(['entries', 'pruned_entries'])
    .executeTakeFirstOrThrow()
  return { labels: {}, value: row.entries - row.pruned_entries }
}
