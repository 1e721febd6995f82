import { type FileName, nameFromBytes, nameToBytes } from './file-name.ts'

/** How Go writes strings, because restic's tree ids depend on it byte for byte. */

const plainName = /^[ !#-[\]-~]*$/
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const shortEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/** `strconv.Quote` without the outer quotes. */
export function quoteName(name: FileName): string {
  if (plainName.test(name)) return name
  let quoted = ''
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    const short = shortEscapes[character]
    if (short !== undefined) quoted += short
    else if (code >= 0xdc80 && code <= 0xdcff) quoted += `\\x${(code - 0xdc00).toString(16)}`
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`
    else if (printable.test(character)) quoted += character
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, '0')}`
    else quoted += `\\U${code.toString(16).padStart(8, '0')}`
  }
  return quoted
}

const escapeSequence =
  /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/y
const shortMeanings: Record<string, number> = {
  ...{ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 },
  ...{ '\\': 92, '"': 34, "'": 39 },
}

/**
 * `strconv.Unquote` of a name without outer quotes.
 * @throws {SyntaxError} when an escape is malformed
 */
export function unquoteName(quoted: string): FileName {
  if (!quoted.includes('\\')) return quoted
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (let i = 0; i < quoted.length; ) {
    if (quoted[i] !== '\\') {
      const next = quoted.indexOf('\\', i)
      const plain = quoted.slice(i, next < 0 ? quoted.length : next)
      bytes.push(...nameToBytes(plain))
      i += plain.length
      continue
    }
    escapeSequence.lastIndex = i
    const match = escapeSequence.exec(quoted)
    if (!match) throw new SyntaxError(`malformed escape in the name ${JSON.stringify(quoted)}`)
    const [sequence, short, byte, unicode4, unicode8, octal] = match
    if (short !== undefined) bytes.push(shortMeanings[short] ?? 0)
    else if (byte !== undefined) bytes.push(Number.parseInt(byte, 16))
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff)
    else {
      const code = Number.parseInt(unicode4 ?? unicode8 ?? '', 16)
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        throw new SyntaxError(`no such character in the name ${JSON.stringify(quoted)}`)
      }
      bytes.push(...encoder.encode(String.fromCodePoint(code)))
    }
    i += sequence.length
  }
  return nameFromBytes(Uint8Array.from(bytes))
}

const plainJson = /^[ !#-%'-;=?-[\]-~]*$/
const needsGoEscape = /[<>&\u2028\u2029\ud800-\udfff]/
const goEscapes = /[<>&\u2028\u2029]/g

/** A string in JSON as Go's `encoding/json` writes it. */
export function goJsonString(text: string): string {
  // Almost every name: not `"`, `&`, `<`, `>`, `\`, and nothing beyond ASCII.
  if (plainJson.test(text)) return `"${text}"`
  const json = JSON.stringify(text)
  if (!needsGoEscape.test(text)) return json
  return JSON.stringify(text.toWellFormed())
    .replaceAll('\ufffd', '\\ufffd')
    .replace(goEscapes, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    })
}
