import type { VaultStore } from '@granary/object-store'
import type { Database } from '../platform/database/database.ts'
import { vaultFolder } from '../vaults/vaults.ts'

/**
 * Vaults in the object store that belong to no client of this database, as when clients were added after the backup that it
 * was restored from. Nothing here touches them.
 * @returns their folders
 */
export async function strangeVaults({ queries }: Database, store: VaultStore): Promise<string[]> {
  // First, so that a client that is being added meanwhile is known by then.
  const folders = [...store.vaults()]
  const rows = await queries
    .selectFrom('clients')
    .select(['vault_no', 'client_id'])
    .where('purged_at', 'is', null)
    .execute()
  const known = new Set(rows.map((row) => vaultFolder(row.vault_no, row.client_id)))
  return folders.filter((folder) => !known.has(folder)).sort()
}

/** What a person can do about them. */
export function aboutStrangeVaults(folders: readonly string[], location: string): string {
  const which = folders.length === 1 ? 'A vault belongs' : `${folders.length} vaults belong`
  return [
    `${which} to no client of this database, and ${folders.length === 1 ? 'is' : 'are'} left as found in ${location}:`,
    ...folders.map((folder) => `  vaults/${folder}`),
    'Each is a repository that restic reads there: add its client anew, and copy what is wanted by `npx granary-repo copy`.',
  ].join('\n')
}
