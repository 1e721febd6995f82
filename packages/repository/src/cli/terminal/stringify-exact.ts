// Part of the language by now; the compiler's library does not list it yet.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

/** JSON with whole numbers of any size, and nothing but valid text in it: inodes pass 2^53, names need not be text. */
export function stringifyExact(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => {
      if (typeof part === 'bigint') return rawJSON(part.toString())
      return typeof part === 'string' ? part.toWellFormed() : part
    },
    indent,
  )
}
