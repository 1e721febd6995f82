import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const memory = '/dev/shm'
/** Bytes; a whole test run needs less than one of these four GB. */
const roomWanted = 4e9

/**
 * Where temporary folders lie on a disk. A test run has all others in memory, by setting `TMPDIR` to `quickFolder()`.
 */
export function realDisk(): string {
  return process.env.GRANARY_TEST_DISK ?? tmpdir()
}

/**
 * Where tests keep what need not be on a disk: memory, where the system gives it to files and has room, or the folder for
 * temporary files. A database of PostgreSQL is 300 files and a vault 256 folders, which come and go with each test, and
 * ext4 looks long for the number of a new file when many were just removed: a quarter of a test run's time.
 */
export async function quickFolder(): Promise<string> {
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = await statfs(memory)
  return bavail * bsize > roomWanted ? memory : tmpdir()
}
