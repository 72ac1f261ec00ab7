import { expect, test } from 'vitest'
import type { Receipt } from '../../protocol/receipt.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { mergeReceipt, receiptLabel, receiptMessage, receiptSubject, sentWords } from './receipt-words.ts'

function receipt(rest: Partial<Receipt> = {}): Receipt {
  return {
    id: 1,
    modules: [{ name: 'tank', from: 13, to: 14 }],
    moment: { timeline: timelineId(0), frame: frameNumber(18358) },
    outcome: 'committed',
    title: 'speed 5 → 25',
    ms: { collect: 1, fetch: 1, rehearse: 0, evaluate: 0.2, migrate: 0, validate: 0, commit: 0.06, total: 3 },
    trigger: 'save',
    changedFiles: ['tank.ts'],
    ...rest,
  }
}

test('[ML11] a committed reload says version, first frame, swap time, and that the state was kept', () => {
  expect(receiptMessage(receipt())).toEqual({
    isFailure: false,
    subject: 'tank v14',
    event: 'runs since frame 18\u00a0359',
    facts: ['swap 0.06 ms', 'state kept'],
  })
})

test('[ML1] a rejected one says why, where, and what runs on', () => {
  const rejected = receipt({
    outcome: 'rejected',
    phase: 'evaluate',
    modules: [{ name: 'tank', from: 13 }],
    error: { message: 'x is not defined', file: 'tank.ts', line: 23, column: 4 },
  })
  expect(receiptMessage(rejected)).toEqual({
    isFailure: true,
    subject: 'tank',
    event: 'rejected: x is not defined',
    facts: ['tank.ts:23', 'tank v13 runs on'],
  })
})

test('[ML5] what a reload did to the state is told instead', () => {
  const changed = receipt({
    stateChanges: [{ module: 'tank', kind: 'added', path: 'tanks[].shield', detail: '100 to 52' }],
  })
  expect(receiptMessage(changed)?.facts).toEqual(['swap 0.06 ms', 'added tanks[].shield: 100 to 52'])
})

test('opening a program and superseded reloads need no message', () => {
  expect(receiptMessage(receipt({ trigger: 'open' }))).toBeUndefined()
  expect(receiptMessage(receipt({ outcome: 'superseded' }))).toBeUndefined()
})

test('a module taken out says so', () => {
  expect(receiptMessage(receipt({ modules: [{ name: 'tank', from: 13 }] }))?.event).toBe('removed at frame 18\u00a0358')
})

test('labels are what was edited, else who was reloaded', () => {
  expect(receiptLabel(receipt())).toBe('speed 5 → 25')
  expect(receiptLabel(receipt({ title: '' }))).toBe('tank v14')
})

test('[ML11] a changed receipt replaces itself; newest first', () => {
  const list = mergeReceipt(mergeReceipt([], receipt({ id: 1 })), receipt({ id: 2 }))
  expect(
    mergeReceipt(list, receipt({ id: 1, outcome: 'rolled-back' })).map((entry) => [entry.id, entry.outcome]),
  ).toEqual([
    [2, 'committed'],
    [1, 'rolled-back'],
  ])
})

test('[CF7] a change that no module feels is listed, and told to nobody', () => {
  const written = receipt({ modules: [], title: 'config/tank.json' })
  expect(receiptMessage(written)).toBeUndefined()
  expect(receiptSubject(written)).toBe('no module changed')
})

test('[FL10] what had been sent is named with when and how often', () => {
  const one = { kind: 'sound', module: 'game', what: 'hit.wav', count: 1 } as const
  const moment = { timeline: timelineId(0), frame: frameNumber(102) }
  expect(sentWords({ ...one, moment, lastFrame: frameNumber(102) })).toBe('sound hit.wav of game, frame 102')
  expect(sentWords({ ...one, count: 14, moment, lastFrame: frameNumber(118) })).toBe(
    'sound hit.wav of game, 14 times, frames 102 to 118',
  )
})
