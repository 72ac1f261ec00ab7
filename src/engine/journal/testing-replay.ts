// What the tests of replays do to a program, whatever runs its modules: a user at work for some frames, and then the run computed again.

import type { ReplayResult } from '../../protocol/replay.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import type { EngineCore } from '../engine-core.ts'
import { replay } from './replay.ts'

/** An engine of a test. */
export interface ReplayLab {
  readonly core: EngineCore
  readonly execute: (name: string, ...args: readonly unknown[]) => Promise<unknown>
}

/** Some frames, with keys and notes at set ones. */
export async function drive(lab: ReplayLab, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    const next = lab.core.program.frame + 1
    if (next % 5 === 0) await lab.execute('input', { kind: 'key', code: 'KeyA', down: next % 10 === 0 })
    if (next % 7 === 0) await lab.execute('publish', 'note', next)
    await lab.execute('step', 1)
  }
}

/** What ran so far, replayed in another engine, which runs none. `since`: of the journal's entries, those after it. */
export function replayIn(
  other: EngineCore,
  { core }: ReplayLab,
  since = 0,
  captures: CaptureBuffer = core.history.capture.store.buffer,
): Promise<ReplayResult> {
  const entries = core.history.journal.since(since)
  const hashes = new Set(
    entries.flatMap(({ input }) => (input.kind === 'commit' ? input.modules.map(({ entry }) => entry) : [])),
  )
  const texts = [...hashes].map((hash) => core.code.text(hash)).filter((text) => text !== undefined)
  return replay(other, structuredClone({ timeline: core.program.timeline, entries, texts }), captures)
}
