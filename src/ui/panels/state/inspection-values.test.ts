import { expect, test } from 'vitest'
import type { InspectedNode, Inspection } from '../../../protocol/inspection.ts'
import { frameNumber, timelineId } from '../../../protocol/values.ts'
import { pathKey } from './data-path.ts'
import { filterItems, InspectionValues, stateItems, structureKey } from './inspection-values.ts'

const number = (step: string | number, value: unknown): InspectedNode => ({
  step,
  kind: 'primitive',
  value,
  preview: String(value),
  size: 0,
})
const tank = (index: number, x: number): InspectedNode => ({
  step: index,
  kind: 'object',
  className: 'Tank',
  preview: '{…}',
  size: 2,
  children: [number('x', x), number('hp', 100)],
})
function inspection(frame: number, x: number, count = 2): Inspection {
  const tanks: InspectedNode = {
    step: 'tanks',
    kind: 'array',
    preview: '[…]',
    size: count,
    children: Array.from({ length: count }, (_, index) => tank(index, index === 0 ? x : 7)),
  }
  return {
    moment: { timeline: timelineId(0), frame: frameNumber(frame) },
    root: { step: '', kind: 'object', preview: '{…}', size: 1, children: [tanks] },
  }
}
const itemsOf = (given: Inspection) => stateItems(given.root ?? number('', 0))
const xOf = (index: number) => pathKey(['tanks', index, 'x'])

test('values change, the structure does not', () => {
  expect(structureKey(itemsOf(inspection(1, 1)))).toBe(structureKey(itemsOf(inspection(2, 5))))
  expect(structureKey(itemsOf(inspection(1, 1)))).not.toBe(structureKey(itemsOf(inspection(1, 1, 3))))
})

test('only rows whose value changed are told', () => {
  const values = new InspectionValues()
  values.update(inspection(1, 1), false)
  const told: string[] = []
  values.subscribe(xOf(0), () => told.push('x of 0'))
  values.subscribe(xOf(1), () => told.push('x of 1'))
  values.update(inspection(2, 5), false)
  expect(told).toEqual(['x of 0'])
})

test('a stepped frame says what changed against the one before, until the next', () => {
  const values = new InspectionValues()
  values.update(inspection(1, 1), true)
  values.update(inspection(2, 5), true)
  expect(values.get(xOf(0))).toMatchObject({ text: '5', was: '1' })
  expect(values.get(xOf(1))?.was).toBeUndefined()
  expect(values.comparedFrame).toBe(1)
  values.update(inspection(2, 6), true)
  expect(values.get(xOf(0))).toMatchObject({ text: '6', was: '1' })
  values.update(inspection(3, 6), true)
  expect(values.get(xOf(0))?.was).toBeUndefined()
})

test('a reset compares with nothing', () => {
  const values = new InspectionValues()
  values.update(inspection(9, 1), true)
  values.update(inspection(0, 5), true)
  expect(values.get(xOf(0))?.was).toBeUndefined()
  expect(values.comparedFrame).toBeUndefined()
})

test('the filter keeps matching paths with what is above and below them', () => {
  const items = itemsOf(inspection(1, 1))
  const kept = filterItems(items, 'tanks[1]')
  expect(kept?.children[0]?.children.map((child) => child.name)).toEqual(['1'])
  expect(filterItems(items, 'HP')?.children[0]?.children[0]?.children.map((child) => child.name)).toEqual(['hp'])
  expect(filterItems(items, 'nothing')).toBeUndefined()
})

test('a type stands once in its row, also where the preview names it', () => {
  const values = new InspectionValues()
  const { moment } = inspection(1, 1)
  const speeds: InspectedNode = {
    step: 'speeds',
    kind: 'typed-array',
    className: 'Float32Array',
    preview: 'Float32Array(2) [1, 2]',
    size: 2,
  }
  const best: InspectedNode = { ...tank(0, 1), step: 'best', preview: 'Tank { x: 1 }', children: [] }
  values.update({ moment, root: { step: '', kind: 'object', preview: '', size: 2, children: [speeds, best] } }, false)
  expect(values.get(pathKey(['speeds']))).toMatchObject({ type: 'Float32Array(2)', text: '[1, 2]' })
  expect(values.get(pathKey(['best']))).toMatchObject({ type: 'Tank', text: '{ x: 1 }' })
})
