#!/usr/bin/env -S node --max-semi-space-size=2
// Runs on whatever Node the machine has, and hands over to the one that the project brings. A small nursery for new
// objects costs no time here, and saves a fifth of the memory.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import os from 'node:os'
import path from 'node:path'

const wanted = 26
const here = import.meta.dirname

if (Number(process.versions.node.split('.', 1)[0]) >= wanted) {
  // Compiled code is kept between runs, in a folder that nobody else can write to.
  const caches = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache')
  enableCompileCache(process.env.NODE_COMPILE_CACHE || path.join(caches, 'granary/compiled'))
  // Node's scripts of this project keep the bundle up to date; without one it runs from the sources.
  const bundled = path.resolve(here, '../dist/main.js')
  await import(existsSync(bundled) ? bundled : path.resolve(here, '../src/cli/main.ts'))
} else {
  const brought = path.resolve(here, '../../../node_modules/.bin/node')
  if (!existsSync(brought)) {
    console.error(
      `granary-repo runs on Node ${wanted} or newer, and this is ${process.versions.node}: run \`npm ci\` in the project's root, which brings it.`,
    )
    process.exit(1)
  }
  // The terminal sends its signals to both; this one only waits for the other.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
  const program = path.join(here, 'granary-repo.js')
  const args = ['--max-semi-space-size=2', program, ...process.argv.slice(2)]
  const { status, error } = spawnSync(brought, args, { stdio: 'inherit' })
  if (error) console.error(`${brought} could not be started: ${error.message}`)
  process.exitCode = status ?? 1
}
