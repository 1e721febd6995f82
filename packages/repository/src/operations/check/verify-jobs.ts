import { type MasterKey, RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { openPackHeader, type PackedBlob } from '../../format/pack.ts'
import { type SharedBlobIndex, SharedBlobLookup } from '../../index/blob-index.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import type { Jobs } from '../../workers/engine-worker.ts'
import { HandOver } from '../../workers/hand-over.ts'
import { describeIfSound } from './sound-trees.ts'

interface VerifySetup {
  readonly masterKey: MasterKey
  /** Of a check, which compares packs with it. */
  readonly index?: SharedBlobIndex
}

/** A whole pack, in memory that the thread may write to. */
export interface VerifyPack {
  readonly packId: string
  readonly packNumber: number
  /** How many blobs the index lists in the pack. */
  readonly blobCount: number
  readonly content: Uint8Array
}

export interface VerifiedPack {
  /** Everything that is wrong with the pack, in words. */
  readonly errors: readonly string[]
  /** Whether its blobs still have to be looked at, as the index lists them: the pack does not say the same. */
  readonly needsList: boolean
  /** The folders in it in which all is well, see {@link SoundTrees}. */
  readonly soundTrees: Uint32Array
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
export function createVerifyJobs({ masterKey, index }: VerifySetup): Jobs {
  const known = index && new SharedBlobLookup(index)
  const cipher = new RepositoryCipher(nodePrimitives, masterKey)
  const decoder = new BlobDecoder(nodePrimitives, cipher)
  return {
    verifyPack: (pack: VerifyPack): VerifiedPack => {
      if (!known) throw new Error('packs are compared with an index')
      return verifyPack(pack, known, cipher, decoder)
    },
    /** What is wrong with blobs of a pack, which are opened where they lie. */
    blobErrors: ({ content, blobs }: VerifyBlobs): string[] =>
      blobs.flatMap((blob) => openBlob(decoder, sealedBlob(content, blob), blob).error ?? []),
    findDamagedBlobs: ({ content, blobs }: VerifyBlobs): HandOver => {
      const damaged = blobs.flatMap((blob, place) =>
        openBlob(decoder, copyOf(sealedBlob(content, blob)), blob).error === undefined ? [] : [place],
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

interface OpenedBlob {
  /** Good until the next blob is opened. */
  readonly plaintext?: Uint8Array
  readonly error?: string
}

/** Opens a blob where it lies. */
function openBlob(decoder: BlobDecoder, sealed: Uint8Array, blob: PackedBlob): OpenedBlob {
  if (sealed.length < blob.lengthBytes)
    return { error: `the ${blob.type} blob ${blob.id} lies behind its end` }
  try {
    return { plaintext: decoder.decode(sealed, blob) }
  } catch (error) {
    if (error instanceof DamagedBlobError) return { error: error.message }
    throw error
  }
}

function verifyPack(
  { packId, packNumber, blobCount, content }: VerifyPack,
  known: SharedBlobLookup,
  cipher: RepositoryCipher,
  decoder: BlobDecoder,
): VerifiedPack {
  const errors: string[] = []
  const soundTrees: number[] = []
  if (nodePrimitives.sha256Hex(content) !== packId) errors.push('its content is not what it was named after')
  const listed = headerOf(cipher, content)
  if (typeof listed === 'string') {
    return { errors: [...errors, listed], needsList: true, soundTrees: new Uint32Array() }
  }
  if (listed.length !== blobCount || !listed.every((blob) => known.lists(packNumber, blob))) {
    errors.push('its header and the index disagree about what it holds')
    return { errors, needsList: true, soundTrees: new Uint32Array() }
  }
  // The pack is needed no more: its blobs are opened in its own memory.
  for (const blob of listed) {
    const { plaintext, error } = openBlob(decoder, sealedBlob(content, blob), blob)
    if (error !== undefined) errors.push(error)
    if (plaintext && blob.type === 'tree') soundTrees.push(...describeIfSound(blob.id, plaintext, known))
  }
  return { errors, needsList: false, soundTrees: Uint32Array.from(soundTrees) }
}

/** What the pack itself says that it holds, or why that can't be read. */
function headerOf(cipher: RepositoryCipher, content: Uint8Array): PackedBlob[] | string {
  try {
    return openPackHeader(cipher, content)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return `its header can't be read: ${error.message}`
  }
}
