import { expect, test } from 'vitest'
import { parseData } from './parse-data.ts'

test('JSON becomes its value, nothing becomes undefined, the rest is refused', () => {
  expect(parseData('{"count": 3}')).toEqual({ isValid: true, value: { count: 3 } })
  expect(parseData('null')).toEqual({ isValid: true, value: null })
  expect(parseData('  ')).toEqual({ isValid: true, value: undefined })
  expect(parseData('{count: 3}')).toEqual({ isValid: false })
})
