#!/usr/bin/env node
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const wanted = 26
const major = Number(process.versions.node.split('.', 1)[0])
if (major < wanted) {
  console.error(
    `Granary runs on Node ${wanted} or newer, and this is ${process.versions.node}. Start it by \`npm start\`, or by \`npx granary\`, which bring the right one.`,
  )
  process.exit(2)
}
// `npm start` and `npm test` keep the bundle up to date; without one it runs from the sources.
const bundled = path.resolve(import.meta.dirname, '../dist/main.js')
const program = existsSync(bundled) ? bundled : path.resolve(import.meta.dirname, '../src/main.ts')
await import(pathToFileURL(program).href)
