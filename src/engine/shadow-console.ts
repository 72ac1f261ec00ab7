// The console a module sees: every method becomes a line of the IDE's log, at the level it stands for (FL6).

import type { LogLevel } from '../protocol/log.ts'
import { formatValue, formatValues } from './value-format.ts'

export interface ConsoleTarget {
  readonly log: (level: LogLevel, values: readonly unknown[]) => void
  /** Engine time, for `console.time`. */
  readonly timeMs: () => number
}

type ConsoleMethod = (...values: readonly unknown[]) => void

/** Counters, timers and indentation belong to the console made, not to a call. */
export function createShadowConsole({ log, timeMs }: ConsoleTarget): Readonly<Record<string, ConsoleMethod>> {
  const counts = new Map<string, number>()
  const starts = new Map<string, number>()
  let depth = 0
  const write = (level: LogLevel, values: readonly unknown[]): void => {
    log(level, depth === 0 ? values : indented(values, depth))
  }
  const writeTime = (label: unknown, values: readonly unknown[]): void => {
    const name = labelOf(label)
    const start = starts.get(name)
    if (start === undefined) write('warning', [`Timer "${name}" does not exist`])
    else write('info', [`${name}: ${timeMs() - start} ms of engine time`, ...values])
  }
  return {
    log: (...values) => write('info', values),
    info: (...values) => write('info', values),
    debug: (...values) => write('debug', values),
    trace: (...values) => write('trace', values.length === 0 ? ['console.trace'] : values),
    warn: (...values) => write('warning', values),
    error: (...values) => write('error', values),
    exception: (...values) => write('error', values),
    assert: (condition, ...values) => {
      if (!condition) write('error', values.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...values])
    },
    dir: (value) => write('info', [value]),
    dirxml: (...values) => write('info', values),
    table: (value) => write('info', [tableText(value)]),
    count: (label) => {
      const name = labelOf(label)
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      write('info', [`${name}: ${count}`])
    },
    countReset: (label) => void counts.delete(labelOf(label)),
    group: (...values) => {
      if (values.length > 0) write('info', values)
      depth = Math.min(depth + 1, 20)
    },
    groupCollapsed: (...values) => {
      if (values.length > 0) write('info', values)
      depth = Math.min(depth + 1, 20)
    },
    groupEnd: () => {
      depth = Math.max(0, depth - 1)
    },
    time: (label) => void starts.set(labelOf(label), timeMs()),
    timeLog: (label, ...values) => writeTime(label, values),
    timeEnd: (label) => {
      writeTime(label, [])
      starts.delete(labelOf(label))
    },
    timeStamp: () => undefined,
    clear: () => undefined,
  }
}

function labelOf(label: unknown): string {
  return label === undefined ? 'default' : formatValues([label])
}

/** A template text must stay the first value, so the indentation goes into it. */
function indented(values: readonly unknown[], depth: number): readonly unknown[] {
  const [first, ...rest] = values
  const space = '  '.repeat(depth)
  return typeof first === 'string' ? [space + first, ...rest] : [space, ...values]
}

function tableText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return formatValue(value)
  const rows = value instanceof Map ? [...value] : Object.entries(value)
  const lines = rows.slice(0, 50).map(([key, row]) => `${String(key)}: ${formatValue(row, { depth: 2, entries: 20 })}`)
  if (rows.length > lines.length) lines.push(`… ${rows.length - lines.length} more`)
  return lines.join('\n')
}
