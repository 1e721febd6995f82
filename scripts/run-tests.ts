/**
 * Runs every `*.test.ts` of the workspace with Node's own test runner, or those whose path contains a word
 * given as argument. Fetches the tools they need first, and starts one PostgreSQL for all of them.
 */
import { glob } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import {
  browserFolder,
  MissingToolError,
  quickFolder,
  resticBinary,
  startThrowawayPostgres,
  type ThrowawayPostgres,
} from '@granary/testing'
import { makeTemplates } from '@granary/testing/seeds'
import { bundleTests } from './bundle-tests.ts'

const slowestShown = 15
/** One more than there are cores, as tests wait for disks and browsers half of their time. */
const filesAtOnce = availableParallelism() + 1

const wanted = process.argv.slice(2)
const files = await findTestFiles()
const { passed, failed } = await runAll(files)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

async function findTestFiles(): Promise<string[]> {
  const found: string[] = []
  const places = '{packages,bench,scripts}/**/*.test.ts'
  for await (const file of glob(places, { exclude: ['**/node_modules/**'] })) {
    if (wanted.length === 0 || wanted.some((word) => file.includes(word))) found.push(file)
  }
  // The stories take longest; begun first, they don't keep one process waiting at the end.
  const isStory = (file: string) => file.includes('/stories/')
  return found.sort((a, b) => Number(isStory(b)) - Number(isStory(a)) || (a < b ? -1 : 1))
}

async function runAll(testFiles: string[]): Promise<{ passed: number; failed: number }> {
  process.env.GRANARY_TEST_DISK = tmpdir()
  // The temporary folders of tests, browsers and restic are in memory; tests about flushes ask for the disk.
  process.env.TMPDIR = await quickFolder()
  await using postgres = await prepare()
  process.env.GRANARY_TEST_POSTGRES = postgres.url
  await using templates = await makeTemplates(postgres.url)
  process.env.GRANARY_TEST_TEMPLATES = templates.folder
  // Every test file and every server compiles the same sources; the first one does it for all.
  process.env.NODE_COMPILE_CACHE = path.join(templates.folder, 'compiled')
  await using tests = await bundleTests(testFiles)
  const counts = { passed: 0, failed: 0 }
  const seconds: [file: string, seconds: number][] = []
  const events = run({
    files: tests.files,
    concurrency: filesAtOnce,
    timeout: 300_000,
    execArgv: ['--enable-source-maps'],
  })
  events.on('test:summary', (summary) => {
    // Each file has a summary of its own; the one without a file is of all.
    if (summary.file !== undefined) {
      seconds.push([tests.sourceOf(summary.file), summary.duration_ms / 1000])
      return
    }
    counts.passed = summary.counts.passed
    counts.failed = summary.counts.tests - summary.counts.passed
  })
  const report = events.compose(spec)
  for await (const text of report) process.stdout.write(text)
  if (seconds.length > slowestShown) showSlowest(seconds)
  return counts
}

function showSlowest(seconds: [file: string, seconds: number][]): void {
  seconds.sort((a, b) => b[1] - a[1])
  console.log(`The slowest of ${seconds.length} files:`)
  for (const [file, took] of seconds.slice(0, slowestShown))
    console.log(`${took.toFixed(1).padStart(6)} s  ${file}`)
}

async function prepare(): Promise<ThrowawayPostgres> {
  try {
    await Promise.all([resticBinary('0.14.0'), resticBinary('0.19.1'), browserFolder()])
    return await startThrowawayPostgres()
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
