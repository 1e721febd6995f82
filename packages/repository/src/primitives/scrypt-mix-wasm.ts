import { functionBody, magic, name, section, signed, unsigned, vector } from '../webassembly/module-bytes.ts'

/**
 * scrypt's ROMix as WebAssembly, put together instruction by instruction: as quick as OpenSSL's, which does not let
 * one lane of scrypt be computed alone. The sixteen words of Salsa20/8 are sixteen locals.
 * @see RFC 7914, sections 3 to 5
 */

const i32 = 0x7f
const local = { get: 0x20, set: 0x21, tee: 0x22 }
const control = { loop: 0x03, end: 0x0b, brIf: 0x0d, void: 0x40, call: 0x10 }
const memory = { load: 0x28, store: 0x36 }
const constant = 0x41
const on32 = { add: 0x6a, sub: 0x6b, mul: 0x6c, and: 0x71, xor: 0x73, shl: 0x74, rotl: 0x77 }

const columns = [0, 5, 10, 15].map((at) => [0, 4, 8, 12].map((step) => (at + step) % 16))
const rows = [0, 5, 10, 15].map((at) => [0, 1, 2, 3].map((step) => (at & 12) | ((at + step) & 3)))
/** Of four words, which one is changed, by which two, and how far their sum is rotated. */
const quarterRound = [
  [1, 0, 3, 7],
  [2, 1, 0, 9],
  [3, 2, 1, 13],
  [0, 3, 2, 18],
] as const

export interface ScryptMixExports extends WebAssembly.Exports {
  memory: WebAssembly.Memory
  /** Fills `count` blocks that follow the one at `at`, each with the mix of the one before. */
  fill(count: number, r: number, at: number): void
  /** Mixes the block at `at` an even number of times with those that it points to; `spare` is another block. */
  mix(count: number, r: number, mask: number, at: number, spare: number, filled: number): void
}

export function assembleScryptMix(pages: number): Uint8Array<ArrayBuffer> {
  const type = (parameters: number) => [0x60, ...vector(Array(parameters).fill([i32])), 0]
  return Uint8Array.from([
    ...magic,
    ...section(1, vector([type(3), type(4), type(3), type(6)])),
    ...section(3, vector([[0], [1], [2], [3]])),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 0x02, 0],
        [...name('fill'), 0x00, 2],
        [...name('mix'), 0x00, 3],
      ]),
    ),
    ...section(10, vector([blockMix(1), blockMix(2), fill(0), mix(1)])),
  ])
}

const get = (index: number) => [local.get, index]
const set = (index: number) => [local.set, index]
const tee = (index: number) => [local.tee, index]
const number = (value: number) => [constant, ...signed(value)]
const load = (offset: number) => [memory.load, 2, ...unsigned(offset)]
const store = (offset: number) => [memory.store, 2, ...unsigned(offset)]
const words = Array.from({ length: 16 }, (_, word) => word)

/** BlockMix of one source, or of the exclusive or of two, into a target: (source, source?, target, r). */
function blockMix(sources: 1 | 2): number[] {
  const [target, r] = [sources, sources + 1]
  const [half, left] = [r + 1, r + 2]
  const x = (word: number) => r + 3 + word
  const at = Array.from({ length: sources }, (_, source) => source)
  const read = (offset: number, address: (source: number) => number[]) =>
    at.flatMap((source) => [...address(source), ...load(offset), ...(source > 0 ? [on32.xor] : [])])
  const lastPart = (source: number) => [
    ...[...get(source), ...get(half), ...number(1), on32.shl, on32.add, ...number(64), on32.sub],
  ]
  // Even parts of the outcome come first, then the odd ones.
  const part = (isOdd: 0 | 1) => {
    const place = isOdd ? [...get(target), ...get(half), on32.add] : get(target)
    return [
      ...words.flatMap((word) => [
        ...place,
        ...read(isOdd * 64 + word * 4, get),
        ...[...get(x(word)), on32.xor, ...tee(x(word)), ...store(word * 4)],
      ]),
      ...salsa(x),
      ...words.flatMap((word) => [
        ...[...place, ...place, ...load(word * 4), ...get(x(word)), on32.add],
        ...[...tee(x(word)), ...store(word * 4)],
      ]),
    ]
  }
  const advance = (index: number, bytes: number) => [
    ...[...get(index), ...number(bytes), on32.add, ...set(index)],
  ]
  return functionBody(
    [[2 + words.length, i32]],
    [
      ...[...get(r), ...number(64), on32.mul, ...set(half), ...get(r), ...set(left)],
      ...words.flatMap((word) => [...read(word * 4, lastPart), ...set(x(word))]),
      ...[control.loop, control.void],
      ...[...part(0), ...part(1)],
      ...[...at.flatMap((source) => advance(source, 128)), ...advance(target, 64)],
      ...[...get(left), ...number(1), on32.sub, ...tee(left), control.brIf, 0, control.end, control.end],
    ],
  )
}

/** Salsa20/8 without the addition of its input at the end. */
function salsa(x: (word: number) => number): number[] {
  const round = (quarters: readonly number[][]) =>
    quarterRound.flatMap(([changed, a, b, bits]) =>
      quarters.flatMap((quarter) => {
        const word = (which: number) => x(quarter[which] ?? 0)
        return [
          ...[...get(word(changed)), ...get(word(a)), ...get(word(b)), on32.add],
          ...[...number(bits), on32.rotl, on32.xor, ...set(word(changed))],
        ]
      }),
    )
  return Array.from({ length: 4 }, () => [...round(columns), ...round(rows)]).flat()
}

/** (count, r, at) */
function fill(blockMixFunction: number): number[] {
  const [count, r, at, blockBytes] = [0, 1, 2, 3]
  return functionBody(
    [[1, i32]],
    [
      ...[...get(r), ...number(7), on32.shl, ...set(blockBytes), control.loop, control.void],
      ...[...get(at), ...get(at), ...get(blockBytes), on32.add, ...tee(at), ...get(r)],
      ...[control.call, blockMixFunction],
      ...[...get(count), ...number(1), on32.sub, ...tee(count), control.brIf, 0, control.end, control.end],
    ],
  )
}

/** (count, r, mask, at, spare, filled) */
function mix(blockMixFunction: number): number[] {
  const [count, r, mask, at, spare, filled, blockBytes, pointer] = [0, 1, 2, 3, 4, 5, 6, 7]
  const step = (from: number, to: number) => [
    ...get(from),
    // The block that the last part's first word points to.
    ...[...get(from), ...get(pointer), on32.add, ...load(0), ...get(mask), on32.and],
    ...[...get(blockBytes), on32.mul, ...get(filled), on32.add],
    ...[...get(to), ...get(r), control.call, blockMixFunction],
  ]
  return functionBody(
    [[2, i32]],
    [
      ...[...get(r), ...number(7), on32.shl, ...tee(blockBytes), ...number(64), on32.sub, ...set(pointer)],
      ...[control.loop, control.void, ...step(at, spare), ...step(spare, at)],
      ...[...get(count), ...number(2), on32.sub, ...tee(count), control.brIf, 0, control.end, control.end],
    ],
  )
}
