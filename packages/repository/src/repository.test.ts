import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

/** Every module that is loaded with this one; imports of types alone load nothing. */
async function modulesBehind(module: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(module)) return seen
  seen.add(module)
  if (!module.startsWith('file:')) return seen
  const source = await readFile(new URL(module), 'utf8')
  for (const [, clause, specifier = ''] of source.matchAll(/^(?:import|export) ([^;]*?)from '([^']+)'/gms)) {
    if (clause?.startsWith('type ')) continue
    const isRelative = specifier.startsWith('.')
    await modulesBehind(isRelative ? new URL(specifier, module).href : import.meta.resolve(specifier), seen)
  }
  return seen
}

test('reading a repository needs nothing of Node, so that a browser can', async () => {
  const modules = await modulesBehind(import.meta.resolve('./repository.ts'))
  assert.ok(modules.size > 15)
  assert.deepEqual(
    [...modules].filter((module) => !module.startsWith('file:')),
    [],
  )
})
