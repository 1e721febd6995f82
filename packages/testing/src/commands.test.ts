import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProgram } from './tools/run-program.ts'
import { projectRoot } from './tools/tools-folder.ts'

for (const command of ['granary', 'granary-repo']) {
  test(`the README’s \`npx ${command}\` is there after npm ci`, async () => {
    const { stdout } = await runProgram('npx', ['--no-install', command, '--help'], { cwd: projectRoot })
    assert.ok(stdout.startsWith(`Usage: ${command} `), stdout)
  })
}
