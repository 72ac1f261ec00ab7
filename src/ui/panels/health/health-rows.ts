// The history of health as strips: for each module, queue and socket the spans of the last minutes in which it stood so. Pure.

import type { HealthChange, HealthSubject } from '../../../protocol/health.ts'
import type { Health } from '../../../protocol/module.ts'
import type { Moment } from '../../../protocol/values.ts'

/** From one change to the next. Frames, `to` exclusive; the last one reaches to the end. */
export interface HealthSpan extends Health {
  readonly from: number
  readonly to: number
}

export interface HealthRow {
  readonly name: string
  readonly subject: HealthSubject
  /** Oldest first, without gaps; within the frames asked for and from frame 0 on. */
  readonly spans: readonly HealthSpan[]
}

/** What there is to be healthy. */
export interface HealthSubjects {
  readonly modules: readonly string[]
  /** Modules that read messages. */
  readonly readers: readonly string[]
  readonly sockets: readonly string[]
}

/** Each module with its queue beneath it, then the sockets; of the timeline of `now`, over the last `frames` frames. */
export function healthRows(
  { modules, readers, sockets }: HealthSubjects,
  history: readonly HealthChange[],
  now: Moment,
  frames: number,
): readonly HealthRow[] {
  const row = (name: string, subject: HealthSubject): HealthRow => {
    const own = history.filter(
      (change) => change.module === name && change.subject === subject && change.moment.timeline === now.timeline,
    )
    return { name, subject, spans: spansOf(own, now.frame, frames) }
  }
  return [
    ...modules.flatMap((name) =>
      readers.includes(name) ? [row(name, 'module'), row(name, 'queue')] : [row(name, 'module')],
    ),
    ...sockets.map((name) => row(name, 'socket')),
  ]
}

function spansOf(changes: readonly HealthChange[], now: number, frames: number): readonly HealthSpan[] {
  const first = Math.max(0, now - frames)
  const starts = [
    { status: 'ok', at: 0 } as const,
    ...changes.map(({ moment, ...change }) => ({ ...change, at: moment.frame })),
  ]
  return starts.flatMap(({ at, status, ...rest }, index): readonly HealthSpan[] => {
    const from = Math.max(first, at)
    const to = Math.min(now, starts[index + 1]?.at ?? now)
    const message = 'message' in rest && rest.message !== '' ? { message: rest.message } : {}
    // The last one is of now, however short it is.
    return to > from || index === starts.length - 1 ? [{ status, ...message, from: Math.min(from, to), to }] : []
  })
}

/** How it stands at the end. */
export function presentHealth({ spans }: HealthRow): Health {
  return spans.at(-1) ?? { status: 'ok' }
}

/** `warning for 12 s, frames 60 to 780: 60 is much`. */
export function spanWords({ status, message, from, to }: HealthSpan, targetFps: number): string {
  const seconds = Math.round((to - from) / targetFps)
  const length = seconds < 1 ? 'under 1 s' : `${seconds} s`
  return `${status} for ${length}, frames ${from} to ${to}${message === undefined ? '' : `: ${message}`}`
}
