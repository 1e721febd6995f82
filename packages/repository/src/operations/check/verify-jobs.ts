import { type MasterKey, RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { locatePackHeader, type PackedBlob, parsePackHeader } from '../../format/pack.ts'
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

/** A part of a pack, in memory that the thread may write to. */
export interface VerifyPart {
  readonly packNumber: number
  readonly content: Uint8Array
  /** Where it begins in the pack. */
  readonly from: number
  /** The entries of its blobs in the index. */
  readonly entries: Uint32Array
  /** Of the last part: how long the pack is, and how many blobs the index lists in it. */
  readonly tail?: { readonly packBytes: number; readonly blobs: number }
}

export interface VerifiedPart {
  /** What is wrong with its blobs, in words. */
  readonly errors: readonly string[]
  /** What is wrong with the header of the pack. */
  readonly headerError?: string
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
    verifyPart: (part: VerifyPart): VerifiedPart => {
      if (!known) throw new Error('packs are compared with an index')
      const headerError = part.tail && errorOfHeader(part, part.tail, known, cipher)
      return { ...verifyBlobs(part, known, decoder), ...(headerError ? { headerError } : {}) }
    },
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

function verifyBlobs(
  { content, from, entries }: VerifyPart,
  known: SharedBlobLookup,
  decoder: BlobDecoder,
): VerifiedPart {
  const errors: string[] = []
  const soundTrees: number[] = []
  for (const entry of entries) {
    const blob = known.blobOf(entry)
    const at = blob.offset - from
    const { plaintext, error } = openBlob(decoder, content.subarray(at, at + blob.lengthBytes), blob)
    if (error !== undefined) errors.push(error)
    if (plaintext && blob.type === 'tree') soundTrees.push(...describeIfSound(blob.id, plaintext, known))
  }
  return { errors, soundTrees: Uint32Array.from(soundTrees) }
}

/** Why the pack does not say itself that it holds what the index lists, or nothing when it does. */
function errorOfHeader(
  { packNumber, content, from }: VerifyPart,
  { packBytes, blobs }: NonNullable<VerifyPart['tail']>,
  known: SharedBlobLookup,
  cipher: RepositoryCipher,
): string | undefined {
  try {
    const { offset, length } = locatePackHeader(content, packBytes)
    if (offset < from) throw new SyntaxError('it would begin within a blob')
    const listed = parsePackHeader(
      cipher.open(content.subarray(offset - from, offset - from + length)),
      offset,
    )
    const isSame = listed.length === blobs && listed.every((blob) => known.lists(packNumber, blob))
    return isSame ? undefined : 'its header and the index disagree about what it holds'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return `its header can't be read: ${error.message}`
  }
}
