import { expect, test } from 'vitest'
import { parsePath, pathKey, pathOfKey, pathText, stepText } from './data-path.ts'

test('keys tell apart what looks alike, and come back', () => {
  expect(pathKey(['a', 1])).not.toBe(pathKey(['a', '1']))
  expect(pathKey([{ key: 1 }])).not.toBe(pathKey([{ key: '1' }]))
  expect(pathOfKey(pathKey(['tanks', 3, { key: 'x' }]))).toEqual(['tanks', 3, { key: 'x' }])
  expect(pathOfKey('{')).toBeUndefined()
  expect(pathOfKey('[null]')).toBeUndefined()
})

test('paths as people read them', () => {
  expect(pathText([])).toBe('state')
  expect(pathText(['tanks', 3, 'hp'])).toBe('tanks[3].hp')
  expect(pathText(['spawned', { key: 'a' }, 'x'])).toBe('spawned["a"].x')
  expect(stepText({ key: 7 })).toBe('7')
})

test('paths as people type them', () => {
  expect(parsePath('tanks[3].hp')).toEqual(['tanks', 3, 'hp'])
  expect(parsePath('state.tanks.3')).toEqual(['tanks', 3])
  expect(parsePath('tanks[3')).toEqual(['tanks', 3])
  expect(parsePath('')).toBeUndefined()
  expect(parsePath('a b')).toBeUndefined()
})
