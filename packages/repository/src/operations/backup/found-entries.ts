import type { ScannedEntry } from './backup-messages.ts'
import type { KeptFile, ParentFolder } from './parent-folder.ts'

/** The entries of a folder in their order, as they are found; neighbours that are all done are put together. */
export class FoundEntries {
  readonly parent: ParentFolder
  readonly #entries: ScannedEntry[] = []
  #kept: { from: number; to: number } | undefined
  #keptFiles = 0

  constructor(parent: ParentFolder) {
    this.parent = parent
  }

  /** Whether all of the parent was kept, and nothing else was found. */
  get areTheParents(): boolean {
    const isAll = this.#keptFiles > 0 && this.#keptFiles === this.parent.plainEntries
    return isAll && this.#entries.length === 0 && this.#kept !== undefined
  }

  /** The next entry is the parent's. */
  keep({ from, to }: KeptFile): void {
    this.#keptFiles++
    // Only a comma is between neighbours.
    if (this.#kept && this.#kept.to + 1 === from) this.#kept.to = to
    else {
      this.#endKept()
      this.#kept = { from, to }
    }
  }

  add(entry: ScannedEntry): void {
    this.#endKept()
    this.#push(entry)
  }

  all(): readonly ScannedEntry[] {
    this.#endKept()
    return this.#entries
  }

  #endKept(): void {
    if (!this.#kept) return
    const json = this.parent.jsonOf(this.#kept)
    this.#kept = undefined
    this.#push({ kind: 'done', json })
  }

  #push(entry: ScannedEntry): void {
    const last = this.#entries.at(-1)
    if (entry.kind !== 'done' || last?.kind !== 'done') this.#entries.push(entry)
    else this.#entries[this.#entries.length - 1] = { kind: 'done', json: `${last.json},${entry.json}` }
  }
}
