// What a benchmark is: a name to ask for it by, and rows that each hold both sides of a comparison, measured in one run.

/** Samples in one unit, ordered. */
export interface Distribution {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly p99: number
}

/** Nearest rank. Throws where there is nothing to describe. */
export function distribution(samples: readonly number[]): Distribution {
  if (samples.length === 0) throw new Error('No samples.')
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99) }
}

export interface BenchmarkRow {
  /** What was measured, with its size: `swap pause, 1 000 entities`. */
  readonly what: string
  readonly unit: 'ns' | 'µs' | 'ms'
  readonly ours: Distribution
  readonly reference: { readonly name: string; readonly figures: Distribution }
  /** What we aim for, in words. */
  readonly aim: string
}

export interface Benchmark {
  /** As given to `npm run bench <name>`. */
  readonly name: string
  run(report: (row: BenchmarkRow) => void): Promise<void> | void
}
