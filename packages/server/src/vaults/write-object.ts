import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@granary/contract'
import type { IncomingObject, ObjectHandle, VaultStore } from '@granary/object-store'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Licences } from '../licences/draw-licence.ts'
import type { Database } from '../platform/database/database.ts'
import type { Quotas, Reservation } from '../quotas/reserve-bytes.ts'
import type { ContentJournal } from './content-journal.ts'
import { expectRoom } from './expect-room.ts'
import { folderOf, type ObjectLedger, type Storing } from './object-ledger.ts'
import { receiveBody } from './receive-body.ts'

/** Room of unknown length is held in steps of this size. */
const reservationStepBytes = 16 * 1024 * 1024
/** A lock is a few hundred bytes; nobody is to fill the disk with things called locks. */
const largestLockBytes = 1024 * 1024
/** What an index may go over a limit, so that pruning, which writes one before it frees space, can begin. */
const indexHeadroomBytes = 64 * 1024 * 1024
/** Objects up to this size are taken in before it is known whether they are there. */
const comparedLateBytes = 256 * 1024

export interface WriteObjectDependencies {
  readonly database: Database
  readonly store: VaultStore
  readonly ledger: ObjectLedger
  readonly quotas: Quotas
  readonly licences: Licences
  readonly journal: ContentJournal
}

/**
 * Takes in one object: refuses before the body whatever can be refused, verifies the hash while it streams,
 * makes the bytes durable, then ledgers them. Returns when it may be acknowledged.
 * @throws {ProblemError} the reason for people
 * @throws {StorageFullError} {DatabaseFullError} when a disk is full all the same
 * @throws {SenderGoneError} when nobody waits for an answer
 */
export async function writeObject(
  dependencies: WriteObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
  upload: { request: IncomingMessage; lengthBytes: number | null; address: string; beforeBody: () => void },
): Promise<void> {
  const { store, ledger, licences } = dependencies
  if (access.refusal !== null && handle.type !== 'locks') throw new ProblemError(access.refusal)
  if (handle.type === 'locks' && (upload.lengthBytes ?? 0) > largestLockBytes)
    throw new ProblemError('object-too-large')
  // For a small object it is cheaper to find out when it is published.
  const isLarge =
    upload.lengthBytes === null || upload.lengthBytes > comparedLateBytes || handle.type === 'config'
  if (
    isLarge &&
    store.bytes(folderOf(access), handle) !== null &&
    (await ledger.find(access, handle)) !== null
  ) {
    await compareWithStored(dependencies, access, handle, upload)
    return
  }
  const needsLicence = handle.type !== 'locks' && !licences.holds(access)
  if (needsLicence) await licences.expectSome(access)
  const stillRoom = (bytes = 0) => expectRoom(dependencies, folderOf(access), handle, bytes)
  stillRoom(upload.lengthBytes ?? 0)
  await using reservation = await reserve(dependencies.quotas, access, handle, upload.lengthBytes)
  upload.beforeBody()

  const incoming = store.receive(folderOf(access), handle)
  try {
    await receive(incoming, handle, upload, { reservation, stillRoom })
    if (handle.type !== 'config' && incoming.digest().toString('hex') !== handle.name) {
      throw new ProblemError(
        (await ledger.find(access, handle)) === null ? 'content-mismatch' : 'object-exists',
      )
    }
    const taken = { access, handle, reservation, actor: 'client', address: upload.address }
    const content = dependencies.journal.take(folderOf(access), handle, incoming)
    if (content === null) {
      await incoming.persist()
      stillRoom()
    }
    // Whoever finds no room has stored nothing to draw for.
    if (needsLicence) await licences.draw(access)
    if (content !== null) {
      await ledger.stored({ ...taken, bytes: content.length, content })
      reservation?.settled()
      await incoming.discard()
      return
    }
    await publish(dependencies, incoming, taken)
  } catch (error) {
    await incoming.discard()
    throw error
  }
  const isThere = await ledger.keepShown(access, handle, incoming)
  await incoming.release()
  // Removed while it came in: whoever sends it once more knows that it is there afterwards.
  if (!isThere) throw new ProblemError('server-busy')
}

/** Publication and ledger row become durable side by side; a crash in between is mended at the next start. */
async function publish(
  { ledger }: WriteObjectDependencies,
  incoming: IncomingObject,
  taken: Omit<Storing, 'bytes' | 'content'>,
): Promise<void> {
  const { access, handle } = taken
  const { existed } = await incoming.publish()
  // A config has no hash for a name: two of them at once may differ, and the first one stays.
  if (existed && handle.type === 'config') throw new ProblemError('object-exists')
  const stored = { ...taken, bytes: incoming.receivedBytes, content: null }
  const outcomes = await Promise.allSettled([
    incoming.settle(),
    ledger.stored(stored).then(() => taken.reservation?.settled()),
  ])
  const failed = outcomes.find(({ status }) => status === 'rejected')
  if (failed === undefined) return
  // Not before both have ended: a row that follows what was withdrawn would have no file.
  await ledger.withdraw({ vaultNo: access.vaultNo, folder: folderOf(access), handle })
  throw (failed as PromiseRejectedResult).reason
}

/** An object that is there: the same bytes once more are a success, as a client may have missed the first answer. */
async function compareWithStored(
  { store }: WriteObjectDependencies,
  access: VaultAccess,
  handle: ObjectHandle,
  upload: { request: IncomingMessage; beforeBody: () => void },
): Promise<void> {
  if (handle.type === 'config') throw new ProblemError('object-exists')
  upload.beforeBody()
  const hash = createHash('sha256')
  await receiveBody(upload.request, (chunk) => {
    hash.update(chunk)
    return undefined
  })
  if (hash.digest('hex') !== handle.name) throw new ProblemError('object-exists')
  if (store.bytes(folderOf(access), handle) === null) throw new ProblemError('server-busy')
}

async function receive(
  incoming: IncomingObject,
  handle: ObjectHandle,
  upload: { request: IncomingMessage; lengthBytes: number | null },
  { reservation, stillRoom }: { reservation: Reservation | undefined; stillRoom: () => void },
): Promise<void> {
  await receiveBody(upload.request, (chunk) => {
    stillRoom()
    const waiting = incoming.write(chunk)
    if (upload.lengthBytes !== null) return waiting
    const receivedBytes = incoming.receivedBytes
    if (handle.type === 'locks' && receivedBytes > largestLockBytes)
      throw new ProblemError('object-too-large')
    if (reservation === undefined || receivedBytes <= reservation.heldBytes) return waiting
    return Promise.resolve(waiting).then(() => extend(reservation, handle, receivedBytes))
  })
  if (upload.lengthBytes !== null && incoming.receivedBytes !== upload.lengthBytes) {
    throw new ProblemError('body-incomplete')
  }
}

async function reserve(
  quotas: Quotas,
  access: VaultAccess,
  handle: ObjectHandle,
  lengthBytes: number | null,
): Promise<Reservation | undefined> {
  if (!access.limited || handle.type === 'locks') return undefined
  const reservation = quotas.reservation(access)
  await reservation.extendTo(lengthBytes ?? 1, { headroomBytes: headroomFor(handle) })
  return reservation
}

/** Holds another step; near the limit, just what has arrived. */
async function extend(reservation: Reservation, handle: ObjectHandle, receivedBytes: number): Promise<void> {
  const headroom = { headroomBytes: headroomFor(handle) }
  try {
    await reservation.extendTo(receivedBytes + reservationStepBytes, headroom)
  } catch (error) {
    if (!(error instanceof ProblemError && error.code === 'quota-exceeded')) throw error
    await reservation.extendTo(receivedBytes, headroom)
  }
}

function headroomFor(handle: ObjectHandle): number {
  return handle.type === 'index' ? indexHeadroomBytes : 0
}
