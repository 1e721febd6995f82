/**
 * Of what a form would send, only what was changed in it, so that what others changed meanwhile stays.
 * @param before what it would have sent untouched
 */
export function changesOf<Input extends object>(before: Input, now: Input): Partial<Input> {
  const changes = Object.entries(now).flatMap(([key, value]) => {
    const old: unknown = before[key as keyof Input]
    if (!isPart(value) || !isPart(old)) return isSame(value, old) ? [] : [[key, value]]
    const inside = changesOf(old, value)
    return Object.keys(inside).length > 0 ? [[key, inside]] : []
  })
  return Object.fromEntries(changes) as Partial<Input>
}

function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Lists are sent whole. */
function isSame(one: unknown, other: unknown): boolean {
  return Array.isArray(one) ? JSON.stringify(one) === JSON.stringify(other) : Object.is(one, other)
}
