// What the editor's React parts draw: tabs, each file's state, questions open. Written by the session, read by components.

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { DocumentState } from './document-state.ts'
import type { TabList } from './tab-list.ts'
import { noTabs } from './tab-list.ts'

export interface EditorViewState {
  /** The workspace's files have been read. */
  readonly isReady: boolean
  readonly tabs: TabList
  /** States of the open files by path. */
  readonly documents: Readonly<Record<string, DocumentState>>
  /** Files whose saved text is not the code that runs. */
  readonly differing: readonly string[]
  /** Files with an error of compile, load or run. */
  readonly failing: readonly string[]
  /** Unsaved files that wait for an answer before their tabs close. */
  readonly closing: readonly string[]
  /** The file whose text is shown beside the disk's. */
  readonly comparing: string | undefined
  /** Unsaved files the browser's storage has no room for. */
  readonly notKept: readonly string[]
  readonly isConnected: boolean
}

export type EditorViewStore = StoreApi<EditorViewState>

export const createEditorViewStore = (): EditorViewStore =>
  createStore<EditorViewState>(() => ({
    isReady: false,
    tabs: noTabs,
    documents: {},
    differing: [],
    failing: [],
    closing: [],
    comparing: undefined,
    notKept: [],
    isConnected: true,
  }))
