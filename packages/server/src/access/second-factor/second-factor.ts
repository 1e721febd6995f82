import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { openSecret } from '../../platform/sealed-secret.ts'
import type { ServerKey } from '../../platform/server-key.ts'
import { type CredentialHash, newPassKey } from '../credential-hash.ts'
import { matchingStep } from './totp.ts'

const codesAtOnce = 10

/**
 * Asks for the code that a user signs in with besides the password, where there is one.
 * @returns how they signed in, for the audit log
 * @throws {ProblemError} second-factor-needed, second-factor-wrong
 */
export async function checkSecondFactor(
  transaction: Transaction<Schema>,
  { serverKey, recoveryCodes }: { serverKey: ServerKey; recoveryCodes: CredentialHash },
  { user, code, now }: { user: UserRow; code: string | undefined; now: number },
): Promise<'password' | 'password and code' | 'password and recovery code'> {
  if (user.totp_secret === null) return 'password'
  if (code === undefined || code.trim() === '') throw new ProblemError('second-factor-needed')
  const step = matchingStep(openSecret(serverKey, user.totp_secret), code, now)
  if (step !== undefined && (await useStep(transaction, user.id, step))) return 'password and code'
  if (await useRecoveryCode(transaction, recoveryCodes, user.id, code)) return 'password and recovery code'
  throw new ProblemError('second-factor-wrong')
}

/** @returns false when this code, or a later one, was used before: whoever looked over a shoulder comes too late */
export async function useStep(
  transaction: Transaction<Schema>,
  userId: string,
  step: number,
): Promise<boolean> {
  const used = await transaction
    .updateTable('users')
    .set({ totp_last_step: step })
    .where('id', '=', userId)
    .where('totp_last_step', '<', step)
    .executeTakeFirst()
  return used.numUpdatedRows > 0n
}

async function useRecoveryCode(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  userId: string,
  code: string,
): Promise<boolean> {
  const used = await transaction
    .deleteFrom('recovery_codes')
    .where('code_hash', '=', hash.of(`${userId} ${code.trim().toLowerCase()}`))
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return used.numDeletedRows > 0n
}

/** Makes new codes for the day the phone is lost; the old ones end. @returns them; only their hashes are stored */
export async function newRecoveryCodes(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  userId: string,
): Promise<string[]> {
  const codes = Array.from({ length: codesAtOnce }, () => newPassKey().slice(0, 11))
  await endRecoveryCodes(transaction, userId)
  await transaction
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ code_hash: hash.of(`${userId} ${code}`), user_id: userId })))
    .execute()
  return codes
}

export async function endRecoveryCodes(transaction: Transaction<Schema>, userId: string): Promise<void> {
  await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
}

/** Ends everything that signs a user in but the password. */
export async function endSecondFactors(transaction: Transaction<Schema>, userId: string): Promise<void> {
  await transaction.updateTable('users').set({ totp_secret: null }).where('id', '=', userId).execute()
  await endRecoveryCodes(transaction, userId)
  await transaction.deleteFrom('passkeys').where('user_id', '=', userId).execute()
}
