import { expect, test } from 'vitest'
import { configKind, dragRange, roundToStep, withItem } from './config-field.ts'

test('the control follows the type of the value', () => {
  expect([5, true, '#7cd992', 'red', [1], ['a', 'b'], [1, 'a'], [], null].map(configKind)).toEqual([
    'number',
    'boolean',
    'colour',
    'text',
    'list',
    'list',
    'data',
    'data',
    'data',
  ])
})

test('whole numbers are dragged in whole steps, over a range that holds them', () => {
  expect(dragRange(50)).toEqual({ min: 0, max: 150, step: 1 })
  expect(dragRange(5)).toEqual({ min: 0, max: 15, step: 1 })
  expect(dragRange(1)).toEqual({ min: 0, max: 10, step: 1 })
  expect(dragRange(-4)).toEqual({ min: -12, max: 12, step: 1 })
  expect(dragRange(0)).toEqual({ min: 0, max: 10, step: 0.1 })
})

test('fractions get steps of about a hundredth of the range', () => {
  const range = dragRange(1.6)
  expect(range.max).toBeCloseTo(4.8)
  expect(range.step).toBe(0.01)
  expect(roundToStep(1.2345, range.step)).toBe(1.23)
  expect(roundToStep(12.6, 1)).toBe(13)
})

test('an item of a list keeps the type of the list', () => {
  expect(withItem([1, 2], 1, '5')).toEqual([1, 5])
  expect(withItem([1, 2], 1, 'x')).toBeUndefined()
  expect(withItem(['a'], 0, '5')).toEqual(['5'])
})
