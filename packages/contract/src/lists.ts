import { z } from 'zod'

/** How every list is asked for and answered. */

export const listQuery = z.object({
  search: z.string().max(200).optional().describe('Part of a name, in any case'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Rows a page'),
  cursor: z.string().max(2000).optional().describe('`nextCursor` of the page before'),
})

/** A column to sort by; a leading `-` turns the order round. */
export function sortBy<const Column extends string>(
  columns: readonly Column[],
  first: Column | `-${Column}`,
) {
  const values = columns.flatMap((column) => [column, `-${column}`] as const)
  return z.enum(values as [Column | `-${Column}`, ...(Column | `-${Column}`)[]]).default(first as never)
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('null on the last page'),
    total: z.int().min(0).describe('Rows on all pages'),
  })
}

export interface List<Item> {
  readonly items: Item[]
  readonly nextCursor: string | null
  readonly total: number
}
