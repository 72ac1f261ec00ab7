import { expect, test } from 'vitest'
import { isPlainKey, matchesShortcut } from './shortcut.ts'

const press = (
  code: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key: '',
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
})

test('a shortcut matches its own modifiers only', () => {
  expect(matchesShortcut('Ctrl+Shift+P', press('KeyP', { ctrlKey: true, shiftKey: true }))).toBe(true)
  expect(matchesShortcut('Ctrl+Shift+P', press('KeyP', { metaKey: true, shiftKey: true }))).toBe(true)
  expect(matchesShortcut('Ctrl+Shift+P', press('KeyP', { ctrlKey: true }))).toBe(false)
  expect(matchesShortcut('F10', press('F10'))).toBe(true)
  expect(matchesShortcut('F10', press('F10', { shiftKey: true }))).toBe(false)
  expect(matchesShortcut('Space', press('Space'))).toBe(true)
})

test('only bare keys are left to what is focused', () => {
  expect(isPlainKey('Space')).toBe(true)
  expect(isPlainKey('F6')).toBe(false)
  expect(isPlainKey('Shift+F10')).toBe(false)
  expect(isPlainKey('Ctrl+S')).toBe(false)
})
