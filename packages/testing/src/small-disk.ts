import { temporaryFolder } from './sample-tree.ts'
import { runProgram } from './tools/run-program.ts'
import { MissingToolError } from './tools/tools-folder.ts'

export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string
  resize(bytes: number): Promise<void>
  /** As many files and folders find room on it as that, those that lie there included. */
  limitFiles(files: number): Promise<void>
}

/**
 * A file system of its own that can fill up: a tmpfs, mounted for one scope.
 * @throws {MissingToolError} for anyone but root, who alone may mount
 */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  if (process.getuid?.() !== 0) {
    throw new MissingToolError('Filling a disk takes a small one of its own: run this test as root on Linux.')
  }
  const folder = await temporaryFolder('disk')
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'granary-test', folder.path])
  return {
    path: folder.path,
    async resize(newBytes) {
      await runProgram('mount', ['-o', `remount,size=${newBytes}`, folder.path])
    },
    async limitFiles(files) {
      await runProgram('mount', ['-o', `remount,nr_inodes=${files}`, folder.path])
    },
    async [Symbol.asyncDispose]() {
      // Lazily, as a failed test may leave a file open there.
      await runProgram('umount', ['--lazy', folder.path])
      await folder[Symbol.asyncDispose]()
    },
  }
}
