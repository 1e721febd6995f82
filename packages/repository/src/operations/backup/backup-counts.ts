import type { SnapshotSummary } from '../../format/snapshot.ts'
import type { BackupProgress } from './backup.ts'
import type { Change, ItemFailure, Progress } from './backup-messages.ts'
import type { Added } from './content-store.ts'

/** What a backup has done so far. */
export class BackupCounts {
  readonly failures: ItemFailure[] = []
  readonly folders: Record<Change, number> = { new: 0, changed: 0, unmodified: 0 }
  readonly #files: Record<Change, number> = { new: 0, changed: 0, unmodified: 0 }
  readonly #added: Added = { blobs: 0, bytes: 0, packedBytes: 0 }
  #treeBlobs = 0
  #bytes = 0

  /** All but the failures, which people are told one by one. */
  take(progress: Progress): void {
    this.add(progress.added)
    this.#files.new += progress.files.new
    this.#files.changed += progress.files.changed
    this.#files.unmodified += progress.files.unmodified
    this.#bytes += progress.bytes
  }

  add(added: Added): void {
    this.#added.blobs += added.blobs
    this.#added.bytes += added.bytes
    this.#added.packedBytes += added.packedBytes
  }

  addTree(bytes: number, packedBytes: number): void {
    this.#treeBlobs++
    this.add({ blobs: 1, bytes, packedBytes })
  }

  countFile(change: Change, bytes: number): void {
    this.#files[change]++
    this.#bytes += bytes
  }

  progress(): BackupProgress {
    return {
      files: this.#allFiles,
      bytes: this.#bytes,
      storedBytes: this.#added.packedBytes,
      failures: this.failures.length,
    }
  }

  summary(): Omit<SnapshotSummary, 'backup_start' | 'backup_end'> {
    const [files, folders] = [this.#files, this.folders]
    return {
      files_new: files.new,
      files_changed: files.changed,
      files_unmodified: files.unmodified,
      dirs_new: folders.new,
      dirs_changed: folders.changed,
      dirs_unmodified: folders.unmodified,
      data_blobs: this.#added.blobs - this.#treeBlobs,
      tree_blobs: this.#treeBlobs,
      data_added: this.#added.bytes,
      data_added_packed: this.#added.packedBytes,
      total_files_processed: this.#allFiles,
      total_bytes_processed: this.#bytes,
    }
  }

  get #allFiles(): number {
    return this.#files.new + this.#files.changed + this.#files.unmodified
  }
}
