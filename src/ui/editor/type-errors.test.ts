import { expect, it } from 'vitest'
import { onFirstLine, worthwhileSyntaxErrors } from './type-errors.ts'

const finding = (start: number, length: number, category = 1) => ({ category, start, length })

it('[WS6] of errors of syntax the first in the text is marked', () => {
  expect(worthwhileSyntaxErrors([finding(40, 1), finding(12, 2), finding(90, 1)])).toEqual([finding(12, 2)])
  expect(worthwhileSyntaxErrors([])).toEqual([])
})

it('[WS6] an error of several lines is marked on its first one, whichever way lines end', () => {
  expect(onFirstLine(finding(2, 9), 'f({\n  a: 1\n})')).toEqual(finding(2, 1))
  expect(onFirstLine(finding(2, 9), 'f({\r\n  a: 1\r\n})')).toEqual(finding(2, 1))
  expect(onFirstLine(finding(0, 3), 'abc\n')).toEqual(finding(0, 3))
})

it('[WS6] an error that begins at the end of a line is still seen', () => {
  expect(onFirstLine(finding(3, 4), 'abc\ndef')).toEqual(finding(3, 1))
})

it('[WS6] what is suggested, as code that is never reached, keeps all its lines', () => {
  const suggestion = finding(0, 7, 2)
  expect(onFirstLine(suggestion, 'abc\ndef')).toBe(suggestion)
})
