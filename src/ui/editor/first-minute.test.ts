// The newcomer's hint: its line, its stages, its words.

import { expect, test } from 'vitest'
import { formatCount } from '../widgets/format.ts'
import { hintLine, nextHint, reloadedMessage, type HintStage } from './first-minute.ts'

test('the line is found by its text', () => {
  expect(hintLine('a\n  config: { count: 50, speed: 5, turn: 1 },\n')).toEqual({ line: 2, column: 44 })
  expect(hintLine('    speed: 5,')?.line).toBe(1)
  expect(hintLine('  config: { speed: 5 },')?.line).toBe(1)
  expect(hintLine('speed: 50')).toBeUndefined()
  expect(hintLine('maxspeed: 5')).toBeUndefined()
})

test('invited, told after the first reload, then gone for good', () => {
  const unseen: HintStage = { stage: 'unseen' }
  const invited = nextHint(unseen, { type: 'line-shown', path: 'tank.ts' })
  const told = nextHint(invited, { type: 'reloaded', message: 'Nothing restarted.' })
  expect(invited).toEqual({ stage: 'invited', path: 'tank.ts' })
  expect(told).toEqual({ stage: 'told', path: 'tank.ts', message: 'Nothing restarted.' })
  const done = nextHint(told, { type: 'dismissed' })
  expect(done).toEqual({ stage: 'done' })
  expect(nextHint(done, { type: 'line-shown', path: 'tank.ts' })).toEqual(done)
  expect(nextHint(nextHint(unseen, { type: 'reloaded', message: '' }), { type: 'dismissed' })).toEqual(done)
})

test('what is said after it has the real figures', () => {
  expect(reloadedMessage(1204, 'tank', { sparks: Array.from({ length: 90 }), tanks: Array.from({ length: 50 }) })).toBe(
    `Nothing restarted. Frame ${formatCount(1204)}, same 50 tanks.`,
  )
  expect(reloadedMessage(7, 'flock', { birds: new Map([[1, 1]]), eggs: [] })).toBe(
    'Nothing restarted. Frame 7, same 1 birds.',
  )
  expect(reloadedMessage(7, 'tank', { score: 3 })).toBe('Nothing restarted. Frame 7, same state.')
  expect(reloadedMessage(7, 'tank', undefined)).toBe('Nothing restarted. Frame 7, same state.')
})
