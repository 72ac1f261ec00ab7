// What the editor knows of one file: the text on disk it started from, whether the text in front differs, and what stands
// between the two (a conflict, a deletion, a failed save). Pure: events in, states out. Monaco and the network are elsewhere.
//
//   loading ─read─► text (clean) ─edited─► dirty ─save-started─► saving ─saved─► clean
//                     ▲   │ disk changes: follows      │ disk changes: conflict ─keep-mine / take-disk─► …
//                     └───┘                            └ save-failed: text stays, retry

import type { ErrorCode } from '../../protocol/errors.ts'
import type { FileContent } from '../../protocol/workspace.ts'
import type { ContentHash } from '../../protocol/values.ts'

export type DocumentContent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'text' }
  | { readonly kind: 'binary' | 'too-large'; readonly size: number }
  | { readonly kind: 'unreadable'; readonly message: string }

/** How the file on disk stands to the text the edit started from. */
export type DiskState =
  | { readonly kind: 'same' }
  /** Another program wrote it under unsaved edits: both texts are kept. */
  | { readonly kind: 'changed'; readonly text: string; readonly hash: ContentHash }
  | { readonly kind: 'deleted' }

export type SaveState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving'; readonly text: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }

export interface DocumentState {
  readonly path: string
  readonly content: DocumentContent
  /** What was on disk when editor and disk last agreed; its text is unknown where only unsaved text was restored. */
  readonly base: { readonly text: string | undefined; readonly hash: ContentHash | undefined }
  readonly isDirty: boolean
  readonly disk: DiskState
  readonly save: SaveState
}

export type DocumentEvent =
  /** The file was read from disk. `current`: the editor's text, where it has one. */
  | { readonly type: 'read'; readonly content: FileContent; readonly current: string | undefined }
  | { readonly type: 'unreadable'; readonly message: string }
  | { readonly type: 'deleted' }
  | { readonly type: 'edited'; readonly text: string }
  /** Unsaved text of an earlier visit; `base` is the hash of the disk's text it started from. */
  | { readonly type: 'restored'; readonly text: string; readonly base: ContentHash | undefined }
  | { readonly type: 'save-started'; readonly text: string }
  | { readonly type: 'saved'; readonly text: string; readonly hash: ContentHash; readonly current: string }
  | { readonly type: 'save-failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'conflict'; readonly text: string; readonly hash: ContentHash }
  /** The next save overwrites the disk's text. */
  | { readonly type: 'keep-mine' }
  /** The editor takes over the disk's text. */
  | { readonly type: 'take-disk' }
  | { readonly type: 'renamed'; readonly path: string }

/** A file before anything is known of it. */
export const newDocument = (path: string): DocumentState => ({
  path,
  content: { kind: 'loading' },
  base: { text: undefined, hash: undefined },
  isDirty: false,
  disk: { kind: 'same' },
  save: { kind: 'idle' },
})

/** True where closing the tab would lose text. */
export const isUnsaved = (state: DocumentState): boolean =>
  state.isDirty || (state.content.kind === 'text' && state.disk.kind === 'deleted')

/**
 * The state after an event. Where the result is clean and its base's text is not the one in the editor, the editor
 * follows the base: that is how a clean file takes over what another program wrote.
 */
export const nextDocument = (state: DocumentState, event: DocumentEvent): DocumentState => {
  switch (event.type) {
    case 'read':
      return afterRead(state, event.content, event.current)
    case 'unreadable':
      return state.content.kind === 'text'
        ? state
        : { ...state, content: { kind: 'unreadable', message: event.message } }
    case 'deleted':
      return { ...state, disk: { kind: 'deleted' } }
    case 'edited':
      return state.isDirty === (state.base.text !== event.text) ? state : { ...state, isDirty: !state.isDirty }
    case 'restored':
      return { ...state, content: { kind: 'text' }, base: { text: undefined, hash: event.base }, isDirty: true }
    case 'save-started':
      return { ...state, save: { kind: 'saving', text: event.text } }
    case 'saved':
      return {
        ...state,
        base: { text: event.text, hash: event.hash },
        isDirty: event.current !== event.text,
        disk: { kind: 'same' },
        save: { kind: 'idle' },
      }
    case 'save-failed':
      return { ...state, save: { kind: 'failed', code: event.code, message: event.message } }
    case 'conflict':
      return {
        ...state,
        isDirty: true,
        disk: { kind: 'changed', text: event.text, hash: event.hash },
        save: { kind: 'idle' },
      }
    case 'keep-mine':
      return state.disk.kind === 'changed'
        ? { ...state, base: { text: state.disk.text, hash: state.disk.hash }, isDirty: true, disk: { kind: 'same' } }
        : state
    case 'take-disk':
      return state.disk.kind === 'changed'
        ? {
            ...state,
            base: { text: state.disk.text, hash: state.disk.hash },
            isDirty: false,
            disk: { kind: 'same' },
            save: { kind: 'idle' },
          }
        : state
    case 'renamed':
      return { ...state, path: event.path, disk: { kind: 'same' } }
  }
}

const afterRead = (state: DocumentState, content: FileContent, current: string | undefined): DocumentState => {
  if (content.kind !== 'text') {
    // Unsaved text is never thrown away for a file that turned binary: it stays, beside what the disk has become.
    return state.isDirty
      ? state
      : { ...state, content: { kind: content.kind, size: content.size }, disk: { kind: 'same' } }
  }
  const { text, hash } = content
  const isOwnSave = state.save.kind === 'saving' && state.save.text === text
  const agrees =
    !state.isDirty ||
    current === undefined ||
    current === text ||
    isOwnSave ||
    state.base.hash === hash ||
    state.base.text === text
  if (!agrees) return { ...state, disk: { kind: 'changed', text, hash } }
  const isDirty = state.isDirty && current !== undefined && current !== text
  return {
    ...state,
    content: { kind: 'text' },
    base: { text, hash },
    isDirty,
    disk: { kind: 'same' },
    save: isOwnSave ? { kind: 'idle' } : state.save,
  }
}
