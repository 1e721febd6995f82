/**
 * Makes packages/repository/fixtures anew with stock restic: repositories that all later versions of ours have to
 * read. To be run when a new version of restic is to be among them; those that are there stay as they are.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { type ResticVersion, runRestic } from '@granary/testing'
import { fillGoldenTree, goldenTags } from '../packages/repository/src/test-world/golden-tree.ts'

const wanted: readonly { name: string; version: ResticVersion; format: '1' | '2' }[] = [
  { name: 'restic-0.14.0-format-1', version: '0.14.0', format: '1' },
  { name: 'restic-0.14.0-format-2', version: '0.14.0', format: '2' },
  { name: 'restic-0.19.1-format-2', version: '0.19.1', format: '2' },
]
const fixtures = path.resolve(import.meta.dirname, '../packages/repository/fixtures')
// Its path is in the snapshots: one that says nothing about who made them.
const workplace = '/tmp/golden'

for (const { name, version, format } of wanted) {
  const place = path.join(fixtures, name)
  if (existsSync(place)) continue
  const repository = path.join(workplace, 'repository')
  const source = path.join(workplace, 'source')
  await mkdir(source, { recursive: true })
  await runRestic(repository, ['init', '--repository-version', format], { version })
  for (const [snapshot, tags] of goldenTags.entries()) {
    await fillGoldenTree(source, snapshot)
    const time = `2024-05-0${snapshot + 1} 12:00:00`
    const args = ['backup', 'source', '--host', 'golden', '--time', time, '--tag', tags.join(',')]
    await runRestic(repository, args, { version, cwd: workplace })
  }
  await cp(repository, place, { recursive: true })
  await rm(workplace, { recursive: true })
  console.log(`made ${name}`)
}
