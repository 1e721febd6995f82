import { functionBody, magic, name, section, signed, unsigned, vector } from '../webassembly/module-bytes.ts'

/**
 * The inner loop of the chunker as WebAssembly, put together here instruction by instruction: 64-bit integers
 * are what JavaScript lacks. Four stretches of the data are scanned side by side, because a fingerprint depends
 * on the last 64 bytes only, and because one stretch alone would wait for its own table look-ups.
 *
 * Memory: 256 × i64 of `leaving`, 256 × i64 of `reducing`, then the data.
 */

export const tableBytes = 2 * 256 * 8
export const windowBytes = 64

const i32 = 0x7f
const i64 = 0x7e
const end = 0x0b
const local = { get: 0x20, set: 0x21, tee: 0x22 }
const control = { loop: 0x03, if: 0x04, br: 0x0c, brIf: 0x0d, void: 0x40 }
const load = { i64: 0x29, i64From8: 0x31 }
const constant = { i32: 0x41, i64: 0x42 }
const on32 = { add: 0x6a, sub: 0x6b, mul: 0x6c, ltU: 0x49, or: 0x72, select: 0x1b }
const on64 = { eqz: 0x50, and: 0x83, or: 0x84, xor: 0x85, shl: 0x86, shrU: 0x88, toI32: 0xa7 }

export interface RabinScan extends WebAssembly.Exports {
  memory: WebAssembly.Memory
  /** Scans `lanes × stretchBytes` cut positions from `from` on; the first that fits, or −1. */
  scan1(from: number, stretchBytes: number, mask: bigint): number
  scan4(from: number, stretchBytes: number, mask: bigint): number
}

/** The module: one memory of `pages` × 64 KiB, and the scan with one lane and with four. */
export function assembleRabinModule(pages: number): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...vector([[i32], [i32], [i64]]), ...vector([[i32]])]
  return Uint8Array.from([
    ...magic,
    ...section(1, vector([type])),
    ...section(3, vector([[0], [0]])),
    ...section(5, vector([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...name('memory'), 0x02, 0],
        [...name('scan1'), 0x00, 0],
        [...name('scan4'), 0x00, 1],
      ]),
    ),
    ...section(10, vector([scanBody(1), scanBody(4)])),
  ])
}

/** The body of a scan over `lanes` stretches. */
function scanBody(lanes: number): number[] {
  const [from, stretch, mask, step, found] = [0, 1, 2, 3, 4] as const
  const at = (lane: number) => 5 + lane
  const print = (lane: number) => 5 + lanes + lane
  const everyLane = (code: (lane: number) => number[]) =>
    Array.from({ length: lanes }, (_, l) => code(l)).flat()

  // h = (h << 8 | byte) mod P, where `reducing` holds what the eight bits shifted out leave behind
  const append = (lane: number, extra: number[]) => [
    ...[local.get, print(lane), constant.i64, ...signed(8), on64.shl],
    ...[local.get, at(lane), local.get, step, on32.add, load.i64From8, 0, ...unsigned(windowBytes)],
    on64.or,
    ...extra,
    ...tableEntry([local.get, print(lane), constant.i64, ...signed(45), on64.shrU, on64.toI32], 256 * 8),
    ...[on64.xor, local.set, print(lane)],
  ]
  const leave = (lane: number) => [
    ...tableEntry([local.get, at(lane), local.get, step, on32.add, load.i64From8, 0, 0, on64.toI32], 0),
    on64.xor,
  ]
  const countedLoop = (limit: number[], body: number[]) => [
    ...[constant.i32, 0, local.set, step, control.loop, control.void],
    ...body,
    ...[local.get, step, constant.i32, 1, on32.add, local.tee, step],
    ...[...limit, on32.ltU, control.brIf, 0, end],
  ]
  const fits = (lane: number) => [local.get, print(lane), local.get, mask, on64.and, on64.eqz]
  const position = (lane: number) => [
    ...[local.get, at(lane), constant.i32, ...signed(windowBytes), on32.add, local.get, step, on32.add],
  ]
  // The last stretch first, so that an earlier stretch overrides it; −1 is the largest unsigned number.
  const keepFirst = Array.from({ length: lanes }, (_, i) => lanes - 1 - i).flatMap((lane) => [
    ...[...fits(lane), control.if, control.void],
    ...[...position(lane), local.get, found, ...position(lane), local.get, found, on32.ltU, on32.select],
    ...[local.set, found, end],
  ])

  const code = [
    ...[constant.i32, ...signed(-1), local.set, found],
    // `at` points at the first byte of the window that ends at the stretch's first position
    ...everyLane((lane) => [
      ...[local.get, from, constant.i32, ...signed(windowBytes), on32.sub],
      ...[local.get, stretch, constant.i32, ...signed(lane), on32.mul, on32.add, local.set, at(lane)],
    ]),
    // Fill the windows: 64 bytes from before the stretch, appended with nothing leaving.
    ...everyLane((lane) => [
      ...[local.get, at(lane), constant.i32, ...signed(windowBytes), on32.sub, local.set, at(lane)],
    ]),
    ...countedLoop(
      [constant.i32, ...signed(windowBytes)],
      everyLane((lane) => append(lane, [])),
    ),
    ...everyLane((lane) => [
      ...[local.get, at(lane), constant.i32, ...signed(windowBytes), on32.add, local.set, at(lane)],
    ]),
    ...countedLoop(
      [local.get, stretch],
      [
        ...everyLane((lane) => [...fits(lane), ...(lane > 0 ? [on32.or] : [])]),
        ...[control.if, control.void, ...keepFirst, end],
        ...everyLane((lane) => append(lane, leave(lane))),
      ],
    ),
    ...[local.get, found, end],
  ]
  const locals = [
    [2 + lanes, i32],
    [lanes, i64],
  ] as const
  return functionBody(locals, code)
}

function tableEntry(index: number[], tableOffset: number): number[] {
  return [...index, constant.i32, ...signed(3), 0x74, load.i64, 3, ...unsigned(tableOffset)]
}
