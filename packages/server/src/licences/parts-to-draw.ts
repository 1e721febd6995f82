/** MCALs by what they are drawn for: a kind of client, or the key of a plug-in. */
export type Parts = Readonly<Record<string, number>>

/**
 * What is still to be drawn of what a client needs in a month. What was drawn for something it no longer has counts
 * for what it has now: nothing comes back, and nothing is drawn twice.
 * @param needed in the order in which what is lacking is put down to it
 * @returns units that add up to what is lacking altogether; empty when nothing is
 */
export function partsToDraw(needed: Parts, drawn: Parts): Parts {
  let lacking = unitsOf(needed) - unitsOf(drawn)
  const parts: Record<string, number> = {}
  for (const [part, units] of Object.entries(needed)) {
    const more = Math.min(units - (drawn[part] ?? 0), lacking)
    if (more <= 0) continue
    parts[part] = more
    lacking -= more
  }
  return parts
}

export function unitsOf(parts: Parts): number {
  return Object.values(parts).reduce((sum, units) => sum + units, 0)
}

export function together(one: Parts, other: Parts): Parts {
  const sums: Record<string, number> = { ...one }
  for (const [part, units] of Object.entries(other)) sums[part] = (sums[part] ?? 0) + units
  return sums
}
