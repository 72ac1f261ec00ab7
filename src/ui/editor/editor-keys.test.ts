// Which key does what, inside the editor and out, on a Mac and not.

import { expect, test } from 'vitest'
import { editorKeyAction } from './editor-keys.ts'

const key = (code: string, ...modifiers: readonly ('ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey')[]) => ({
  code,
  ctrlKey: modifiers.includes('ctrlKey'),
  metaKey: modifiers.includes('metaKey'),
  shiftKey: modifiers.includes('shiftKey'),
  altKey: modifiers.includes('altKey'),
})

test('saving works from anywhere on the page', () => {
  expect(editorKeyAction(key('KeyS', 'ctrlKey'), false, false)).toBe('save')
  expect(editorKeyAction(key('KeyS', 'ctrlKey', 'shiftKey'), false, false)).toBe('save-all')
  expect(editorKeyAction(key('KeyS', 'metaKey'), false, true)).toBe('save')
  expect(editorKeyAction(key('KeyS'), true, false)).toBeUndefined()
})

test('going about the tabs needs the focus in the editor', () => {
  expect(editorKeyAction(key('ArrowRight', 'altKey'), true, false)).toBe('next-tab')
  expect(editorKeyAction(key('ArrowLeft', 'altKey'), true, false)).toBe('previous-tab')
  expect(editorKeyAction(key('KeyW', 'altKey'), true, false)).toBe('close-tab')
  expect(editorKeyAction(key('ArrowRight', 'altKey'), false, false)).toBeUndefined()
  expect(editorKeyAction(key('ArrowRight', 'altKey'), true, true)).toBeUndefined()
  expect(editorKeyAction(key('ArrowRight', 'altKey', 'ctrlKey'), true, true)).toBe('next-tab')
})
