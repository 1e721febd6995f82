import assert from 'node:assert/strict'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { fillSampleTree, ProgramFailedError, runProgram, temporaryFolder } from '@granary/testing'

const readme = path.resolve(import.meta.dirname, '../README.md')

test('the examples of the README run as they are written', async () => {
  await using folder = await temporaryFolder('readme')
  await mkdir(`${folder.path}/documents`)
  await fillSampleTree(`${folder.path}/documents`, 'readme')
  await writeFile(`${folder.path}/package.json`, '{"type":"module"}')
  await symlink(path.resolve(import.meta.dirname, '../../../node_modules'), `${folder.path}/node_modules`)
  const examples = [...(await readFile(readme, 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code]) => code,
  )
  const printed: string[] = []
  for (const [place, code = ''] of examples.entries()) {
    const file = `${folder.path}/example-${place}.ts`
    await writeFile(file, code)
    printed.push((await runExample(file, folder.path)).trim())
  }
  const expected = [
    /^[0-9a-f]{64} \d+ files, 0 of them unreadable$/,
    /^[0-9a-f]{8} \/documents dir 0$/m,
    /^10\d files restored, 0 failed$/,
    /^0 bytes removed, 0 errors found$/,
    /^1 snapshots copied$/,
    /^removed [0-9a-f]{64}$/,
    /^wrong-password 12 Give the password/,
  ]
  assert.equal(printed.length, expected.length)
  for (const [place, pattern] of expected.entries()) assert.match(printed[place] ?? '', pattern)
})

async function runExample(file: string, cwd: string): Promise<string> {
  try {
    // They all load the same modules.
    const env = { ...process.env, NODE_COMPILE_CACHE: `${cwd}/compiled` }
    return (await runProgram(process.execPath, [file], { cwd, env })).stdout
  } catch (error) {
    if (error instanceof ProgramFailedError) assert.fail(error.message)
    throw error
  }
}
