import type { World } from '@granary/testing'

/** An alarm about a client, as the server would have written it down. @param putBackTo the moment before it began */
export function raiseAlarm(world: World, clientId: string, putBackTo: number): Promise<void> {
  return world.change(`
    update clients set trash_kept_until = ${Number.MAX_SAFE_INTEGER} where id = '${clientId}';
    insert into warnings (id, vault_no, client_id, sign, observed, usual, held, since, put_back_to, raised_at)
      select 'wrn_' || vault_no, vault_no, id, 'deduplication-lost', 900000000, 20000000, 1000000000,
        ${putBackTo + 1}, ${putBackTo}, ${putBackTo + 1}
      from clients where id = '${clientId}'`)
}
