import { expect, test } from 'vitest'
import { editText, parseValue } from './parse-value.ts'

test('a value keeps its type', () => {
  expect(parseValue(' 4.5 ', 1)).toEqual({ isValid: true, value: 4.5 })
  expect(parseValue('-0', 1)).toEqual({ isValid: true, value: -0 })
  expect(parseValue('NaN', 1)).toEqual({ isValid: true, value: Number.NaN })
  expect(parseValue('12', 'text')).toEqual({ isValid: true, value: '12' })
  expect(parseValue('12', 1n)).toEqual({ isValid: true, value: 12n })
  expect(parseValue('false', true)).toEqual({ isValid: true, value: false })
  expect(parseValue('{"a":1}', null)).toEqual({ isValid: true, value: { a: 1 } })
  expect(parseValue('undefined', null)).toEqual({ isValid: true, value: undefined })
})

test('what is not of the type is refused with a reason', () => {
  expect(parseValue('', 1)).toEqual({ isValid: false, reason: 'not a number' })
  expect(parseValue('1.5', 1n)).toEqual({ isValid: false, reason: 'not a whole number' })
  expect(parseValue('yes', true)).toEqual({ isValid: false, reason: 'true or false' })
  expect(parseValue('{', undefined)).toEqual({ isValid: false, reason: 'not JSON' })
})

test('an edit starts from the bare value', () => {
  expect(editText('a"b')).toBe('a"b')
  expect(editText(12n)).toBe('12')
  expect(editText(-0)).toBe('-0')
})
