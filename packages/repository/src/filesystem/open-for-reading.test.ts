import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { namesInFolderItself } from './open-for-reading.ts'

test('a symlink that has taken the place of a folder, or of a file, is not followed', async () => {
  await using resources = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-open-'))
  resources.defer(() => rm(folder, { recursive: true }))
  const [mine, secret] = [path.join(folder, 'mine'), path.join(folder, 'secret')]
  for (const made of [mine, secret]) await mkdir(made)
  await writeFile(path.join(mine, 'näme'), '')
  await writeFile(path.join(secret, 'shadow'), '')
  assert.deepEqual(namesInFolderItself(mine), ['näme'])
  await rename(mine, `${mine} before`)
  await symlink(secret, mine)
  assert.throws(() => namesInFolderItself(mine), { code: 'ELOOP' })
  assert.throws(() => namesInFolderItself(path.join(secret, 'shadow')), { code: 'ENOTDIR' })
})
