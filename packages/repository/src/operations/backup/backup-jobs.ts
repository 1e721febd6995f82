import type { Emit, Jobs } from '../../workers/engine-worker.ts'
import type { BackupSetup, ReadFiles, ScanFolders, ScanItem } from './backup-messages.ts'
import { ContentStore } from './content-store.ts'
import { FolderScanner } from './folder-scanner.ts'
import type { SharedReading } from './shared-reading.ts'

/** The threads' part of a backup. */
export function createBackupJobs(setup: BackupSetup, emit: Emit): Jobs {
  const content = new ContentStore(setup, (pack) => emit(pack))
  const scanner = new FolderScanner(setup, content)
  return {
    scanFolders: (job: ScanFolders) => scanner.scanFolders(job),
    scanItem: (job: ScanItem) => scanner.scanItem(job),
    readFiles: (job: ReadFiles) => scanner.readFiles(job),
    storeWindow: (job: SharedReading) => ({ ...content.storeWindow(job), added: content.takeAdded() }),
    storeBlob: (job: { plaintext: Uint8Array }) => ({
      id: content.storeBlob(job.plaintext),
      added: content.takeAdded(),
    }),
    finish: () => content.finish(),
  }
}
