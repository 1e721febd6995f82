#!/usr/bin/env node
// Runs on whatever Node the machine has, and hands over to the one that the project brings.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const wanted = 26
const program = path.resolve(import.meta.dirname, '../src/cli/main.ts')

if (Number(process.versions.node.split('.', 1)[0]) >= wanted) await import(program)
else {
  const brought = path.resolve(import.meta.dirname, '../../../node_modules/.bin/node')
  if (!existsSync(brought)) {
    console.error(
      `granary-repo runs on Node ${wanted} or newer, and this is ${process.versions.node}: run \`npm ci\` in the project's root, which brings it.`,
    )
    process.exit(1)
  }
  // The terminal sends its signals to both; this one only waits for the other.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
  const { status, error } = spawnSync(brought, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (error) console.error(`${brought} could not be started: ${error.message}`)
  process.exitCode = status ?? 1
}
