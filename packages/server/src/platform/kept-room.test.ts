import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endlessFiles } from '@granary/object-store'
import { spareOf } from './kept-room.ts'

const mebibyte = 1024 * 1024

test('64 MiB and 20 000 files are kept free, of a small disk 2 %, and nothing where a file system does not tell', () => {
  const large = { freeBytes: 100 * mebibyte, totalBytes: 1e12, freeFiles: 30_000, totalFiles: 1e9 }
  assert.deepEqual(spareOf(large), { bytes: 36 * mebibyte, files: 10_000 })
  assert.deepEqual(spareOf(large, 1 / 4), { bytes: 84 * mebibyte, files: 25_000 })
  const small = { freeBytes: mebibyte, totalBytes: 100 * mebibyte, freeFiles: 10, totalFiles: 1000 }
  assert.deepEqual(spareOf(small), { bytes: -mebibyte, files: -10 })
  const untold = { freeBytes: 0, totalBytes: 0, ...endlessFiles }
  assert.deepEqual(spareOf(untold), { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY })
})
