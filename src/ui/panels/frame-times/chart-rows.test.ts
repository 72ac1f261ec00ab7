import { expect, test } from 'vitest'
import type { Receipt } from '../../../protocol/receipt.ts'
import { frameNumber, timelineId } from '../../../protocol/values.ts'
import { chartRows, reloadMarks, scaleTicks, scaleTop } from './chart-rows.ts'

test('rows stand in seconds before the newest frame', () => {
  const rows = chartRows(
    [
      { frame: 540, total: 2, engine: 0.5, modules: { tank: 1, map: 0.5 } },
      { frame: 600, total: 3, engine: 1, modules: { tank: 2 } },
    ],
    ['map', 'tank'],
    60,
  )
  expect(rows).toEqual([
    { x: -1, frame: 540, engine: 0.5, m0: 0.5, m1: 1 },
    { x: 0, frame: 600, engine: 1, m0: 0, m1: 2 },
  ])
})

test('the scale always shows the budget, and what goes over it', () => {
  expect(scaleTop(3, 16.67)).toBe(20)
  expect(scaleTop(28, 16.67)).toBe(40)
  expect(scaleTop(0, 1)).toBe(2)
  expect(scaleTop(5000, 16.67)).toBe(75)
  expect(scaleTop(0, 1000)).toBe(2000)
})

test('three to five ticks', () => {
  expect(scaleTicks(20)).toEqual([0, 5, 10, 15])
  expect(scaleTicks(2)).toEqual([0, 0.5, 1, 1.5])
})

const receipt = (id: number, frame: number, rest: Partial<Receipt> = {}): Receipt => ({
  id,
  modules: [{ name: 'tank', from: id, to: id + 1 }],
  moment: { timeline: timelineId(0), frame: frameNumber(frame) },
  outcome: 'committed',
  title: '',
  ms: { collect: 0, fetch: 0, rehearse: 0, evaluate: 0, migrate: 0, validate: 0, commit: 0, total: 0 },
  trigger: 'save',
  changedFiles: [],
  ...rest,
})

test('reloads of the shown span are marked once per frame, and named where there is room', () => {
  const marks = reloadMarks(
    [
      receipt(5, 590, { outcome: 'rejected' }),
      receipt(4, 540),
      receipt(3, 540),
      receipt(2, -70),
      receipt(1, 500, { trigger: 'open' }),
    ],
    0,
    600,
    60,
    10,
  )
  expect(marks).toEqual([
    { id: 4, x: -1, label: '', isFailure: false },
    { id: 5, x: -1 / 6, label: 'tank v6', isFailure: true },
  ])
})

test('a mark is a failure where one of the reloads of its frame failed, and its label tells of all', () => {
  const at = (...receipts: readonly Receipt[]) => reloadMarks(receipts, 0, 600, 60, 10).map(({ x: _, ...mark }) => mark)
  const map = { modules: [{ name: 'map', from: 1 }], outcome: 'rejected' } as const
  expect(at(receipt(5, 590), receipt(4, 590, map))).toEqual([
    { id: 4, label: 'map rejected, tank v6', isFailure: true },
  ])
  expect(at(receipt(5, 590, { outcome: 'rolled-back' }), receipt(4, 590))).toEqual([
    { id: 5, label: 'tank v6 rolled back, tank v5', isFailure: true },
  ])
  expect(at(receipt(4, 590, map), receipt(3, 590, map))).toEqual([{ id: 4, label: 'map', isFailure: true }])
  expect(at(receipt(5, 590), receipt(4, 590), receipt(3, 590), receipt(2, 590))).toEqual([
    { id: 5, label: 'tank v6, tank v5 +2', isFailure: false },
  ])
})
