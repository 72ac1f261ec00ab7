// What of the editor outlives the page: open tabs, cursors and unsaved texts, per workspace, in the browser's storage. Each
// text has a key of its own, so that two tabs of the browser on one workspace keep each other's.

import type { ContentHash } from '../../protocol/values.ts'
import { contentHash } from '../../protocol/values.ts'
import type { TabList } from './tab-list.ts'
import { noTabs } from './tab-list.ts'

/** The part of the browser's `Storage` that is used; tests hand in one of their own. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface KeptText {
  readonly text: string
  /** Hash of the disk's text the edit started from. */
  readonly base: ContentHash | undefined
}

/** Scroll positions in pixels, the rest from 1. */
export interface KeptView {
  readonly line: number
  readonly column: number
  readonly scrollTop: number
  readonly scrollLeft: number
}

export interface KeptLayout {
  readonly tabs: TabList
  readonly views: Readonly<Record<string, KeptView>>
}

/** Reads and writes what one workspace keeps. What can't be read is as if it were not there: it is the user's storage. */
export class KeptTexts {
  readonly #storage: KeyValueStorage
  readonly #layoutKey: string
  readonly #textPrefix: string

  /** `workspace` tells workspaces apart: its absolute folder. */
  constructor(storage: KeyValueStorage, workspace: string) {
    this.#storage = storage
    this.#layoutKey = `coppice.editor.layout:${workspace}`
    this.#textPrefix = `coppice.editor.text:${workspace}:`
  }

  layout(): KeptLayout | undefined {
    const kept = parse(this.#storage.getItem(this.#layoutKey))
    if (!isRecord(kept) || !Array.isArray(kept['paths'])) return undefined
    const paths = kept['paths'].filter((path): path is string => typeof path === 'string')
    const active = paths.find((path) => path === kept['active']) ?? paths[0]
    const views: Record<string, KeptView> = {}
    if (isRecord(kept['views'])) {
      for (const [path, view] of Object.entries(kept['views'])) if (isView(view)) views[path] = view
    }
    return { tabs: paths.length === 0 ? noTabs : { paths, active }, views }
  }

  /** False where the browser refuses: its storage is full or switched off. */
  keepLayout(layout: KeptLayout): boolean {
    return this.#set(
      this.#layoutKey,
      JSON.stringify({ paths: layout.tabs.paths, active: layout.tabs.active, views: layout.views }),
    )
  }

  /** Unsaved texts by path. */
  texts(): ReadonlyMap<string, KeptText> {
    const texts = new Map<string, KeptText>()
    for (let index = 0; index < this.#storage.length; index += 1) {
      const key = this.#storage.key(index)
      if (key === null || !key.startsWith(this.#textPrefix)) continue
      const kept = parse(this.#storage.getItem(key))
      if (!isRecord(kept) || typeof kept['text'] !== 'string') continue
      const base = typeof kept['base'] === 'string' ? contentHash(kept['base']) : undefined
      texts.set(key.slice(this.#textPrefix.length), { text: kept['text'], base })
    }
    return texts
  }

  /** False where the browser refuses: the text would be lost with the page. */
  keepText(path: string, text: KeptText): boolean {
    return this.#set(this.#textPrefix + path, JSON.stringify(text))
  }

  dropText(path: string): void {
    this.#storage.removeItem(this.#textPrefix + path)
  }

  #set(key: string, value: string): boolean {
    try {
      this.#storage.setItem(key, value)
      return true
    } catch {
      // The one expected failure of storage is being full or off; the caller shows it.
      return false
    }
  }
}

const parse = (text: string | null): unknown => {
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isView = (value: unknown): value is KeptView =>
  isRecord(value) && ['line', 'column', 'scrollTop', 'scrollLeft'].every((name) => typeof value[name] === 'number')
