import { describe, expect, test } from 'vitest'
import type { ModuleInfo } from '../../protocol/program.ts'
import {
  isListed,
  isOnTrial,
  isReset,
  newestUndoable,
  newestUndone,
  phaseTimes,
  stateUndoRefusal,
  undoRefusal,
} from './reload-history.ts'
import { receiptWith } from './testing-receipt.ts'

const running = (version: number, status: ModuleInfo['status'] = 'running', name = 'tank') => ({
  name,
  version,
  status,
})

describe('[ML11] undo', () => {
  test('takes back the reload whose version runs', () => {
    expect(undoRefusal(receiptWith(), [running(13)])).toBeUndefined()
  })
  test.each([
    ['it changed nothing', receiptWith({ outcome: 'rejected' })],
    ['it changed nothing', receiptWith({ outcome: 'rolled-back' })],
    ['there was no version before', receiptWith({ modules: [{ name: 'tank', to: 13 }] })],
    ['there was no version before', receiptWith({ trigger: 'open' })],
    ['another version runs by now', receiptWith({ modules: [{ name: 'tank', from: 11, to: 12 }] })],
  ])('is refused: %s', (reason, receipt) => {
    expect(undoRefusal(receipt, [running(13)])).toBe(reason)
  })
  test('from the keyboard takes the newest that can be, never an undo itself', () => {
    const undone = receiptWith({ id: 3, trigger: 'undo', modules: [{ name: 'tank', from: 14, to: 13 }] })
    const older = receiptWith({ id: 1 })
    const refused = receiptWith({ id: 4, outcome: 'rejected' })
    expect(newestUndoable([refused, undone, older], [running(13)])).toBe(older)
  })
})

describe('[ML11] undo with the state', () => {
  const reset = receiptWith({
    id: 2,
    trigger: 'command',
    modules: [{ name: 'tank', from: 13, to: 13 }],
    stateChanges: [{ module: 'tank', kind: 'reset', path: '' }],
  })
  test('takes back the newest thing done to a module, be it a reset', () => {
    expect(isReset(reset)).toBe(true)
    expect(isReset(receiptWith())).toBe(false)
    expect(stateUndoRefusal(reset, [reset, receiptWith()], [running(13)])).toBeUndefined()
    expect(stateUndoRefusal(receiptWith(), [receiptWith()], [running(13)])).toBeUndefined()
  })
  test('is refused for what is older, or is there no more', () => {
    expect(stateUndoRefusal(receiptWith(), [reset, receiptWith()], [running(13)])).toMatch(/something else/)
    expect(stateUndoRefusal(receiptWith(), [receiptWith()], [running(14)])).toMatch(/another version/)
    expect(stateUndoRefusal(receiptWith({ outcome: 'rejected' }), [], [running(13)])).toMatch(/changed nothing/)
  })
})

describe('[ML11] redo', () => {
  const undone = receiptWith({ id: 3, trigger: 'undo', modules: [{ name: 'tank', from: 13, to: 12 }] })
  test('takes back an undo that stands', () => {
    expect(newestUndone([undone, receiptWith()], [running(12)], ['tank'])).toBe(undone)
  })
  test('is not there once the file was saved anew, or says what runs', () => {
    expect(newestUndone([undone], [running(14)], ['tank'])).toBeUndefined()
    expect(newestUndone([undone], [running(12)], [])).toBeUndefined()
  })
})

test('[ML8] a reload is on trial while its module is, in the version it made', () => {
  expect(isOnTrial(receiptWith(), [running(13, 'trial')])).toBe(true)
  expect(isOnTrial(receiptWith(), [running(13)])).toBe(false)
  expect(isOnTrial(receiptWith(), [running(14, 'trial')])).toBe(false)
  expect(isOnTrial(receiptWith({ outcome: 'rejected' }), [running(13, 'trial')])).toBe(false)
})

test('opening a program is listed only where it failed', () => {
  expect(isListed(receiptWith({ trigger: 'open' }))).toBe(false)
  expect(isListed(receiptWith({ trigger: 'open', outcome: 'rejected' }))).toBe(true)
})

test('[ML11] phases that took time stand in their order; what none accounts for is the rest', () => {
  const ms = { collect: 1, fetch: 2, rehearse: 0, evaluate: 0.5, migrate: 0, validate: 0, commit: 0.5, total: 8 }
  expect(phaseTimes(ms).map(({ phase, share }) => [phase, share])).toEqual([
    ['collect', 0.125],
    ['fetch', 0.25],
    ['evaluate', 0.0625],
    ['commit', 0.0625],
    ['rest', 0.5],
  ])
  expect(phaseTimes(receiptWith().ms)).toEqual([])
})
