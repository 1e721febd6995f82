import path from 'node:path'
import { after, afterEach, type TestContext } from 'node:test'
import { launchBrowser, signInByLink, startWorld, type World } from '@granary/testing'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { granaryEnvironment } from '../src/granary-process.ts'
import { sessionOfTemplate } from '../src/templates.ts'
import { runProgram } from '../src/tools/run-program.ts'
import { projectRoot } from '../src/tools/tools-folder.ts'

export { administrator } from '@granary/testing'

/** How long anything may take to appear, on a machine that runs other tests meanwhile. */
const patienceMs = 30_000

/** One browser for all tests of a file; each has a profile of its own in it. */
let browserOfFile: Promise<Browser> | undefined
function sharedBrowser(): Promise<Browser> {
  browserOfFile ??= launchBrowser()
  return browserOfFile
}
after(async () => {
  await (await browserOfFile)?.close()
})

/** What was on screen when the last world of this file ended */
let lastSeen = ''
afterEach((context) => {
  if (!(context as TestContext).passed) console.error(`On screen at the end:\n${lastSeen}`)
})

/** A whole Granary with its console, open in a real browser. */
export interface ConsoleWorld extends World {
  readonly browser: Browser
  readonly page: Page
  /** Opens an address of the console: `/customers`. */
  open(address: string): Promise<void>
  /** What the browser complained about: errors of scripts, and of what could not be loaded. */
  readonly complaints: readonly string[]
  /** Makes a one-time link to set up the administrator, as `granary admin reset` prints it. */
  setUpLink(): Promise<string>
  /** A page of its own, signed in nowhere. */
  stranger(): Promise<Page>
}

export interface ConsoleWorldOptions {
  /** Not signed in as the administrator yet. */
  readonly signedOut?: boolean
  /** Storage locations besides the data folder's: `archive=/mnt/big,…` */
  readonly storage?: string
}

export async function startConsoleWorld(options: ConsoleWorldOptions = {}): Promise<ConsoleWorld> {
  await using resources = new AsyncDisposableStack()
  const world = resources.use(
    await startWorld({
      workers: 1,
      signedIn: !options.signedOut,
      ...(options.storage && { storage: options.storage }),
    }),
  )
  const browser = await sharedBrowser()
  const complaints: string[] = []
  const context = await browser.newContext({
    baseURL: world.url,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
  })
  resources.defer(() => context.close())
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  resources.defer(async () => {
    lastSeen = `${page.url()}\n${await whatIsShown(page)}`
  })
  listen(context, complaints)
  const setUpLink = async () => {
    const { stdout } = await runProgram(
      process.execPath,
      [path.join(projectRoot, 'packages/server/bin/granary.js'), 'admin', 'reset'],
      { env: granaryEnvironment({ dataFolder: world.dataFolder, listen: new URL(world.url).host }) },
    )
    const link = /http\S+\/setup\?token=\S+/.exec(stdout)?.[0]
    if (!link) throw new Error(`No link in ${stdout}`)
    return link
  }
  if (!options.signedOut) await signIn(context, world)
  const kept = resources.move()
  return Object.assign(Object.create(world) as World, {
    browser,
    page,
    complaints,
    setUpLink,
    open: async (address: string) => {
      await page.goto(address)
    },
    stranger: async () => {
      const own = await browser.newContext({ baseURL: world.url, reducedMotion: 'reduce' })
      kept.defer(() => own.close())
      own.setDefaultTimeout(patienceMs)
      return own.newPage()
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  })
}

/** The page in words; why not, where it can not say it any more. */
async function whatIsShown(page: Page): Promise<string> {
  try {
    return await page.locator('body').ariaSnapshot({ timeout: 5_000 })
  } catch (error) {
    return String(error)
  }
}

function listen(context: BrowserContext, complaints: string[]): void {
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
}

/** Takes over the session of the run's template, or sets the administrator up where there is none. */
async function signIn(context: BrowserContext, world: World): Promise<void> {
  const session = await sessionOfTemplate()
  if (session !== undefined) {
    const cookie = { name: 'granary_session', value: session, url: world.url, sameSite: 'Lax' as const }
    await context.addCookies([{ ...cookie, httpOnly: true }])
    return
  }
  const [link] = (await world.said(/http\S+\/setup\?token=\S+/)) ?? []
  if (!link) throw new Error(`No link was printed:\n${world.log()}`)
  await signInByLink(context.request, link)
}
