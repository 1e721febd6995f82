import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { type ContenderName, contenderNames } from '../contenders.ts'
import { type ContestResult, type Measurement, median } from './paired-runs.ts'

export interface BenchTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What the JSON report keeps of it. */
  readonly data: unknown
}

/** Ratios are Granary to rest-server, pair by pair; `level` says whether the median is not the slower one. */
export function contestTable(title: string, results: readonly ContestResult[]): BenchTable {
  return {
    title,
    columns: [
      'contest',
      'rest-server',
      'Granary',
      'ratio',
      'min–max',
      'not slower',
      'CPU s',
      'ratio',
      'peak PSS MB',
      'peak RSS MB',
    ],
    rows: results.map((result) => {
      const ratios = ratiosOf(result, (measured) => measured.value)
      const ratio = median(ratios)
      const both = (read: (measured: Measurement) => number, digits: number) =>
        contenderNames.map((name) => medianOf(result, name, read).toFixed(digits)).join(' / ')
      const value = (name: ContenderName) =>
        `${formatFigure(medianOf(result, name, (measured) => measured.value))} ${result.unit}`
      return [
        result.name,
        value('rest-server'),
        value('Granary'),
        ratio.toFixed(2),
        `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
        isNotSlower(result, ratio) ? 'yes' : 'NO',
        both((measured) => measured.usage.cpuSeconds, 2),
        median(ratiosOf(result, (measured) => measured.usage.cpuSeconds)).toFixed(2),
        both((measured) => measured.usage.peakBytes / 1e6, 0),
        both((measured) => measured.usage.peakResidentBytes / 1e6, 0),
      ]
    }),
    data: results,
  }
}

/** Columns aligned, with a rule below the heads; nothing but text, so that it can be pasted anywhere. */
export function printTable(table: BenchTable): void {
  const lines = [table.columns, ...table.rows]
  const widths = table.columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  console.log(`\n${table.title}\n`)
  console.log(draw(table.columns))
  console.log(draw(widths.map((width) => '─'.repeat(width))))
  for (const row of table.rows) console.log(draw(row))
}

/** @returns the file written, below `bench/results/` */
export async function writeReport(tables: readonly BenchTable[]): Promise<string> {
  const folder = new URL('../results/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const measuredAt = new Date()
  const file = new URL(`${measuredAt.toISOString().replaceAll(':', '-')}.json`, folder)
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryBytes: totalmem(),
    node: process.version,
  }
  const report = { measuredAt, machine, tables: tables.map(({ title, data }) => ({ title, data })) }
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  return file.pathname
}

const medianOf = (result: ContestResult, name: ContenderName, read: (measured: Measurement) => number) =>
  median(result.pairs.map((pair) => read(pair[name])))

const ratiosOf = (result: ContestResult, read: (measured: Measurement) => number) =>
  result.pairs.map((pair) => read(pair.Granary) / read(pair['rest-server']))

const isNotSlower = (result: ContestResult, ratio: number) => (result.unit === 's' ? ratio <= 1 : ratio >= 1)

const formatFigure = (value: number) => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
