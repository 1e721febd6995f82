// Runs before `npm start`, `npm test` and `npm run bench`, on whatever Node the machine has (20 or newer):
// installs the locked dependencies when they are missing or outdated, and builds the server, granary-repo and the
// console when their sources have changed, so that one command is enough.
// Nothing but Node's own modules may be imported here.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const installedMark = path.join(root, 'node_modules', '.granary-installed')

installDependencies()
run('node', ['scripts/build-server.ts'])
run('node', ['scripts/build-repository.ts'])
run('node', ['scripts/build-console.ts'])

function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  const installed = existsSync(installedMark) ? readFileSync(installedMark, 'utf8') : ''
  if (installed === wanted) return
  console.log('Installing dependencies (npm ci) …')
  run('npm', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(installedMark, wanted)
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  if (result.status !== 0) fail(`${command} ${args.join(' ')} failed (${result.signal ?? result.status}).`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
