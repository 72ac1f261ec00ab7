import { expect, test } from 'vitest'
import { budgetShare, moduleLine, moduleMark } from './module-figures.ts'

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

test('[FL8] a module that throws is marked with a word', () => {
  const ok = { health: { status: 'ok' as const }, missedFrames: 0 }
  expect(moduleMark({ ...ok, status: 'running' })).toEqual({ tone: 'good', word: 'running', isShown: false })
  expect(moduleMark({ ...ok, status: 'running', missedFrames: 3, error: { message: 'x' } }).word).toBe('missed 3')
  expect(moduleMark({ ...ok, status: 'failed' }).tone).toBe('error')
  expect(moduleMark({ ...ok, status: 'trial' }).word).toBe('on trial')
  expect(moduleMark({ ...ok, status: 'running', health: { status: 'warning', message: 'slow' } })).toEqual({
    tone: 'attention',
    word: 'slow',
    isShown: true,
  })
})
