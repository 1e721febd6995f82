/** Builds the web console into packages/console/dist when its sources have changed. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { buildWhenChanged } from './build-when-changed.ts'

const sources = [
  'packages/console/{src,public}/**/*',
  'packages/console/*.{html,ts,json}',
  'packages/contract/src/**/*.ts',
  'package-lock.json',
]

await buildWhenChanged('packages/console/dist', sources, async (fresh) => {
  console.log('Building the console …')
  const npm = spawnSync(
    'npm',
    ['run', '--silent', 'build', '-w', '@granary/console', '--', '--logLevel', 'warn', '--outDir', fresh],
    {
      cwd: path.dirname(import.meta.dirname),
      stdio: 'inherit',
      shell: process.platform === 'win32',
    },
  )
  if (npm.error) throw npm.error
  if (npm.status !== 0) throw new Error('The console could not be built.')
  compress(fresh)
})

/** The server sends these in place of the files, to browsers that take them. */
function compress(folder: string): void {
  for (const name of globSync('**/*.{js,css,html,svg}', { cwd: folder })) {
    const file = path.join(folder, name)
    const content = readFileSync(file)
    writeFileSync(`${file}.br`, brotliCompressSync(content))
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
  }
}
