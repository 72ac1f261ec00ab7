// Saves against a file service that answers as the test says: written, in conflict, not there.

import { expect, test } from 'vitest'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import { contentHash } from '../../protocol/values.ts'
import type { FileEdit } from '../../protocol/workspace.ts'
import type { DocumentState } from './document-state.ts'
import { newDocument, nextDocument } from './document-state.ts'
import { saveDocuments, type SaveableDocuments } from './saving.ts'

const documentsOf = (texts: Readonly<Record<string, string>>) => {
  const states = new Map<string, DocumentState>()
  for (const path of Object.keys(texts)) {
    const opened = nextDocument(newDocument(path), {
      type: 'read',
      content: { path, kind: 'text', text: 'old', hash: contentHash('a') },
      current: undefined,
    })
    states.set(path, nextDocument(opened, { type: 'edited', text: texts[path] ?? '' }))
  }
  const documents: SaveableDocuments = {
    state: (path) => states.get(path) ?? newDocument(path),
    text: (path) => texts[path],
    baseHash: (path) => states.get(path)?.base.hash,
    dispatch: (path, event) => {
      const state = states.get(path)
      if (state !== undefined) states.set(path, nextDocument(state, event))
    },
  }
  return documents
}

const clientThat = (
  save: (edits: readonly FileEdit[]) => ReturnType<CoppiceClient['files']['save']>,
): Pick<CoppiceClient, 'files'> => {
  const never = (): Promise<never> => Promise.reject(new Error('not asked for'))
  return { files: { save, read: never, create: never, rename: never, delete: never, duplicate: never, change: never } }
}

test('[ML2] all files go in one write, each with what its edit started from', async () => {
  const writes: (readonly FileEdit[])[] = []
  const documents = documentsOf({ 'a.ts': 'A', 'b.ts': 'B' })
  const client = clientThat(async (edits) => {
    writes.push(edits)
    return { result: { files: edits.map(({ path }) => ({ path, hash: contentHash(`new ${path}`) })) }, receipts: [] }
  })
  const outcome = await saveDocuments(client, documents, ['a.ts', 'b.ts', 'picture.png'])
  expect(writes).toEqual([
    [
      { path: 'a.ts', text: 'A', base: 'a' },
      { path: 'b.ts', text: 'B', base: 'a' },
    ],
  ])
  expect(outcome.saved).toEqual([
    { path: 'a.ts', before: 'old', text: 'A' },
    { path: 'b.ts', before: 'old', text: 'B' },
  ])
  expect(documents.state('b.ts')).toMatchObject({ isDirty: false, base: { hash: 'new b.ts' } })
})

test('[WS2] a conflict is shown at its file, and the others say that nothing was saved', async () => {
  const documents = documentsOf({ 'a.ts': 'A', 'b.ts': 'B' })
  const details = { path: 'a.ts', yours: 'A', onDisk: 'theirs', onDiskHash: contentHash('t') }
  const client = clientThat(() => Promise.reject(new CoppiceError('file-conflict', 'changed', { details })))
  await saveDocuments(client, documents, ['a.ts', 'b.ts'])
  expect(documents.state('a.ts')).toMatchObject({ isDirty: true, disk: { kind: 'changed', text: 'theirs', hash: 't' } })
  expect(documents.state('b.ts').save).toEqual({
    kind: 'failed',
    code: 'file-conflict',
    message: 'Nothing was saved: a.ts changed on disk.',
  })
})

test('[WS5] a conflict with one’s own text is a save', async () => {
  const documents = documentsOf({ 'a.ts': 'A' })
  const details = { path: 'a.ts', yours: 'A', onDisk: 'A', onDiskHash: contentHash('t') }
  await saveDocuments(
    clientThat(() => Promise.reject(new CoppiceError('file-conflict', 'changed', { details }))),
    documents,
    ['a.ts'],
  )
  expect(documents.state('a.ts')).toMatchObject({ isDirty: false, base: { hash: 't' }, save: { kind: 'idle' } })
})

test('without the dev server the text stays unsaved and the reason is kept', async () => {
  const documents = documentsOf({ 'a.ts': 'A' })
  const outcome = await saveDocuments(
    clientThat(() => Promise.reject(new CoppiceError('disconnected', 'no server'))),
    documents,
    ['a.ts'],
  )
  expect(outcome.saved).toEqual([])
  expect(documents.state('a.ts')).toMatchObject({
    isDirty: true,
    save: { kind: 'failed', code: 'disconnected', message: 'no server' },
  })
})

test('a text whose save is under way is not sent again', async () => {
  const documents = documentsOf({ 'a.ts': 'A' })
  documents.dispatch('a.ts', { type: 'save-started', text: 'A' })
  const outcome = await saveDocuments(
    clientThat(() => Promise.reject(new Error('sent again'))),
    documents,
    ['a.ts'],
  )
  expect(outcome).toEqual({ saved: [], receipts: [] })
  expect(documents.state('a.ts').save.kind).toBe('saving')
})
