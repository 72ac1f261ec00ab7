// A run replayed from frame 0 in a worker of its own, while the program goes on in its: asks the running engine for what entered, a bit at
// a time, and hands all to an engine that has nothing else to do. Ended by `cancel`, or where it hangs.
//
//   running engine ──journal──► here ──replay──► another worker ──replayed … ReplayResult──► who asked

import { CoppiceError } from '../protocol/errors.ts'
import type { JournalEntry } from '../protocol/journal.ts'
import type { ReplayProgress, ReplayResult } from '../protocol/replay.ts'
import type { TimelineId } from '../protocol/values.ts'
import type { CodeText } from '../protocol/code.ts'
import { EngineLink, type EngineThread } from './engine-link.ts'
import { reportRehearsal } from './hang-report.ts'
import { HangWatch, lookEveryMs } from './hang-watch.ts'

/** Entries asked for at once: the running engine stands still for a few milliseconds at most. */
const entriesAtOnce = 2000
const limitMs = 1000

export interface ReplaySource {
  readonly timeline: TimelineId
  readonly texts: readonly CodeText[]
  readonly captures: SharedArrayBuffer | ArrayBuffer
  /** What entered after that sequence, the oldest first. */
  readonly journal: (since: number, limit: number) => Promise<readonly JournalEntry[]>
}

export interface RunningReplay {
  /** Rejects with `interrupted` where it was cancelled, or where the code of now did not come to an end. */
  readonly result: Promise<ReplayResult>
  readonly cancel: () => void
}

/** Starts at once; `told` is called about ten times a second. */
export function startReplay(
  startEngine: () => EngineThread,
  source: ReplaySource,
  told: (progress: ReplayProgress) => void,
): RunningReplay {
  const link = new EngineLink(startEngine(), (event) => {
    if (event.type === 'replayed') told(event.progress)
  })
  let end: (error: CoppiceError) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  const watch = link.pulse === undefined ? undefined : new HangWatch(link.pulse, limitMs)
  const timer = setInterval(() => {
    const hang = watch?.look(performance.now())
    if (hang !== undefined)
      end(new CoppiceError('interrupted', `The replay was ended: ${reportRehearsal(hang).message}.`))
  }, lookEveryMs)
  const close = (): void => {
    clearInterval(timer)
    link.dispose()
  }
  const work = async (): Promise<ReplayResult> => {
    const entries: JournalEntry[] = []
    for (;;) {
      const more = await source.journal(entries.at(-1)?.sequence ?? 0, entriesAtOnce)
      entries.push(...more)
      if (more.length < entriesAtOnce) break
    }
    const { timeline, texts, captures } = source
    return link.command('replay', { timeline, texts, entries }, captures)
  }
  return {
    result: Promise.race([work(), ended]).finally(close),
    cancel: () => end(new CoppiceError('interrupted', 'The replay was cancelled.')),
  }
}
