import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LocalStore } from './local-store.ts'
import { describeObjectStore } from './object-store-conformance.ts'

describeObjectStore('a local folder', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'granary-local-store-'))
  return {
    store: new LocalStore(path.join(folder, 'repository')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
})
