import { type MasterKey, RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { openPackHeader, type PackedBlob } from '../../format/pack.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import type { Jobs } from '../../workers/engine-worker.ts'
import { freeMemory } from '../../workers/free-memory.ts'
import { HandOver } from '../../workers/hand-over.ts'

interface VerifySetup {
  readonly masterKey: MasterKey
}

/** A whole pack, and what the index says that it holds. */
export interface VerifyPack {
  readonly packId: string
  readonly content: Uint8Array
  readonly blobs: readonly PackedBlob[]
}

/** Blobs of a pack, at their places in `content`. */
export interface VerifyBlobs {
  readonly content: Uint8Array
  readonly blobs: readonly PackedBlob[]
}

export interface VerifiedBlobs {
  /** As it was given. */
  readonly content: Uint8Array
  /** The places in the list of those blobs that are damaged. */
  readonly damaged: readonly number[]
}

/** The threads' part of reading packs: to find what is not as it was written. */
export function createVerifyJobs({ masterKey }: VerifySetup): Jobs {
  const cipher = new RepositoryCipher(nodePrimitives, masterKey)
  const decoder = new BlobDecoder(nodePrimitives, cipher)
  return {
    /** Everything that is wrong with a pack, in words. */
    verifyPack: ({ packId, content, blobs }: VerifyPack): string[] => {
      const errors: string[] = []
      if (nodePrimitives.sha256Hex(content) !== packId)
        errors.push('its content is not what it was named after')
      errors.push(...headerErrors(cipher, content, blobs))
      // The pack is needed no more: its blobs are opened in its own memory.
      for (const blob of blobs) {
        const error = blobError(decoder, sealedBlob(content, blob), blob)
        if (error) errors.push(error)
      }
      freeMemory(content)
      return errors
    },
    findDamagedBlobs: ({ content, blobs }: VerifyBlobs): HandOver => {
      const damaged = blobs.flatMap((blob, place) =>
        blobError(decoder, copyOf(sealedBlob(content, blob)), blob) === undefined ? [] : [place],
      )
      const result: VerifiedBlobs = { content, damaged }
      return new HandOver(result, [content.buffer as ArrayBuffer])
    },
  }
}

function sealedBlob(content: Uint8Array, blob: PackedBlob): Uint8Array {
  return content.subarray(blob.offset, blob.offset + blob.lengthBytes)
}

// Used again for every blob: opening one changes it, and it is still needed as it is.
let copy = new Uint8Array(0)

function copyOf(sealed: Uint8Array): Uint8Array {
  if (copy.length < sealed.length) copy = new Uint8Array(sealed.length * 2)
  copy.set(sealed)
  return copy.subarray(0, sealed.length)
}

/** What is wrong with a blob, which is opened where it lies. */
function blobError(decoder: BlobDecoder, sealed: Uint8Array, blob: PackedBlob): string | undefined {
  if (sealed.length < blob.lengthBytes) return `the ${blob.type} blob ${blob.id} lies behind its end`
  try {
    decoder.decode(sealed, blob)
    return undefined
  } catch (error) {
    if (error instanceof DamagedBlobError) return error.message
    throw error
  }
}

function headerErrors(cipher: RepositoryCipher, content: Uint8Array, blobs: readonly PackedBlob[]): string[] {
  let listed: PackedBlob[]
  try {
    listed = openPackHeader(cipher, content)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return [`its header can't be read: ${error.message}`]
  }
  const keys = new Set(listed.map(blobKey))
  const isSame = listed.length === blobs.length && blobs.every((blob) => keys.has(blobKey(blob)))
  return isSame ? [] : ['its header and the index disagree about what it holds']
}

function blobKey({ type, id, offset, lengthBytes, uncompressedBytes }: PackedBlob): string {
  return `${type} ${id} ${offset} ${lengthBytes} ${uncompressedBytes ?? 0}`
}
