// Saved data on the page's side: what modules save goes to the dev server, which keeps it in the workspace's `data/`; while there is no server, it
// waits in the browser's storage. Of several pages on one workspace one writes (WS5).
//
//   outputs ──saved──► waiting, newest per key ──► server (at most a few times a second)
//                         └── no server, or the page goes ──► browser storage ──► server, by the page that writes then

import type { Output } from '../protocol/outputs.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { Problem } from '../protocol/problem.ts'
import type { SavedContent, SavedData, SavedEntry, SavedWrite } from '../protocol/saved.ts'

export interface SavedKeeperOptions {
  readonly write: (entries: readonly SavedEntry[]) => Promise<SavedWrite>
  /** What modules find from now on. */
  readonly setSaved: (saved: SavedData) => Promise<void>
  /** All problems of saved data there are now. */
  readonly tell: (problems: readonly Problem[]) => void
  /** Whether this page writes. */
  readonly writerChanged: (isWriter: boolean) => void
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined
  /** Calls back soon, as time goes; not at once. */
  readonly later: (callback: () => void) => void
}

const nothing: SavedContent = { saved: {}, problems: [], isWriter: true }

/** The saved data of one page, for the workspace that is open. */
export class SavedKeeper {
  readonly #options: SavedKeeperOptions
  readonly #waiting = new Map<string, SavedEntry>()
  /** Handed to the server, which has not answered yet. */
  #underWay: readonly SavedEntry[] = []
  #workspace: string | undefined
  #isWriter: boolean | undefined
  /** The engine was told of something saved. */
  #isSet = false
  #isBusy = false
  /** What the browser keeps is this page's. */
  #isKept = false
  #ofServer: readonly Problem[] = []
  #ofBrowser: Problem | undefined

  constructor(options: SavedKeeperOptions) {
    this.#options = options
  }

  /** Before the program of a workspace starts, or goes on with a server that came back; `workspace` is its folder. */
  async open(workspace: string, content: SavedContent = nothing): Promise<void> {
    if (workspace !== this.#workspace) {
      this.leave()
      this.#waiting.clear()
      this.#underWay = []
      this.#isKept = false
      this.#workspace = workspace
    }
    this.leased(content.isWriter)
    this.#takeKept()
    await this.came(content)
    this.#send()
  }

  /** The server tells of saved data that others changed. */
  async came({ saved, problems, isWriter }: SavedContent): Promise<void> {
    this.#ofServer = problems
    this.leased(isWriter)
    this.#tell()
    const present = [...this.#underWay, ...this.#waiting.values()].reduce(withEntry, saved)
    if (Object.keys(present).length === 0 && !this.#isSet) return
    this.#isSet = true
    await this.#options.setSaved(present)
  }

  leased(isWriter: boolean): void {
    if (isWriter === this.#isWriter) return
    this.#isWriter = isWriter
    this.#options.writerChanged(isWriter)
    // What the page that wrote before did not get off.
    this.#send()
  }

  /** The page may be gone in a moment: what is not written yet is left in the browser for the page that writes next. */
  leave(): void {
    for (const entry of this.#underWay) if (!this.#waiting.has(keyOf(entry))) this.#waiting.set(keyOf(entry), entry)
    if (this.#isWriter === true && this.#waiting.size > 0) this.#keepInBrowser('The page was left')
  }

  /** The program let these out. */
  keep(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.kind !== 'save') continue
      const { module, key, data } = output
      this.#waiting.set(keyOf(output), { module, key, data })
    }
    if (this.#waiting.size > 0) this.#send()
  }

  #send(): void {
    if (this.#isBusy) return
    if (this.#isWriter !== true) {
      // The page that writes has its own.
      this.#waiting.clear()
      if (this.#isKept) {
        this.#forgetKept()
        this.#tell()
      }
      return
    }
    this.#takeKept()
    if (this.#waiting.size === 0) return
    this.#isBusy = true
    const entries = [...this.#waiting.values()]
    this.#underWay = entries
    this.#waiting.clear()
    this.#options.write(entries).then(
      ({ isWriter, problems }) => {
        if (entries === this.#underWay) this.#written({ isWriter, problems })
        this.#options.later(() => this.#done())
      },
      (error: unknown) => this.#failed(entries, error),
    )
  }

  #written({ isWriter, problems }: SavedWrite): void {
    this.#underWay = []
    this.#ofServer = problems
    this.leased(isWriter)
    this.#forgetKept()
    this.#tell()
  }

  #done(): void {
    this.#isBusy = false
    this.#send()
  }

  /** Nothing is lost: it waits for the server, in the browser's storage too, as the page may be closed before. */
  #failed(entries: readonly SavedEntry[], error: unknown): void {
    // Another workspace was opened meanwhile: these were left for the one they are of.
    if (entries !== this.#underWay) return this.#options.later(() => this.#done())
    this.#underWay = []
    for (const entry of entries) if (!this.#waiting.has(keyOf(entry))) this.#waiting.set(keyOf(entry), entry)
    const isGone = error instanceof CoppiceError && (error.code === 'disconnected' || error.code === 'closed')
    const why = isGone ? 'The dev server is gone' : error instanceof Error ? error.message : String(error)
    this.#ofBrowser = this.#keepInBrowser(why)
    this.#tell()
    this.#options.later(() => this.#done())
  }

  #keepInBrowser(why: string): Problem {
    const problem = { id: 'saved:browser', source: 'saved', severity: 'warning' } as const
    const kept = [...this.#waiting.values()]
    try {
      if (this.#options.storage === undefined) throw new Error('there is no storage')
      this.#options.storage.setItem(this.#storageKey, JSON.stringify(kept))
      this.#isKept = true
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      const message = `${why}: saved data waits in this page alone (the browser's storage takes no more: ${cause}). Do not close it.`
      return { ...problem, severity: 'error', message }
    }
    return { ...problem, message: `${why}: saved data waits in this browser, and is written when it is back.` }
  }

  #readKept(): readonly SavedEntry[] {
    const text = this.#options.storage?.getItem(this.#storageKey) ?? '[]'
    try {
      const entries: unknown = JSON.parse(text)
      return Array.isArray(entries) ? entries.filter(isEntry) : []
    } catch {
      // Written by something else: not ours to lose.
      return []
    }
  }

  /** What the browser keeps is for the page that writes; what waits here is newer. */
  #takeKept(): void {
    if (this.#isWriter !== true) return
    const kept = this.#readKept()
    for (const entry of kept) if (!this.#waiting.has(keyOf(entry))) this.#waiting.set(keyOf(entry), entry)
    if (kept.length > 0) this.#isKept = true
  }

  /** What another page left there stays for the page that writes. */
  #forgetKept(): void {
    this.#ofBrowser = undefined
    if (this.#isKept) this.#options.storage?.removeItem(this.#storageKey)
    this.#isKept = false
  }

  get #storageKey(): string {
    return `coppice.saved.${this.#workspace ?? ''}`
  }

  #tell(): void {
    this.#options.tell([...this.#ofServer, ...(this.#ofBrowser === undefined ? [] : [this.#ofBrowser])])
  }
}

function keyOf({ module, key }: Pick<SavedEntry, 'module' | 'key'>): string {
  return JSON.stringify([module, key])
}

function withEntry(saved: SavedData, { module, key, data }: SavedEntry): SavedData {
  return { ...saved, [module]: { ...saved[module], [key]: data } }
}

function isEntry(value: unknown): value is SavedEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'module' in value &&
    typeof value.module === 'string' &&
    'key' in value &&
    typeof value.key === 'string' &&
    'data' in value
  )
}
