import { existsSync } from 'node:fs'
import path from 'node:path'
import { openDatabase, systemClock } from '@granary/server'
import { sql } from 'kysely'
import { seedHistory } from '../seed-history.ts'
import { seedLargeTenancy } from '../seed-large-tenancy.ts'

const day = 24 * 3_600_000

export function isSeeded(dataFolder: string): boolean {
  return existsSync(path.join(dataFolder, 'granary.sqlite'))
}

/** Dozens of resellers, hundreds of customers and thousands of clients with a past, of which only the accounts know. */
export async function seedDevWorld(dataFolder: string): Promise<void> {
  await seedLargeTenancy({ dataFolder, resellers: 40, customers: 400, clients: 3000 })
  const database = await openDatabase({ kind: 'sqlite', dataFolder })
  try {
    await seedHistory(
      database,
      {
        drawMonths: 6,
        spaceDays: Array.from({ length: 30 }, (_, n) => 90 - n * 3),
        waiting: 60,
        versions: { snapshots: 0, packsEach: 0 },
      },
      systemClock.now(),
    )
  } finally {
    await database.close()
  }
}

/** Lets those with a made-up past go on backing up while nobody looked, but for a few, who are overdue. */
export async function catchUp(dataFolder: string): Promise<void> {
  const now = systemClock.now()
  const database = await openDatabase({ kind: 'sqlite', dataFolder })
  try {
    await database.queries
      .updateTable('clients')
      .set({
        last_backup_at: sql<number>`${now} - case when vault_no % 1499 = 0 then ${9 * day} else (vault_no * 7919) % ${2 * day} end`,
      })
      .where('last_backup_at', 'is not', null)
      .where('vault_no', 'not in', (eb) => eb.selectFrom('objects').select('vault_no'))
      .execute()
  } finally {
    await database.close()
  }
}
