import { ProblemError } from '@granary/contract'
import type { ObjectHandle } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Clock } from '../platform/clock.ts'
import type { ObjectLedger } from './object-ledger.ts'

/**
 * Removes an object as the client asked: into the trash, a lock for good. What is not there is removed already.
 * Means the object that was there when the request came: restic sends a DELETE after every failed POST, and a
 * late one must not take away what a repeated POST has stored since.
 * @throws {ProblemError} `append-only`, or why the client may not write
 */
export async function removeObject(
  { ledger, clock }: { ledger: ObjectLedger; clock: Clock },
  access: VaultAccess,
  handle: ObjectHandle,
  address: string,
): Promise<void> {
  if (handle.type !== 'locks') {
    if (access.appendOnly) throw new ProblemError('append-only')
    if (access.refusal !== null) throw new ProblemError(access.refusal)
  }
  const object = await ledger.find(access, handle)
  if (object === null) return
  const until = clock.now() + access.undeleteWindowMs
  const { storedAt } = object
  const { keepMs } = access
  await ledger.trashed({ access, handle, storedAt, until, keepMs, actor: 'client', address })
}
