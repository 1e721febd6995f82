import { encodeSnapshot } from '../format/snapshot.ts'
import type { StoredSnapshot } from '../repository.ts'

/** A snapshot as restic prints it in JSON: as it is stored, with its ID. */
export function snapshotJson({ id, snapshot }: StoredSnapshot): Record<string, unknown> {
  const stored: Record<string, unknown> = JSON.parse(new TextDecoder().decode(encodeSnapshot(snapshot)))
  return { ...stored, id, short_id: shortId(id) }
}

export function shortId(id: string): string {
  return id.slice(0, 8)
}

/** restic's lists are null when they are empty. */
export function listJson<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length === 0 ? null : items
}
