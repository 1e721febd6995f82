import { functionBody, magic, name, section, signed, unsigned, vector } from '../webassembly/module-bytes.ts'

/**
 * scrypt's BlockMix of two lanes at once as WebAssembly, put together instruction by instruction. A block's next part
 * needs the one before, so one lane leaves half of the processor idle: two take about as long as one. Four words of
 * Salsa20/8 make a vector, in the order of the matrix's diagonals.
 * @see RFC 7914, sections 3 and 4
 */

const i32 = 0x7f
const v128 = 0x7b
const local = { get: 0x20, set: 0x21, tee: 0x22 }
const control = { loop: 0x03, end: 0x0b, brIf: 0x0d, void: 0x40 }
const constant = 0x41
const on32 = { add: 0x6a, sub: 0x6b, shl: 0x74 }
const onVector = (operation: number) => [0xfd, ...unsigned(operation)]
const vectorOf32 = { shl: onVector(0xab), shrU: onVector(0xad), add: onVector(0xae), xor: onVector(0x51) }

/** Where each word of a part of 64 bytes lies for {@link ScryptMixExports.mixTwo}: the word that stands there. */
export const wordsByDiagonals = [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11] as const

export interface ScryptMixExports extends WebAssembly.Exports {
  memory: WebAssembly.Memory
  /** Of each of two lanes: the BlockMix of `in` XOR `xor` goes to `out`, which is neither of them; all are places. */
  mixTwo(inA: number, xorA: number, outA: number, inB: number, xorB: number, outB: number): void
}

export function assembleScryptMix(pages: number, r: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...magic,
    ...section(1, vector([[0x60, ...vector(Array(6).fill([i32])), 0]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 0x02, 0],
        [...name('mixTwo'), 0x00, 0],
      ]),
    ),
    ...section(10, vector([mixTwo(r)])),
  ])
}

const get = (index: number) => [local.get, index]
const set = (index: number) => [local.set, index]
const number = (value: number) => [constant, ...signed(value)]
const load = (offset: number) => [...onVector(0x00), 4, ...unsigned(offset)]
const store = (offset: number) => [...onVector(0x0b), 4, ...unsigned(offset)]

const lanes = [0, 1] as const
type Lane = (typeof lanes)[number]
const quarters = [0, 1, 2, 3] as const
const left = 6
const place = { in: 0, xor: 1, out: 2 }
const at = (lane: Lane, what: keyof typeof place) => get(lane * 3 + place[what])
const rounds = 7
const x = (lane: Lane, quarter: number) => rounds + 1 + lane * 4 + quarter
const sum = (lane: Lane) => rounds + 9 + lane

/** (inA, xorA, outA, inB, xorB, outB) */
function mixTwo(r: number): number[] {
  const partBytes = 64
  const source = (lane: Lane, offset: number) => [
    ...[...at(lane, 'in'), ...load(offset), ...at(lane, 'xor'), ...load(offset), ...vectorOf32.xor],
  ]
  const everyVector = (code: (lane: Lane, quarter: number) => number[]) =>
    lanes.flatMap((lane) => quarters.flatMap((quarter) => code(lane, quarter)))
  // Even parts of the outcome come first, then the odd ones.
  const part = (isOdd: 0 | 1) => {
    const target = (quarter: number) => isOdd * r * partBytes + quarter * 16
    return [
      ...everyVector((lane, quarter) => [
        ...[...at(lane, 'out'), ...source(lane, isOdd * partBytes + quarter * 16)],
        ...[...get(x(lane, quarter)), ...vectorOf32.xor, local.tee, x(lane, quarter)],
        ...store(target(quarter)),
      ]),
      ...salsa(),
      ...everyVector((lane, quarter) => [
        ...[...at(lane, 'out'), ...at(lane, 'out'), ...load(target(quarter))],
        ...[...get(x(lane, quarter)), ...vectorOf32.add, local.tee, x(lane, quarter)],
        ...store(target(quarter)),
      ]),
    ]
  }
  const advance = (lane: Lane, what: keyof typeof place, bytes: number) => [
    ...[...at(lane, what), ...number(bytes), on32.add, ...set(lane * 3 + place[what])],
  ]
  return functionBody(
    [
      [2, i32],
      [10, v128],
    ],
    [
      ...[...number(r), ...set(left)],
      ...everyVector((lane, quarter) => [
        ...[...source(lane, (2 * r - 1) * partBytes + quarter * 16), ...set(x(lane, quarter))],
      ]),
      ...[control.loop, control.void, ...part(0), ...part(1)],
      ...lanes.flatMap((lane) => [
        ...[...advance(lane, 'in', 2 * partBytes), ...advance(lane, 'xor', 2 * partBytes)],
        ...advance(lane, 'out', partBytes),
      ]),
      ...[...get(left), ...number(1), on32.sub, local.tee, left, control.brIf, 0, control.end, control.end],
    ],
  )
}

/** Salsa20/8 without the addition of its input at the end, of both lanes. */
function salsa(): number[] {
  // A vector changes by the sum of two others, rotated.
  const change = (changed: number, a: number, b: number, bits: number) => [
    ...lanes.flatMap((lane) => [
      ...[...get(x(lane, a)), ...get(x(lane, b)), ...vectorOf32.add, ...set(sum(lane))],
      ...[...get(x(lane, changed)), ...get(sum(lane)), ...number(bits), ...vectorOf32.shl, ...vectorOf32.xor],
      ...[...get(sum(lane)), ...number(32 - bits), ...vectorOf32.shrU, ...vectorOf32.xor],
      ...set(x(lane, changed)),
    ]),
  ]
  /** Moves the four words of a vector, the one at `from` to the front. */
  const turn = (quarter: number, from: number) =>
    lanes.flatMap((lane) => [
      ...[...get(x(lane, quarter)), ...get(x(lane, quarter)), ...onVector(0x0d)],
      ...Array.from({ length: 16 }, (_, byte) => (from * 4 + byte) % 16),
      ...set(x(lane, quarter)),
    ])
  const doubleRound = [
    // Columns, then rows: the same with the vectors beside the first changed over.
    ...[...change(1, 0, 3, 7), ...change(2, 1, 0, 9), ...change(3, 2, 1, 13), ...change(0, 3, 2, 18)],
    ...[...turn(1, 3), ...turn(2, 2), ...turn(3, 1)],
    ...[...change(3, 0, 1, 7), ...change(2, 3, 0, 9), ...change(1, 2, 3, 13), ...change(0, 1, 2, 18)],
    ...[...turn(1, 1), ...turn(2, 2), ...turn(3, 3)],
  ]
  return [
    ...[...number(4), ...set(rounds), control.loop, control.void, ...doubleRound],
    ...[...get(rounds), ...number(1), on32.sub, local.tee, rounds, control.brIf, 0, control.end],
  ]
}
