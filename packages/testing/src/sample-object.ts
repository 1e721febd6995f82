import { createHash } from 'node:crypto'
import { noise } from './sample-tree.ts'

export interface SampleObject {
  readonly name: string
  /** `data/73f0…`: where in a vault it belongs. */
  readonly place: string
  readonly content: Buffer
}

/** The types whose objects are named by their SHA-256: all but `config`. */
export const namedTypes = ['data', 'index', 'keys', 'locks', 'snapshots'] as const

/**
 * An object with its right name, the same for the same seed. Its bytes are noise, as a vault's always are.
 * @param bytes its size
 */
export function sampleObject(
  bytes: number,
  seed: string,
  type: (typeof namedTypes)[number] = 'data',
): SampleObject {
  const content = noise(bytes, `${type}-${seed}`)
  const name = createHash('sha256').update(content).digest('hex')
  return { name, place: `${type}/${name}`, content }
}
