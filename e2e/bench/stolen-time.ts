// How much of this machine's processors its host gave to others: on a virtual machine that is what makes times jump.

import { readFileSync } from 'node:fs'

/** Ticks since the start of the machine. */
export interface ProcessorTicks {
  readonly stolen: number
  readonly all: number
}

/** Undefined where the system does not tell: only Linux does. */
export function processorTicks(): ProcessorTicks | undefined {
  if (process.platform !== 'linux') return undefined
  // user nice system idle iowait irq softirq steal; what follows is counted in user and nice already
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number)
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, count) => sum + count, 0) }
}

/** `taken by the host meanwhile: 3.1 % of the processors' time`; empty where nothing is known of it. */
export function stolenLine(before: ProcessorTicks | undefined, after: ProcessorTicks | undefined): string {
  if (before === undefined || after === undefined || after.all === before.all) return ''
  const share = (after.stolen - before.stolen) / (after.all - before.all)
  return `taken by the host meanwhile: ${(share * 100).toFixed(1)} % of the processors' time`
}
