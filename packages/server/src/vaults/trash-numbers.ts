let last = 0

/**
 * Numbers for entries of the trash: they tell entries of one name apart, and later ones are greater. Two processes may
 * give the same number to entries of different names.
 * @returns the first of `count` numbers
 */
export function takeTrashNumbers(now: number, count = 1): number {
  const first = Math.max(last + 1, now * 1000 + Math.floor(Math.random() * 1000))
  last = first + count - 1
  return first
}
