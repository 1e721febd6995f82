/** Go's letters for the bits 31 to 19 of a file mode. */
const letters = 'dalTLDpSugct?'

/** A Go file mode as `drwxr-xr-x`, `Lrwxrwxrwx` or `Dcrw-rw-rw-`. */
export function goModeText(mode: number): string {
  const kind = [...letters].filter((_, place) => Math.floor(mode / 2 ** (31 - place)) % 2 === 1).join('')
  const permissions = [...'rwxrwxrwx'].map((letter, place) => (mode & (1 << (8 - place)) ? letter : '-'))
  return `${kind || '-'}${permissions.join('')}`
}
