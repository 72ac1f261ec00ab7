import { describe, expect, test } from 'vitest'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { FrameMetrics } from './frame-metrics.ts'

/** Records a frame; `undefined` for a module that did not run. */
function record(
  metrics: FrameMetrics,
  frame: number,
  totalMs: number,
  modules: readonly (number | undefined)[] = [],
  timeline = 0,
): void {
  for (const [index, ms] of modules.entries()) if (ms !== undefined) metrics.setModuleMs(index, ms)
  metrics.endFrame(timelineId(timeline), frameNumber(frame), totalMs)
}

describe('figures over the last 10 s', () => {
  test('are zero before the first frame', () => {
    const metrics = new FrameMetrics(60)
    metrics.setModules(['a'])
    const zero = { p50: 0, p95: 0, p99: 0 }
    expect(metrics.metrics()).toEqual({
      frames: 0,
      ...zero,
      max: 0,
      perModule: { a: zero },
      budgetMs: 1000 / 60,
      overBudget: 0,
    })
    expect([metrics.lastMs(0), metrics.averageMs(0)]).toEqual([0, 0])
  })

  test('percentiles, maximum, frames over budget', () => {
    const metrics = new FrameMetrics(100)
    metrics.setModules(['a'])
    for (let frame = 1; frame <= 100; frame++) record(metrics, frame, frame, [frame / 2])
    expect(metrics.metrics()).toEqual({
      frames: 100,
      p50: 50,
      p95: 95,
      p99: 99,
      max: 100,
      budgetMs: 10,
      overBudget: 90,
      perModule: { a: { p50: 25, p95: 47.5, p99: 49.5 } },
    })
  })

  test('forget what is older', () => {
    const metrics = new FrameMetrics(1)
    for (let frame = 1; frame <= 25; frame++) record(metrics, frame, frame <= 15 ? 5000 : 1)
    expect(metrics.metrics()).toMatchObject({ frames: 10, max: 1, overBudget: 0 })
  })

  test('a module that did not run in a frame does not count there', () => {
    const metrics = new FrameMetrics(60)
    metrics.setModules(['a', 'slow'])
    for (let frame = 1; frame <= 10; frame++) record(metrics, frame, 3, [1, frame % 5 === 0 ? 4 : undefined])
    expect(metrics.metrics().perModule).toMatchObject({ a: { p50: 1 }, slow: { p50: 4, p99: 4 } })
    expect(metrics.averageMs(1)).toBe(4)
    expect(metrics.lastMs(1)).toBe(4)
  })

  test('the average is that of the last second', () => {
    const metrics = new FrameMetrics(10)
    metrics.setModules(['a'])
    for (let frame = 1; frame <= 30; frame++) record(metrics, frame, 9, [frame <= 20 ? 8 : 2])
    expect(metrics.averageMs(0)).toBe(2)
  })
})

describe('rows for the chart', () => {
  test('are [total, engine, module…] of the frames since the last time', () => {
    const metrics = new FrameMetrics(60)
    metrics.setModules(['a', 'b'])
    record(metrics, 1, 5, [1, 2])
    record(metrics, 2, 4, [1, undefined])
    expect(metrics.drainFrames()).toEqual([
      { timeline: 0, firstFrame: 1, modules: ['a', 'b'], rows: new Float32Array([5, 2, 1, 2, 4, 3, 1, 0]) },
    ])
    expect(metrics.drainFrames()).toEqual([])
    record(metrics, 3, 1, [0.5, 0.5])
    expect(metrics.drainFrames()).toMatchObject([{ firstFrame: 3, rows: new Float32Array([1, 0, 0.5, 0.5]) }])
  })

  test('come in one batch per run of consecutive frames on one timeline', () => {
    const metrics = new FrameMetrics(60)
    record(metrics, 1, 1)
    record(metrics, 2, 2)
    record(metrics, 1, 3, [], 1)
    record(metrics, 7, 4, [], 1)
    record(metrics, 8, 5, [], 1)
    expect(
      metrics.drainFrames().map(({ timeline, firstFrame, rows }) => [timeline, firstFrame, rows.length / 2]),
    ).toEqual([
      [0, 1, 2],
      [1, 1, 1],
      [1, 7, 2],
    ])
  })

  test('are copies, and no more than the ring holds', () => {
    const metrics = new FrameMetrics(1)
    for (let frame = 1; frame <= 12; frame++) record(metrics, frame, frame)
    const [batch] = metrics.drainFrames()
    record(metrics, 13, 99)
    expect(batch?.firstFrame).toBe(3)
    expect([...(batch?.rows ?? [])].filter((_, index) => index % 2 === 0)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('engine time is never below zero', () => {
    const metrics = new FrameMetrics(60)
    metrics.setModules(['a'])
    record(metrics, 1, 1, [1.5])
    expect(metrics.drainFrames()[0]?.rows).toEqual(new Float32Array([1, 0, 1.5]))
  })
})

describe('changes while running', () => {
  test('modules that stay keep their times, in their new places', () => {
    const metrics = new FrameMetrics(60)
    metrics.setModules(['a', 'b'])
    record(metrics, 1, 5, [1, 2])
    metrics.setModules(['new', 'b'])
    record(metrics, 2, 5, [3, 1])
    expect(metrics.drainFrames()).toEqual([
      { timeline: 0, firstFrame: 1, modules: ['new', 'b'], rows: new Float32Array([5, 2, 0, 2, 5, 1, 3, 1]) },
    ])
    expect(metrics.metrics().perModule).toEqual({ new: { p50: 3, p95: 3, p99: 3 }, b: { p50: 1, p95: 2, p99: 2 } })
    expect([metrics.lastMs(0), metrics.lastMs(1)]).toEqual([3, 1])
  })

  test('another rate keeps ten seconds of it, and what fits of the past', () => {
    const metrics = new FrameMetrics(2)
    for (let frame = 1; frame <= 30; frame++) record(metrics, frame, frame)
    metrics.setTargetFps(1)
    expect(metrics.targetFps).toBe(1)
    expect(metrics.metrics()).toMatchObject({ frames: 10, p50: 25, max: 30, budgetMs: 1000 })
    metrics.setTargetFps(3)
    for (let frame = 31; frame <= 60; frame++) record(metrics, frame, frame)
    expect(metrics.metrics()).toMatchObject({ frames: 30, max: 60 })
    expect(metrics.drainFrames()).toHaveLength(1)
  })
})
