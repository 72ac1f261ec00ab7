// `npm run bench [name …]`: runs the benchmarks whose name begins with one of those given, or all, and prints a table.
// Those of pure code stand beside what they measure (src/**/*.bench.ts), those that need a browser in this folder.

import type { Benchmark } from './benchmark.ts'
import { processorTicks, stolenLine } from './stolen-time.ts'
import { machineLine, tableHead, tableRow } from './table.ts'

const found = import.meta.glob<{ readonly benchmark: Benchmark }>(['../../src/**/*.bench.ts', './*.bench.ts'], {
  eager: true,
})

/** Resolves when all asked for have run; false where none has such a name, or one failed. */
export async function runBenchmarks(asked: readonly string[]): Promise<boolean> {
  const all = Object.values(found).map(({ benchmark }) => benchmark)
  const chosen = all.filter(({ name }) => asked.length === 0 || asked.some((start) => name.startsWith(start)))
  if (chosen.length === 0) {
    console.error(`No benchmark of that name. There are: ${all.map(({ name }) => name).join(', ')}`)
    return false
  }
  let allRan = true
  console.log(`${machineLine()}\n\n${tableHead()}`)
  for (const benchmark of chosen) {
    const before = processorTicks()
    try {
      await benchmark.run((row) => console.log(tableRow(row)))
      console.log(stolenLine(before, processorTicks()))
    } catch (error) {
      allRan = false
      console.error(`${benchmark.name} failed:`, error)
    }
  }
  return allRan
}
