import { expect, test } from 'vitest'
import { splitTold } from './told-text.tsx'

test.each([
  ['no code', [[false, 'no code']]],
  [
    '`init` of a, not `setup`',
    [
      [true, 'init'],
      [false, ' of a, not '],
      [true, 'setup'],
    ],
  ],
  ['a lone ` stays', [[false, 'a lone ` stays']]],
  ['', []],
])('[ML11] code in what is told: %j', (text, parts) => {
  expect(splitTold(text).map(({ isCode, text: part }) => [isCode, part])).toEqual(parts)
})
