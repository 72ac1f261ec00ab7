// The page's copy of the log: batches merged in, repeats replacing the line they fold into, the oldest dropped.

import { logLevels } from '../../protocol/log.ts'
import type { LogFilter, LogLine } from '../../protocol/log.ts'

/** Lines the page keeps. */
const logLimit = 2000

/** The lines after a batch, by id; a line with a known id takes the place of the old one. */
export function mergeLogLines(
  lines: readonly LogLine[],
  batch: readonly LogLine[],
  limit = logLimit,
): readonly LogLine[] {
  if (batch.length === 0) return lines
  const merged = [...lines]
  for (const line of batch) {
    let index = merged.length - 1
    while (index >= 0 && (merged[index]?.id ?? 0) > line.id) index--
    if (merged[index]?.id === line.id) merged[index] = line
    else merged.splice(index + 1, 0, line)
  }
  return merged.length > limit ? merged.slice(merged.length - limit) : merged
}

/** The lines a filter lets through, in their order. */
export function filterLogLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const lowest = filter.level === undefined ? 0 : logLevels.indexOf(filter.level)
  const text = filter.text?.toLowerCase() ?? ''
  return lines.filter(
    (line) =>
      logLevels.indexOf(line.level) >= lowest &&
      (filter.module === undefined || line.module === filter.module) &&
      (filter.sinceFrame === undefined || line.moment.frame >= filter.sinceFrame) &&
      (text === '' || line.text.toLowerCase().includes(text)),
  )
}
