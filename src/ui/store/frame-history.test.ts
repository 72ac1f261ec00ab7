import { expect, test } from 'vitest'
import type { FrameTimes } from '../../protocol/program.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { FrameHistory } from './frame-history.ts'

function chunk(firstFrame: number, totals: readonly number[], timeline = 0): FrameTimes {
  const rows = new Float32Array(totals.flatMap((total) => [total, 0.25, total - 0.25]))
  return { timeline: timelineId(timeline), firstFrame: frameNumber(firstFrame), modules: ['tank'], rows }
}

test('every frame is a point while the window is small', () => {
  const history = new FrameHistory()
  history.setWindow(10)
  history.add(chunk(1, [1, 2, 3]))
  expect(history.points(300).map((point) => [point.frame, point.total, point.engine, point.modules['tank']])).toEqual([
    [1, 1, 0.25, 0.75],
    [2, 2, 0.25, 1.75],
    [3, 3, 0.25, 2.75],
  ])
})

test('a spike of one frame survives the buckets, and the points stay under the limit', () => {
  const history = new FrameHistory()
  history.setWindow(6000)
  const totals = Array.from({ length: 6000 }, (_, index) => (index === 3210 ? 42 : 1 + (index % 7) / 10))
  history.add(chunk(1, totals))
  const points = history.points(300)
  expect(points.length).toBeLessThanOrEqual(300)
  expect(points.find((point) => point.total === 42)?.frame).toBe(3211)
  expect(points.map((point) => point.frame)).toEqual(points.map((point) => point.frame).toSorted((a, b) => a - b))
})

test('frames older than the window are dropped', () => {
  const history = new FrameHistory()
  history.setWindow(5)
  for (let first = 1; first <= 40; first += 4) history.add(chunk(first, [1, 1, 1, first]))
  expect(history.lastFrame).toBe(40)
  expect(history.points(300).map((point) => point.frame)).toEqual([36, 37, 38, 39, 40])
  expect(history.figures().frames).toBe(5)
})

test('percentiles are those of the frames kept', () => {
  const history = new FrameHistory()
  history.setWindow(100)
  history.add(
    chunk(
      1,
      Array.from({ length: 100 }, (_, index) => index + 1),
    ),
  )
  expect(history.figures()).toEqual({ frames: 100, p50: 51, p95: 96, p99: 100, max: 100 })
})

test('a new timeline starts afresh, and so do frames that were there before', () => {
  const history = new FrameHistory()
  history.add(chunk(1, [1, 2, 3]))
  history.add(chunk(1, [9], 1))
  expect(history.points(300).map((point) => point.total)).toEqual([9])
  history.add(chunk(1, [7], 1))
  expect(history.points(300).map((point) => point.total)).toEqual([7])
})

test('the mean of the last frames spans chunks', () => {
  const history = new FrameHistory()
  expect(history.meanOfLast(3)).toBeUndefined()
  history.add(chunk(1, [1, 2]))
  history.add(chunk(3, [4]))
  expect(history.meanOfLast(2)).toBe(3)
  expect(history.meanOfLast(99)).toBeCloseTo(7 / 3)
})
