import {
  downloadsOf,
  launchBrowser,
  signInByLink,
  startWorld,
  temporaryFolder,
  type World,
} from '@granary/testing'
import { seedLargeTenancy } from '@granary/testing/seeds'
import { median } from '../measure/paired-runs.ts'
import type { BenchTable } from '../measure/report.ts'

const limitMs = 1000
const limitBytes = 400_000
const loads = 9
const screens = {
  'List of Customers': '/customers',
  'List of Resellers': '/resellers',
  'Disk Space & Client Management': '/space',
  'License Management': '/licences',
} as const

interface Load {
  /** From the first byte asked for until a row with what was asked for stands on the screen */
  readonly ms: number
  /** Over the wire, compressed, headers included */
  readonly bytes: number
}

/** How soon the console is usable with nothing in the browser's cache, and how much that downloads. */
export async function runConsoleBench(): Promise<BenchTable> {
  await using folder = await temporaryFolder('bench-console')
  await seedLargeTenancy({ dataFolder: folder.path })
  await using world = await startWorld({ dataDir: folder.path })
  const browser = await launchBrowser()
  try {
    const session = await signIn(world, await browser.newContext())
    const measured = new Map<string, Load[]>()
    for (const [screen, address] of Object.entries(screens)) {
      const taken: Load[] = []
      for (let n = 0; n < loads; n++) {
        const context = await browser.newContext({ baseURL: world.url, storageState: session })
        taken.push(await loadCold(await context.newPage(), address))
        await context.close()
      }
      measured.set(screen, taken)
    }
    return {
      title: `The console, opened with an empty cache among 10000 customers, medians of ${loads} loads`,
      columns: [
        'screen',
        'usable after ms',
        'slowest',
        `under ${limitMs} ms`,
        'kB',
        `under ${limitBytes / 1000} kB`,
      ],
      rows: [...measured].map(([screen, taken]) => {
        const [ms, bytes] = [taken.map((load) => load.ms), taken.map((load) => load.bytes)]
        return [
          screen,
          median(ms).toFixed(0),
          Math.max(...ms).toFixed(0),
          median(ms) < limitMs ? 'yes' : 'NO',
          (median(bytes) / 1000).toFixed(0),
          median(bytes) < limitBytes ? 'yes' : 'NO',
        ]
      }),
      data: Object.fromEntries(measured),
    }
  } finally {
    await browser.close()
  }
}

type Browser = Awaited<ReturnType<typeof launchBrowser>>
type Context = Awaited<ReturnType<Browser['newContext']>>
type Page = Awaited<ReturnType<Context['newPage']>>

async function signIn(world: World, context: Context) {
  const [link] = (await world.said(/http\S+\/setup\?token=\S+/)) ?? []
  if (!link) throw new Error(`No link was printed:\n${world.log()}`)
  await signInByLink(context.request, link)
  const session = await context.storageState()
  await context.close()
  return session
}

async function loadCold(page: Page, address: string): Promise<Load> {
  const downloads = await downloadsOf(page)
  const asked = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  // A row with something in it, not the shape of one that is still to come.
  await page.locator('main tbody tr:not(:has(.mantine-Skeleton-root)) td').first().waitFor()
  const ms = performance.now() - asked
  return { ms, bytes: downloads.reduce((sum, bytes) => sum + bytes, 0) }
}
