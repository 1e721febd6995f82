/** CSV as RFC 4180 has it, safe to open in a spreadsheet. */

export type CsvValue = string | number | null

/** What a spreadsheet would take for a formula when a text begins with it. */
const formulaStart = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

export function csvFile(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

/** Texts that begin like a formula get a leading apostrophe; numbers stay numbers, negative ones included. */
export function csvField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = formulaStart.test(value.trimStart()) || formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
