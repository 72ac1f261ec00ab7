// Which loop did not come to an end (ML9): what hung is done once more in a worker of its own, with loops that look at the time. The
// program has long gone on when the answer comes; where there is none, a message names module and file only, as before.
//
//   texts ──watchLoops──► dev server ──► another worker: takeOver, applyRevision, step ──loop-found──► here, and the worker is ended

import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { TakeOver } from '../protocol/journal.ts'
import type { SourcePosition } from '../protocol/values.ts'
import type { CodeStore } from './code-store.ts'
import { EngineLink, type EngineThread } from './engine-link.ts'

/** Computing, and the loop's own time; loading the worker is not in it. */
const patienceMs = 8000
/** Versions in the store that may be what hung: the newest. */
const newestTexts = 60
/** As many as a rehearsal runs, and one. */
const frames = 11

export interface LoopSearch {
  readonly startEngine: () => EngineThread
  readonly store: CodeStore
  /** Texts with their loops watched, by the dev server. */
  readonly watchLoops: (texts: readonly string[]) => Promise<readonly string[]>
}

/** `source`: the program before the hang; undefined where none ran. `revision`: what was to be brought to it when it hung. */
export async function findLoop(
  { startEngine, store, watchLoops }: LoopSearch,
  source: TakeOver | undefined,
  revision: ProgramRevision | undefined,
): Promise<SourcePosition | undefined> {
  const texts = await watched(store, revision ?? source?.revision, watchLoops)
  let found: (position: SourcePosition | undefined) => void = () => undefined
  const answer = new Promise<SourcePosition | undefined>((resolve) => {
    found = resolve
  })
  const link: EngineLink = new EngineLink(startEngine(), (event) => {
    if (event.type === 'loop-found') found(event.position)
    if (event.type !== 'layer-wanted') return
    const { module, request } = event.layer
    const canvas = new OffscreenCanvas(320, 180)
    const layer = { module, request, canvas, pixelWidth: 320, pixelHeight: 180 }
    link.command('attachLayer', layer).catch(() => undefined)
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const again = async (): Promise<void> => {
    await link.command('status')
    timer = setTimeout(() => found(undefined), patienceMs)
    if (source !== undefined) {
      const { guilty: _, ...rest } = source
      await link.command('takeOver', { ...rest, texts, isRunning: false })
    } else await link.command('addTexts', texts)
    if (revision !== undefined) await link.command('applyRevision', { ...revision, texts }, { startPaused: true })
    await link.command('step', frames)
  }
  try {
    // What it comes to without a loop found, drawing may still find.
    again().catch(() => found(undefined))
    return await answer
  } finally {
    clearTimeout(timer)
    link.dispose()
  }
}

/** All texts, those of the workspace that may have hung with their loops watched. */
async function watched(
  store: CodeStore,
  revision: ProgramRevision | undefined,
  watchLoops: LoopSearch['watchLoops'],
): Promise<readonly CodeText[]> {
  const all = store.all()
  const reached = (revision?.modules ?? []).flatMap((code) => ('entry' in code ? store.reach(code.entry) : []))
  const suspects = [...new Set([...reached, ...all.slice(-newestTexts)])].filter(
    ({ file }) => !file.includes('node_modules/'),
  )
  const texts = await watchLoops(suspects.map(({ text }) => text))
  const byHash = new Map(suspects.map((text, index) => [text.hash, { ...text, text: texts[index] ?? text.text }]))
  return all.map((text) => byHash.get(text.hash) ?? text)
}
