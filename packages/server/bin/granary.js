#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const wanted = 26
const major = Number(process.versions.node.split('.', 1)[0])
if (major < wanted) {
  console.error(
    `Granary runs on Node ${wanted} or newer, and this is ${process.versions.node}. Start it by \`npm start\`, or by \`npx granary\`, which bring the right one.`,
  )
  process.exit(2)
}
// `npm start` and `npm test` keep the bundle up to date; without one it runs from the sources.
const bundled = path.resolve(import.meta.dirname, '../dist/main.cjs')
if (existsSync(bundled)) createRequire(import.meta.url)(bundled)
else await import('../src/main.ts')
