// Which lines a save lights up, and where marks go in an edited text.

import { expect, test } from 'vitest'
import { changedLines, mapLine } from './line-diff.ts'

test('the lines a save changed or added are named, moved neighbours are not', () => {
  expect(changedLines('a\nb\nc', 'a\nB\nc')).toEqual([2])
  expect(changedLines('a\nb\nc', 'a\nb\nnew\nc')).toEqual([3])
  expect(changedLines('a\nb\nc\nd\ne', 'a\nB\nc\nD\ne')).toEqual([2, 4])
  expect(changedLines('a\nb\nc', 'a\nc')).toEqual([])
  expect(changedLines('a\nb', 'a\nb')).toEqual([])
})

test('a line keeps its place above an edit, shifts below it, and is found again inside it', () => {
  const before = 'a\nb\nc\nd'
  expect(mapLine(before, 'x\na\nb\nc\nd', 3)).toBe(4)
  expect(mapLine(before, 'a\nb\nc\nd\ne', 2)).toBe(2)
  expect(mapLine(before, 'a\nc\nd', 4)).toBe(3)
  expect(mapLine(before, 'A\nnew\nb\nC\nd', 2)).toBe(3)
  expect(mapLine(before, before, 3)).toBe(3)
})

test('a line that is gone maps to the nearest one that is there', () => {
  expect(mapLine('a\nb\nc', 'a\nc', 2)).toBe(1)
  expect(mapLine('a\nb\nc', '', 2)).toBe(1)
})
