import { nativePrimitives } from './native-primitives.ts'
import { parallelScrypt } from './parallel-scrypt.ts'
import { portablePrimitives } from './portable-primitives.ts'
import type { Primitives } from './primitives.ts'

/** The quickest primitives that this Node has. */
export const nodePrimitives: Primitives = {
  ...(nativePrimitives ?? portablePrimitives),
  scrypt: parallelScrypt,
}
