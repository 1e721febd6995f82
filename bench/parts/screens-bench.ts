import { Agent } from 'node:http'
import { openDatabase, systemClock } from '@granary/server'
import { rawRequest, startThrowawayPostgres, startWorld, temporaryFolder, type World } from '@granary/testing'
import { seedHistory, seedLargeTenancy, seedRecords, seedVersions } from '@granary/testing/seeds'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'

const limitMs = 100
const askedTimes = 200
const warmUp = 20
/** A screen that takes seconds is asked for less often: its figure is known by then. */
const patienceMs = 30_000
/** Snapshots of each of the 100 000 clients: ten million versions, which take minutes to write. */
const versionsEach = Number(process.env.GRANARY_BENCH_VERSIONS_EACH ?? 100)
const history = {
  drawMonths: 2,
  spaceDays: [90, 60, 30, 7, 1],
  waiting: 3000,
  versions: { snapshots: 300, packsEach: 200 },
} as const

/** What has gathered in the other lists over years */
const records = { auditEntries: 200_000, deletions: 20_000, alerts: 20_000, users: 5000 } as const

/** The calls that each screen of the administration makes, `{…}` filled with something there is. */
const screens = {
  'List of Resellers': '/api/v1/resellers?limit=50',
  'List of Resellers, by Used Space': '/api/v1/resellers?sort=-usedBytes&limit=50',
  'List of Customers': '/api/v1/customers?limit=50',
  'List of Customers, by clients': '/api/v1/customers?sort=-clientCount&limit=50',
  'Customers of a reseller': '/api/v1/customers?reseller={reseller}&limit=100',
  'Edit Customer': '/api/v1/customers/{customer}',
  'Clients of a customer': '/api/v1/customers/{customer}/clients?limit=50',
  'Clients of a customer, by last backup': '/api/v1/customers/{customer}/clients?sort=-lastBackupAt&limit=50',
  'Find a client': '/api/v1/clients?search=12&limit=6',
  'A client': '/api/v1/clients/{client}',
  'Versions of a client (400, 60 000 packs)': '/api/v1/clients/{client}/versions?limit=50',
  'Space over time': '/api/v1/clients/{client}/space-history?days=90',
  'Waiting room': '/api/v1/waiting-room?limit=50',
  'Waiting room, searched': '/api/v1/waiting-room?search=till-1&limit=50',
  'License Management': '/api/v1/licences',
  'Monthly statement': '/api/v1/licences/statement?months=24',
  'Utilization history': '/api/v1/licences/draws?limit=50',
  'Utilization history, searched': '/api/v1/licences/draws?search=12&limit=50',
  'Utilization of a customer': '/api/v1/licences/draws?customer={customer}&limit=50',
  'Delete a customer (preview)': '/api/v1/customers/{customer}/deletion-preview',
  'Delete a reseller (preview)': '/api/v1/resellers/{reseller}/deletion-preview',
  'Disk Space, over all levels by name': '/api/v1/customers?search=bak&limit=50',
  'Clients with warning signs': '/api/v1/clients?attention=warning&limit=50',
  'Deleted report': '/api/v1/deletions?limit=50',
  'Deleted report, in the trash, by size': '/api/v1/deletions?state=in-trash&sort=-bytes&limit=50',
  'Deleted report of a customer': '/api/v1/deletions?customer={customer}&limit=50',
  Alerts: '/api/v1/alerts?limit=50',
  'Audit log': '/api/v1/audit-log?limit=50',
  'Audit log, by who': '/api/v1/audit-log?sort=actor&limit=50',
  'Audit log, searched': '/api/v1/audit-log?search=till&limit=50',
  Users: '/api/v1/users?limit=50',
  'Damaged objects': '/api/v1/damage?limit=50',
  Settings: '/api/v1/settings',
} as const

/**
 * How soon every screen's call is answered among 1 000 resellers, 10 000 customers, 100 000 clients and 10 million
 * versions.
 */
export async function runScreensBench(): Promise<BenchTable> {
  const only = process.env.GRANARY_BENCH_DATABASE
  const nothing: ReadonlyMap<string, number[]> = new Map()
  const sqlite = only === 'postgres' ? nothing : await measureSqlite()
  const postgres = only === 'sqlite' ? nothing : await measurePostgres()
  const rows = Object.keys(screens).map((screen) => {
    const [a, b] = [sqlite.get(screen) ?? [], postgres.get(screen) ?? []]
    const worst = Math.max(...[a, b].filter((times) => times.length > 0).map(percentile99))
    return [
      screen,
      ...[median(a), percentile99(a), median(b), percentile99(b)].map((ms) =>
        Number.isNaN(ms) ? '–' : ms.toFixed(1),
      ),
      worst < limitMs ? 'yes' : 'NO',
    ]
  })
  return {
    title: `Every screen's call among 1000 resellers, 10000 customers, 100000 clients and ${versionsEach / 10} million versions, ${askedTimes} requests each`,
    columns: [
      'screen',
      'SQLite p50 ms',
      'SQLite p99 ms',
      'PostgreSQL p50 ms',
      'PostgreSQL p99 ms',
      `p99 under ${limitMs} ms`,
    ],
    rows,
    data: { sqlite: Object.fromEntries(sqlite), postgres: Object.fromEntries(postgres) },
  }
}

async function measureSqlite(): Promise<ReadonlyMap<string, number[]>> {
  await using folder = await temporaryFolder('bench-screens')
  await seed({ kind: 'sqlite', dataFolder: folder.path })
  await using world = await startWorld({ dataDir: folder.path })
  return await askEverything(world)
}

async function measurePostgres(): Promise<ReadonlyMap<string, number[]>> {
  await using postgres = await startThrowawayPostgres()
  await seed({ kind: 'postgres', url: postgres.url })
  await using world = await startWorld({ databaseUrl: postgres.url })
  return await askEverything(world)
}

async function seed(location: Parameters<typeof openDatabase>[0]): Promise<void> {
  await seedLargeTenancy(
    location.kind === 'sqlite' ? { dataFolder: location.dataFolder } : { databaseUrl: location.url },
  )
  const database = await openDatabase(location)
  try {
    await seedVersions(database, versionsEach, systemClock.now())
    await seedRecords(database, records, systemClock.now())
    await seedHistory(database, history, systemClock.now())
  } finally {
    await database.close()
  }
}

async function askEverything(world: World): Promise<ReadonlyMap<string, number[]>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async (path: string) => {
    const asked = performance.now()
    const answer = await rawRequest(world.url, path, {
      method: 'GET',
      headers: { authorization: `Bearer ${world.apiKey}` },
      agent,
    })
    const ms = performance.now() - asked
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${answer.body}`)
    return {
      ms,
      body: JSON.parse(answer.body.toString()) as { items: { id: string; customer: { id: string } }[] },
    }
  }
  const first = async (path: string) => (await ask(path)).body.items[0]
  const client = await first('/api/v1/clients?sort=clientId&limit=1')
  const there: Record<string, string> = {
    reseller: (await first('/api/v1/resellers?sort=-usedBytes&limit=1'))?.id ?? '',
    customer: (await first('/api/v1/customers?sort=-clientCount&limit=1'))?.id ?? '',
    client: client?.id ?? '',
  }
  const measured = new Map<string, number[]>()
  for (const [screen, path] of Object.entries(screens)) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => there[name] ?? '')
    // The first ones compile the code and fill the caches, as long ago in a server that runs for months.
    const began = performance.now()
    for (let i = 0; i < warmUp && performance.now() - began < patienceMs; i++) await ask(filled)
    const latenciesMs: number[] = []
    for (let i = 0; i < askedTimes && performance.now() - began < patienceMs; i++)
      latenciesMs.push((await ask(filled)).ms)
    measured.set(screen, latenciesMs)
    console.log(
      `${world.databaseUrl ? 'PostgreSQL' : 'SQLite'}: ${screen}, ${median(latenciesMs).toFixed(1)} ms`,
    )
  }
  agent.destroy()
  return measured
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
}
