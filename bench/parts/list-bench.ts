import { Agent } from 'node:http'
import type { Customer, List } from '@granary/contract'
import { rawRequest, startWorld, temporaryFolder, type World } from '@granary/testing'
import { seedLargeTenancy } from '@granary/testing/seeds'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'

const customers = 10_000
const clients = 100_000
const limitMs = 50
const askedTimes = 100

/** How people look at the list. `{word}` stands for a part of some customer's name, another one each time. */
const views = {
  'first page': 'limit=50',
  'sorted by Used Space': 'sort=-usedBytes&limit=50',
  'sorted by Allotted Space': 'sort=allottedBytes&limit=50',
  'sorted by MCALs till date': 'sort=-mcalsUsedTillDate&limit=50',
  'sorted by reseller': 'sort=reseller&limit=50',
  'sorted by number of clients': 'sort=-clientCount&limit=50',
  'searched by part of a name': 'search={word}&limit=50',
  'searched and sorted': 'search={word}&sort=-usedBytes&limit=50',
  'searched without a match': 'search=no%20such%20name&limit=50',
  'only deactivated ones': 'state=deactivated&limit=50',
  'only those near their limit': 'nearLimit=true&limit=50',
  'a page of 500': 'limit=500',
} as const

/** How soon the List of Customers answers a whole page, in a tenancy of the size Granary is made for. */
export async function runListBench(): Promise<BenchTable> {
  await using folder = await temporaryFolder('bench-list')
  await seedLargeTenancy({ dataFolder: folder.path, customers, clients })
  await using world = await startWorld({ dataDir: folder.path })
  const ask = listReader(world)
  const words = (await ask('sort=createdAt&limit=500')).page.items.flatMap((one) => one.name.split(' '))

  const measured: { view: string; latenciesMs: number[] }[] = []
  for (const [view, query] of Object.entries(views)) {
    const latenciesMs: number[] = []
    for (let i = 0; i < askedTimes; i++) {
      const word = words[(i * 37) % words.length] ?? ''
      latenciesMs.push((await ask(query.replace('{word}', encodeURIComponent(word)))).ms)
    }
    measured.push({ view, latenciesMs })
  }
  measured.push({ view: 'paged on and on by its cursor', latenciesMs: await pageThrough(ask) })

  return {
    title: `List of Customers among ${customers} customers with ${clients} clients, ${askedTimes} requests a view`,
    columns: ['view', 'p50 ms', 'p99 ms', `p99 under ${limitMs} ms`],
    rows: measured.map(({ view, latenciesMs }) => {
      const p99 = percentile99(latenciesMs)
      return [view, median(latenciesMs).toFixed(1), p99.toFixed(1), p99 < limitMs ? 'yes' : 'NO']
    }),
    data: measured,
  }
}

type ReadList = (query: string) => Promise<{ page: List<Customer>; ms: number }>

function listReader(world: World): ReadList {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { authorization: `Bearer ${world.apiKey}` }
  return async (query) => {
    const asked = performance.now()
    const answer = await rawRequest(world.url, `/api/v1/customers?${query}`, {
      method: 'GET',
      headers,
      agent,
    })
    const ms = performance.now() - asked
    const text = answer.body.toString()
    if (answer.status !== 200) throw new Error(`${query} was answered with ${answer.status}: ${text}`)
    return { page: JSON.parse(text), ms }
  }
}

async function pageThrough(ask: ReadList): Promise<number[]> {
  const latenciesMs: number[] = []
  const seen = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { page, ms }: Awaited<ReturnType<ReadList>> = await ask(
      `limit=50${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    latenciesMs.push(ms)
    for (const customer of page.items) seen.add(customer.id)
    cursor = page.nextCursor
    if (cursor === null && seen.size !== page.total) {
      throw new Error(`Paging showed ${seen.size} of ${page.total} customers.`)
    }
  }
  return latenciesMs
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
}
