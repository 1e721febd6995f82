import { functionBody, magic, name, section, signed, unsigned, vector } from '../webassembly/module-bytes.ts'

/**
 * The inner loop of the chunker as WebAssembly, put together here instruction by instruction: 64-bit integers
 * are what JavaScript lacks. Four stretches of the data are scanned side by side, because a fingerprint depends
 * on the last 64 bytes only, and because one stretch alone would wait for its own table look-ups. The stretches lie
 * a fixed distance apart, so that one pointer serves all of them and everything stays in registers.
 *
 * Memory: 256 × i64 of `leaving`, 256 × i64 of `reducing`, then the data.
 */

export const tableBytes = 2 * 256 * 8
export const windowBytes = 64
// Long enough to make the 64 bytes that each stretch reads in advance cheap, short enough to waste little.
const [longStretch, shortStretch] = [8192, 1024]
const lanesAtOnce = 4
/** A cut is where the last twenty bits of a fingerprint are 0. */
const mask = 0xfffff

const i32 = 0x7f
const i64 = 0x7e
const end = 0x0b
const local = { get: 0x20, set: 0x21, tee: 0x22 }
const control = { block: 0x02, loop: 0x03, br: 0x0c, brIf: 0x0d, if: 0x04, void: 0x40 }
const load = { i64: 0x29, i64From8: 0x31 }
const constant = { i32: 0x41, i64: 0x42 }
const on32 = { add: 0x6a, ltU: 0x49, shl: 0x74, select: 0x1b }
const on64 = { eqz: 0x50, and: 0x83, or: 0x84, xor: 0x85, shl: 0x86, shrU: 0x88, toI32: 0xa7 }

export interface RabinScan extends WebAssembly.Exports {
  memory: WebAssembly.Memory
  /** The first cut among so many positions from `from` on, or −1. */
  scan(from: number, positions: number): number
  /** The same among `longScanBytes` positions. */
  scanLong(from: number): number
  /** The same among `shortScanBytes` positions. */
  scanShort(from: number): number
}

export const longScanBytes = lanesAtOnce * longStretch
export const shortScanBytes = lanesAtOnce * shortStretch

/** The module: one memory of `pages` × 64 KiB, and the scans. */
export function assembleRabinModule(pages: number): Uint8Array<ArrayBuffer> {
  const ofAnyLength = [0x60, ...vector([[i32], [i32]]), ...vector([[i32]])]
  const ofOneLength = [0x60, ...vector([[i32]]), ...vector([[i32]])]
  return Uint8Array.from([
    ...magic,
    ...section(1, vector([ofAnyLength, ofOneLength])),
    ...section(3, vector([[0], [1], [1]])),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 0x02, 0],
        [...name('scan'), 0x00, 0],
        [...name('scanLong'), 0x00, 1],
        [...name('scanShort'), 0x00, 2],
      ]),
    ),
    ...section(
      10,
      vector([scanBody(1), scanBody(lanesAtOnce, longStretch), scanBody(lanesAtOnce, shortStretch)]),
    ),
  ])
}

/** The body of a scan over `lanes` stretches; over one of any length, or over several of a given one. */
function scanBody(lanes: number, stretch = 0): number[] {
  const parameters = stretch === 0 ? 2 : 1
  const [at, positions] = [0, 1] as const
  const [last, found] = [parameters, parameters + 1] as const
  const print = (lane: number) => parameters + 2 + lane
  const everyLane = (code: (lane: number) => number[]) =>
    Array.from({ length: lanes }, (_, l) => code(l)).flat()

  /** The byte `behind` the one that `at` points to in the first stretch. */
  const byteOf = (lane: number, behind: number) => [
    ...[local.get, at, load.i64From8, 0, ...unsigned(lane * stretch + behind)],
  ]
  // h = (h << 8 | byte) mod P, where `reducing` holds what the eight bits shifted out leave behind
  const append = (lane: number, behind: number, extra: number[]) => [
    ...[local.get, print(lane), constant.i64, ...signed(8), on64.shl, ...byteOf(lane, behind), on64.or],
    ...extra,
    ...tableEntry([local.get, print(lane), constant.i64, ...signed(45), on64.shrU, on64.toI32], 256 * 8),
    ...[on64.xor, local.set, print(lane)],
  ]
  const leave = (lane: number) => [...tableEntry([...byteOf(lane, 0), on64.toI32], 0), on64.xor]
  const moveOn = (by: number) => [local.get, at, constant.i32, ...signed(by), on32.add, local.tee, at]
  const loopToLast = (body: number[]) => [
    ...[control.loop, control.void, ...body, ...moveOn(1), local.get, last, on32.ltU, control.brIf, 0, end],
  ]
  const setLast = (count: number[]) => [...count, on32.add, local.set, last]
  const fits = (lane: number) => [local.get, print(lane), constant.i64, ...signed(mask), on64.and, on64.eqz]
  const position = (lane: number) => [
    ...[local.get, at, constant.i32, ...signed(lane * stretch + windowBytes), on32.add],
  ]
  // An earlier stretch has the earlier positions, but finds them later; −1 is the largest unsigned number.
  const keepFirst = everyLane((lane) => [
    ...[...fits(lane), control.if, control.void],
    ...[...position(lane), local.get, found, ...position(lane), local.get, found, on32.ltU, on32.select],
    ...[local.set, found, end],
  ])

  const code = [
    ...[constant.i32, ...signed(-1), local.set, found],
    // Fill the windows: the 64 bytes before each stretch, appended with nothing leaving.
    ...[...moveOn(-windowBytes), ...setLast([constant.i32, ...signed(windowBytes)])],
    ...loopToLast(everyLane((lane) => append(lane, 0, []))),
    // `at` points at the first byte of the window that ends at the first stretch's position.
    ...moveOn(-windowBytes),
    ...setLast(stretch === 0 ? [local.get, positions] : [constant.i32, ...signed(stretch)]),
    ...loopToLast([
      ...[control.block, control.void, control.block, control.void],
      ...everyLane((lane) => [...fits(lane), control.brIf, 0]),
      ...[control.br, 1, end, ...keepFirst, end],
      ...everyLane((lane) => append(lane, windowBytes, leave(lane))),
    ]),
    ...[local.get, found, end],
  ]
  return functionBody(
    [
      [2, i32],
      [lanes, i64],
    ],
    code,
  )
}

function tableEntry(index: number[], tableOffset: number): number[] {
  return [...index, constant.i32, ...signed(3), on32.shl, load.i64, 3, ...unsigned(tableOffset)]
}
