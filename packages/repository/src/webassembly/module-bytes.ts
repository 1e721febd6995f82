/** Pieces of the binary format of WebAssembly modules. @see https://webassembly.github.io/spec/core/binary/ */

export const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

export function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

export function vector(items: number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text)
  return [...unsigned(bytes.length), ...bytes]
}

/** The body of a function: its locals, by count and type, and its instructions. */
export function functionBody(locals: readonly (readonly [count: number, type: number])[], code: number[]) {
  const body = [...vector(locals.map(([count, type]) => [...unsigned(count), type])), ...code]
  return [...unsigned(body.length), ...body]
}

/** LEB128 of a number ≥ 0. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    rest >>>= 7
  } while (rest > 0)
  return bytes
}

/** Signed LEB128 of a small number. */
export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}
