import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { FolderDurability } from './folder-durability.ts'

test('a folder that could not be flushed is flushed again once its disk is back, and so is what was made in it', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'granary-durability-'))
  const folders = new FolderDurability()
  const vault = path.join(place, 'vault')
  const made = path.join(vault, 'trash')
  try {
    // Nothing in there can be flushed, as on a disk that is gone.
    symlinkSync('/proc/self/task', vault)
    const refused = assert.rejects(folders.flush(vault), { code: 'EINVAL' })
    unlinkSync(vault)
    mkdirSync(vault)
    folders.make(made)
    const alongWithIt = assert.rejects(folders.flush(made), { code: 'EINVAL' })
    await refused
    await alongWithIt
    await folders.flush(vault)
    await folders.flush(made)
  } finally {
    folders.close()
    rmSync(place, { recursive: true })
  }
})
