// Prints rows of benchmarks as a table of plain text, as they come.

import os from 'node:os'
import type { BenchmarkRow, Distribution } from './benchmark.ts'

const widths = [38, 10, 10, 24, 10, 10, 9, 9]
const head = ['what', 'median', 'p99', 'against', 'median', 'p99', 'ratio', 'p99']

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 || i === 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')

const digits = (value: number): string => (value === 0 ? '0' : value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const cells = (figures: Distribution, unit: string): readonly string[] => [
  `${digits(figures.median)} ${unit}`,
  `${digits(figures.p99)} ${unit}`,
]

const ratio = (ours: number, theirs: number): string => (theirs === 0 ? '–' : `${digits(ours / theirs)}×`)

/** Processor, cores, memory, Node: what the figures hold for. */
export function machineLine(): string {
  const [cpu] = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  return `${cpu?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${memory} GB, ${os.platform()}, Node ${process.versions.node}`
}

export const tableHead = (): string =>
  `${line(head)}\n${'─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))}`

export function tableRow({ what, unit, ours, reference, aim }: BenchmarkRow): string {
  const { name, figures } = reference
  const row = [
    what,
    ...cells(ours, unit),
    name,
    ...cells(figures, unit),
    ratio(ours.median, figures.median),
    ratio(ours.p99, figures.p99),
  ]
  return `${line(row)}   aim: ${aim}`
}
