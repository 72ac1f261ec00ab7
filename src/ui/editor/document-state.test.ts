// One file through reads, edits, saves, conflicts and deletions: what is clean, what is unsaved, what is kept.

import { expect, test } from 'vitest'
import { contentHash } from '../../protocol/values.ts'
import type { DocumentEvent, DocumentState } from './document-state.ts'
import { isUnsaved, newDocument, nextDocument } from './document-state.ts'

const hash = contentHash
const read = (text: string, of: string, current?: string): DocumentEvent => ({
  type: 'read',
  content: { path: 'tank.ts', kind: 'text', text, hash: hash(of) },
  current,
})
const after = (...events: readonly DocumentEvent[]): DocumentState =>
  events.reduce(nextDocument, newDocument('tank.ts'))
const opened = read('speed: 5', 'a')

test('[WS2] a file read is clean, an edit makes it dirty, and undoing the edit makes it clean again', () => {
  expect(after(opened)).toMatchObject({ content: { kind: 'text' }, isDirty: false })
  expect(after(opened, { type: 'edited', text: 'speed: 25' }).isDirty).toBe(true)
  expect(after(opened, { type: 'edited', text: 'speed: 25' }, { type: 'edited', text: 'speed: 5' }).isDirty).toBe(false)
})

test('an edit that changes nothing of the state is the same value', () => {
  const dirty = after(opened, { type: 'edited', text: 'speed: 2' })
  expect(nextDocument(dirty, { type: 'edited', text: 'speed: 25' })).toBe(dirty)
})

test('[WS2] a save makes its text the base; what was typed meanwhile stays unsaved', () => {
  const state = after(opened, { type: 'edited', text: 'speed: 25' }, { type: 'save-started', text: 'speed: 25' })
  expect(
    nextDocument(state, { type: 'saved', text: 'speed: 25', hash: hash('b'), current: 'speed: 25' }),
  ).toMatchObject({
    isDirty: false,
    base: { text: 'speed: 25', hash: 'b' },
    save: { kind: 'idle' },
  })
  expect(
    nextDocument(state, { type: 'saved', text: 'speed: 25', hash: hash('b'), current: 'speed: 250' }).isDirty,
  ).toBe(true)
})

test('[WS3] a clean file follows the disk', () => {
  expect(after(opened, read('speed: 7', 'b', 'speed: 5'))).toMatchObject({
    isDirty: false,
    disk: { kind: 'same' },
    base: { text: 'speed: 7', hash: 'b' },
  })
})

test('[WS2] a change on disk under unsaved edits keeps both texts', () => {
  const state = after(opened, { type: 'edited', text: 'speed: 25' }, read('speed: 7', 'b', 'speed: 25'))
  expect(state).toMatchObject({
    isDirty: true,
    disk: { kind: 'changed', text: 'speed: 7', hash: 'b' },
    base: { text: 'speed: 5', hash: 'a' },
  })
  expect(nextDocument(state, { type: 'keep-mine' })).toMatchObject({
    isDirty: true,
    disk: { kind: 'same' },
    base: { hash: 'b' },
  })
  expect(nextDocument(state, { type: 'take-disk' })).toMatchObject({
    isDirty: false,
    disk: { kind: 'same' },
    base: { text: 'speed: 7', hash: 'b' },
  })
})

test('[WS2] the conflict ends where the disk goes back to what the edit started from', () => {
  const state = after(opened, { type: 'edited', text: 'x' }, read('y', 'b', 'x'), read('speed: 5', 'a', 'x'))
  expect(state).toMatchObject({ isDirty: true, disk: { kind: 'same' } })
})

test('[WS3] a disk that says the same as the unsaved edits makes them saved', () => {
  expect(after(opened, { type: 'edited', text: 'x' }, read('x', 'b', 'x'))).toMatchObject({
    isDirty: false,
    base: { text: 'x', hash: 'b' },
  })
})

test('[WS5] the echo of a save whose answer is still to come is no conflict', () => {
  const state = after(opened, { type: 'edited', text: 'x' }, { type: 'save-started', text: 'x' }, read('x', 'b', 'xy'))
  expect(state).toMatchObject({
    isDirty: true,
    disk: { kind: 'same' },
    base: { text: 'x', hash: 'b' },
    save: { kind: 'idle' },
  })
})

test('[WS2] a refused save keeps text and base, and a conflict shows the disk', () => {
  const saving = after(opened, { type: 'edited', text: 'x' }, { type: 'save-started', text: 'x' })
  expect(nextDocument(saving, { type: 'save-failed', code: 'disconnected', message: 'gone' })).toMatchObject({
    isDirty: true,
    base: { hash: 'a' },
    save: { kind: 'failed', code: 'disconnected' },
  })
  expect(nextDocument(saving, { type: 'conflict', text: 'y', hash: hash('b') })).toMatchObject({
    isDirty: true,
    disk: { kind: 'changed', text: 'y' },
    save: { kind: 'idle' },
  })
})

test('[WS2] unsaved text of an earlier visit is dirty, and in conflict where the disk went on', () => {
  const restored: DocumentEvent = { type: 'restored', text: 'mine', base: hash('a') }
  expect(after(restored, read('speed: 5', 'a', 'mine'))).toMatchObject({
    isDirty: true,
    disk: { kind: 'same' },
    base: { text: 'speed: 5' },
  })
  expect(after(restored, read('other', 'b', 'mine'))).toMatchObject({
    isDirty: true,
    disk: { kind: 'changed', text: 'other' },
  })
  expect(after(restored, read('mine', 'b', 'mine'))).toMatchObject({ isDirty: false })
})

test('a file gone from disk keeps its text as unsaved, until it is there again', () => {
  const gone = after(opened, { type: 'deleted' })
  expect(isUnsaved(gone)).toBe(true)
  expect(nextDocument(gone, read('speed: 5', 'a', 'speed: 5'))).toMatchObject({ disk: { kind: 'same' } })
})

test('a binary file and one that is too large have no text; unsaved text is not thrown away for them', () => {
  const binary: DocumentEvent = {
    type: 'read',
    content: { path: 'tank.ts', kind: 'binary', size: 12, hash: hash('b') },
    current: undefined,
  }
  expect(after(binary).content).toEqual({ kind: 'binary', size: 12 })
  expect(after(opened, { type: 'edited', text: 'x' }, binary).content).toEqual({ kind: 'text' })
})

test('an unreadable file says why; one with text keeps it', () => {
  expect(after({ type: 'unreadable', message: 'no permission' }).content).toEqual({
    kind: 'unreadable',
    message: 'no permission',
  })
  expect(after(opened, { type: 'unreadable', message: 'no permission' }).content).toEqual({ kind: 'text' })
})
