import { expect, test } from 'vitest'
import type { LogLine } from '../../protocol/log.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { filterLogLines, mergeLogLines } from './log-lines.ts'

function line(id: number, rest: Partial<LogLine> = {}): LogLine {
  const moment = { timeline: timelineId(0), frame: frameNumber(id) }
  return { id, moment, firstMoment: moment, level: 'info', text: `line ${id}`, count: 1, perSecond: 0, ...rest }
}

test('[FL6] a repeat takes the place of the line it folds into', () => {
  const lines = mergeLogLines([line(1), line(2)], [line(1, { count: 5 }), line(3)])
  expect(lines.map((entry) => [entry.id, entry.count])).toEqual([
    [1, 5],
    [2, 1],
    [3, 1],
  ])
})

test('lines come in the order of their ids, and the oldest go first', () => {
  expect(mergeLogLines([line(1), line(4)], [line(3), line(5)], 3).map((entry) => entry.id)).toEqual([3, 4, 5])
})

test('an empty batch changes nothing', () => {
  const lines = [line(1)]
  expect(mergeLogLines(lines, [])).toBe(lines)
})

test('[FL6] level, module, text and frame filter together', () => {
  const lines = [
    line(1, { level: 'debug' }),
    line(2, { level: 'error', module: 'tank', text: 'Out of fuel' }),
    line(3, { level: 'critical', module: 'map' }),
  ]
  expect(filterLogLines(lines, { level: 'warning' }).map((entry) => entry.id)).toEqual([2, 3])
  expect(filterLogLines(lines, { module: 'tank' }).map((entry) => entry.id)).toEqual([2])
  expect(filterLogLines(lines, { text: 'FUEL' }).map((entry) => entry.id)).toEqual([2])
  expect(filterLogLines(lines, { sinceFrame: 3 }).map((entry) => entry.id)).toEqual([3])
  expect(filterLogLines(lines, {})).toHaveLength(3)
})
