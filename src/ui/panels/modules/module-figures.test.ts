import { expect, test } from 'vitest'
import {
  budgetShare,
  hostDetail,
  moduleLine,
  moduleMark,
  overrunDetail,
  taskDetail,
  trialDetail,
} from './module-figures.ts'

test('the share of the budget counts a slow module for the frames it runs in', () => {
  expect(budgetShare({ averageMs: 1.6667, hz: 60 }, 60)).toBeCloseTo(0.1)
  expect(budgetShare({ averageMs: 1.6667, hz: 10 }, 60)).toBeCloseTo(0.01667)
  expect(budgetShare({ averageMs: 20, hz: 60 }, 60)).toBeGreaterThan(1)
})

test('the line names version, strategy, and the rate where it differs', () => {
  expect(moduleLine({ version: 14, strategy: 'sequential', hz: 60 }, 60)).toBe('v14 · sequential')
  expect(moduleLine({ version: 2, strategy: 'threaded', hz: 10 }, 60)).toBe('v2 · threaded · 10 Hz')
  expect(moduleLine({ version: 0, strategy: 'sequential', hz: 60 }, 60)).toBe('no version · sequential')
})

test('[TK1] tasks under way and failed ones are in the line', () => {
  const module = { version: 1, strategy: 'sequential' as const, hz: 60 }
  const one = { ...module, tasks: { waiting: 0, running: 1, failed: 0 } }
  expect(moduleLine(one, 60)).toBe('v1 · sequential · 1 task')
  const some = { ...module, tasks: { waiting: 12, running: 1, failed: 2 } }
  expect(moduleLine(some, 60)).toBe('v1 · sequential · 13 tasks · 2 failed')
  expect(taskDetail(some)).toBe('Tasks: 1 running, 12 waiting, 2 failed (the log says why)')
  expect(taskDetail({})).toBeUndefined()
})

test('[FL8] a module that throws is marked with a word', () => {
  const ok = { health: { status: 'ok' as const }, missedFrames: 0, averageMs: 1, hz: 60 }
  expect(moduleMark({ ...ok, status: 'running' }, 60)).toEqual({ tone: 'good', word: 'running', isShown: false })
  expect(moduleMark({ ...ok, status: 'running', missedFrames: 3, error: { message: 'x' } }, 60).word).toBe('missed 3')
  expect(moduleMark({ ...ok, status: 'failed' }, 60).tone).toBe('error')
  expect(moduleMark({ ...ok, status: 'trial' }, 60).word).toBe('on trial')
  expect(moduleMark({ ...ok, status: 'running', health: { status: 'warning', message: 'slow' } }, 60)).toEqual({
    tone: 'attention',
    word: 'slow',
    isShown: true,
  })
})

test('[FL5] a module that overruns, or has no thread of its own, says so', () => {
  const module = { status: 'running' as const, health: { status: 'ok' as const }, missedFrames: 0, hz: 60 }
  expect(moduleMark({ ...module, averageMs: 17 }, 60)).toEqual({ tone: 'attention', word: 'overruns', isShown: true })
  expect(moduleMark({ ...module, averageMs: 17 }, 30).isShown).toBe(false)
  expect(overrunDetail({ averageMs: 17 }, 60)).toBe(
    'A call takes 17.00 ms, a frame has 16.67 ms: every frame with one is late',
  )
  expect(overrunDetail({ averageMs: 17 }, 30)).toBeUndefined()
  const threaded = { version: 1, strategy: 'threaded' as const, hz: 60, hostNote: 'memory can not be shared here' }
  expect(moduleLine(threaded, 60)).toBe('v1 · not threaded')
  expect(hostDetail(threaded)).toBe("Runs in the engine's thread: memory can not be shared here")
  expect(hostDetail({})).toBeUndefined()
})

test('[ML8] a trial that takes longer than others says how long, and all say it in the tooltip', () => {
  const module = { status: 'trial' as const, health: { status: 'ok' as const }, missedFrames: 0, averageMs: 1 }
  const fast = { ...module, hz: 60, trial: { frames: 90, calls: 0 } }
  expect(moduleMark(fast, 60).word).toBe('on trial')
  expect(trialDetail(fast, 60)).toBe('On trial for about 2 s: until then a fault takes it back')
  const slow = { ...module, hz: 0.1, trial: { frames: 0, calls: 7 } }
  expect(moduleMark(slow, 60)).toEqual({ tone: 'attention', word: 'on trial, 70 s', isShown: true })
  expect(trialDetail(slow, 60)).toBe('On trial for 7 more calls, about 70 s: until then a fault takes it back')
  expect(trialDetail({ hz: 60 }, 60)).toBeUndefined()
})
