// Where problems stand in a text, also in one edited since.

import { expect, test } from 'vitest'
import type { Problem } from '../../protocol/problem.ts'
import { problemMarks, problemSpan } from './problem-marks.ts'

const problem = (changes: Partial<Problem>): Problem => ({
  id: 'run:tank',
  source: 'run',
  severity: 'error',
  message: 'x is not defined',
  file: 'tank.ts',
  line: 2,
  column: 3,
  ...changes,
})

test('a run error marks its word and stands at the end of its line; a compile error has its mark only', () => {
  const text = 'first\n  speed += x'
  const [run] = problemMarks(
    [problem({ module: 'tank', consequence: 'v12 runs on', message: 'x is not defined\nmore' })],
    text,
    text,
  )
  expect(run).toEqual({
    id: 'run:tank',
    severity: 'error',
    line: 2,
    column: 3,
    endColumn: 8,
    message: 'tank: x is not defined\nmore\nv12 runs on',
    inline: 'x is not defined',
  })
  expect(problemMarks([problem({ source: 'compile' })], text, text)[0]?.inline).toBeUndefined()
})

test('a position that belongs to the saved text is found in the edited one', () => {
  expect(problemMarks([problem({})], 'a\n  bug()\nc', 'new\na\n  bug()\nc')[0]?.line).toBe(3)
})

test('a position outside the text or without one stays inside it', () => {
  expect(problemMarks([problem({ line: 99 })], undefined, 'one\ntwo')[0]?.line).toBe(2)
  const { line: _line, column: _column, ...bare } = problem({})
  expect(problemMarks([bare], undefined, '  one')[0]).toMatchObject({ line: 1, column: 3, endColumn: 6 })
})

test('the span is the word, one character where there is none, the line’s text where no column is known', () => {
  expect(problemSpan('let speed = 5', 5)).toEqual({ column: 5, endColumn: 10 })
  expect(problemSpan('a + b', 3)).toEqual({ column: 3, endColumn: 4 })
  expect(problemSpan('  a + b  ', undefined)).toEqual({ column: 3, endColumn: 8 })
  expect(problemSpan('', undefined)).toEqual({ column: 1, endColumn: 2 })
})
