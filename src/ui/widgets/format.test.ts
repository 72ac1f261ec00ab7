import { expect, test } from 'vitest'
import {
  formatCount,
  formatMs,
  formatPlace,
  formatPlural,
  formatPrimitive,
  formatShare,
  formatSpeed,
} from './format.ts'

test('counts are grouped by thousands', () => {
  expect(formatCount(18402)).toBe('18\u00a0402')
  expect(formatCount(999)).toBe('999')
  expect(formatCount(1234567)).toBe('1\u00a0234\u00a0567')
})

test('times keep two decimals up to 100 ms, and say so where there is none', () => {
  expect(formatMs(1.836)).toBe('1.84 ms')
  expect(formatMs(0)).toBe('0.00 ms')
  expect(formatMs(123.4)).toBe('123 ms')
  expect(formatMs(Number.NaN)).toBe('– ms')
})

test('shares are whole per cent', () => {
  expect(formatShare(0.1104)).toBe('11 %')
  expect(formatShare(Infinity)).toBe('– %')
})

test('speeds', () => {
  expect(formatSpeed(0.5)).toBe('0.5×')
  expect(formatSpeed(Infinity)).toBe('max')
})

test('primitives: three decimals, signs of zero, quotes, and what JSON has no word for', () => {
  expect(formatPrimitive(41.8621)).toBe('41.862')
  expect(formatPrimitive(-0)).toBe('-0')
  expect(formatPrimitive(12)).toBe('12')
  expect(formatPrimitive(1e-9)).toBe('1.000e-9')
  expect(formatPrimitive(Number.NaN)).toBe('NaN')
  expect(formatPrimitive('a"b')).toBe('"a\\"b"')
  expect(formatPrimitive(5n)).toBe('5n')
  expect(formatPrimitive(null)).toBe('null')
  expect(formatPrimitive(undefined)).toBe('undefined')
})

test('plurals and places', () => {
  expect(formatPlural(1, 'frame')).toBe('1 frame')
  expect(formatPlural(52, 'entity', 'entities')).toBe('52 entities')
  expect(formatPlace({ file: 'tank.ts', line: 23 })).toBe('tank.ts:23')
  expect(formatPlace({ file: 'tank.ts' })).toBe('tank.ts')
  expect(formatPlace({})).toBeUndefined()
})
