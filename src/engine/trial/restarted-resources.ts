// What modules had set up before reloads that go on being tried in another engine (ML9): made anew there, as it was right before each commit,
// so that the past can be computed again, and the version before finds what it needs when it comes back.
//
//   entries ──► stretches between two setups of a module: the last is the living one's, others are made where a reload on trial ended them

import { CoppiceError } from '../../protocol/errors.ts'
import type { JournalEntry, TakeOver } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import { reachOf } from '../commit.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import { computeTakenOver } from '../journal/taken-over-program.ts'
import { ReloadFailure } from '../reload-failure.ts'
import type { Resources } from '../resources.ts'

/** What one run of `setup` made was in the program from this entry on, up to the next one's. */
interface Stretch {
  readonly since: number
  resources: Resources | undefined
}

/** Who sets something up for longer is not waited for. */
const patienceMs = 3000

/** The shelf of the program that is present has what was set up before each of these commits, as far as that can be made again. */
export async function restoreShelf(
  core: EngineCore,
  source: TakeOver,
  commits: readonly JournalEntry[],
): Promise<void> {
  const { program, history } = core
  const entries = history.journal.after(program.timeline, 0)
  const stretches = new Map(program.modules.map((module) => [module.name, stretchesOf(module, entries)]))
  for (const commit of commits) {
    const wanted = new Map<string, Stretch>()
    for (const [name, own] of stretches) {
      const stretch = own.findLast(({ since }) => since < commit.sequence)
      if (stretch !== undefined && stretch.resources === undefined) wanted.set(name, stretch)
    }
    if (wanted.size === 0) continue
    for (const { name, resources } of await modulesBefore(core, source, commit)) {
      const stretch = wanted.get(name)
      if (stretch === undefined) core.disposeOf(name, resources)
      else stretch.resources = resources
    }
  }
  for (const [name, own] of stretches) {
    history.shelf.noteEarlier(own.map((stretch) => ({ name, ...stretch })))
    for (const [index, { since }] of own.entries()) {
      const gone = own[index - 1]?.resources
      if (gone !== undefined) history.shelf.retire(since, [[name, gone]])
    }
  }
}

/** Oldest first; of the last one, what is there. */
function stretchesOf({ name, resources }: ModuleInstance, entries: readonly JournalEntry[]): readonly Stretch[] {
  let starts = [0]
  for (const { sequence, input } of entries) {
    if (input.kind !== 'commit') continue
    const own = input.modules.find(({ manifest }) => manifest.name === name)
    if (own === undefined) continue
    if (own.from === undefined) starts = [sequence]
    else if (own.areResourcesNew) starts = [...starts, sequence]
  }
  return starts.map((since, index) => ({ since, resources: index === starts.length - 1 ? resources : undefined }))
}

/** The modules as they were right before a commit, set up anew; none where that can't be done, or takes too long. */
async function modulesBefore(
  core: EngineCore,
  source: TakeOver,
  { timeline, frame, sequence }: JournalEntry,
): Promise<readonly ModuleInstance[]> {
  const { guilty: _, ...rest } = source
  // A commit is an input of the frame that follows.
  const before = frameNumber(frame - 1)
  const parts = {
    ...core.reloadParts,
    ...core.history.parts,
    inTime: (pending: Promise<unknown>) => endsInTime(core, pending),
  }
  try {
    const taken = { ...rest, timeline, frame: before, reached: before }
    return (await computeTakenOver(taken, parts, 'boundary', sequence - 1)).program.modules
  } catch (error) {
    if (error instanceof ReloadFailure || (error instanceof CoppiceError && error.code === 'not-supported')) return []
    throw error
  } finally {
    core.classes.activate(reachOf(core.program.modules))
    core.program.placeCall()
  }
}

function endsInTime({ host: { clock, timers } }: EngineCore, pending: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = timers.callAt(clock.now() + patienceMs, () => resolve(false))
    pending.then(() => resolve(true), reject).finally(cancel)
  })
}
