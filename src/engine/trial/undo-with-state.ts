// An undo that takes the state back too: a reload, or a reset of a module, as if it had never been. Where the frames since can't be
// computed again in time, its modules get back the state they had when it came, and go on from there.
//
//   newest commit of the module ──► computed again without it (without.ts) ──► present
//                                        │ takes over 250 ms, or can't be computed
//                                        └──► state at its commit ──► a reload like any other, with that state given

import { CoppiceError } from '../../protocol/errors.ts'
import type { JournalEntry, JournalInput } from '../../protocol/journal.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { ContentHash } from '../../protocol/values.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { FoundRecord } from '../capture/capture-reader.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Program } from '../program.ts'
import { noTimes } from '../receipts.ts'
import type { LeftOut } from './without.ts'

type Commit = JournalEntry & { readonly input: Extract<JournalInput, { kind: 'commit' }> }

/** What is taken back, and the capture from before it. */
interface Undone {
  readonly commit: Commit
  readonly base: FoundRecord
  /** Modules it brought code or state for: name since, and name before. */
  readonly modules: readonly { readonly name: string; readonly from: string }[]
}

/** Code and state a module had. */
export interface GivenModule {
  readonly entry: ContentHash
  readonly state: unknown
  /** Which state it is, for people. */
  readonly words: string
}

/** Takes the newest reload or reset of a module back, state included. `nothing-to-undo` where there is none, or it is too long ago. */
export async function undoWithState(core: EngineCore, name: string): Promise<Receipt> {
  await core.reloads.exclusively(() => Promise.resolve())
  const undone = findUndone(core, name)
  return takeOut(core, name, undone) ?? core.reloads.modules.giveBack(name, titleOf(name), stateBefore(core, undone))
}

function findUndone({ program, history }: EngineCore, name: string): Undone {
  program.requireModule(name)
  const { timeline } = program
  const commit = newestReload(history.journal.after(timeline, 0), name)
  if (commit === undefined) throw new CoppiceError('nothing-to-undo', `${name} was neither reloaded nor reset.`)
  const base = history.base({ timeline, frame: commit.frame }, commit.sequence - 1)
  if (base === undefined)
    throw new CoppiceError(
      'nothing-to-undo',
      `The state ${name} had before frame ${commit.frame} is not kept any more.`,
    )
  const modules = commit.input.modules.flatMap(({ manifest, from, isCodeNew, isStateNew }) =>
    from === undefined || (!isCodeNew && isStateNew !== true) ? [] : [{ name: manifest.name, from }],
  )
  return { commit, base, modules }
}

/** The newest commit that brought the module code or state, and was not undone since. */
function newestReload(entries: readonly JournalEntry[], name: string): Commit | undefined {
  let undos = 0
  for (const entry of entries.toReversed()) {
    if (!isCommit(entry)) continue
    const own = entry.input.modules.find(({ manifest }) => manifest.name === name)
    if (own?.from === undefined || (!own.isCodeNew && own.isStateNew !== true)) continue
    if (entry.input.isUndo) undos++
    else if (undos > 0) undos--
    else return entry
  }
  return undefined
}

function isCommit(entry: JournalEntry): entry is Commit {
  return entry.input.kind === 'commit'
}

/** Undefined where it can't be computed in time: then nothing has changed. */
function takeOut(core: EngineCore, name: string, { commit, base, modules }: Undone): Receipt | undefined {
  const { reloadParts, trials } = core
  const started = reloadParts.now()
  const left = core.program
  const before = frameNumber(commit.frame - 1)
  const gone: LeftOut = {
    modules,
    sequence: commit.sequence,
    base: base.moment,
    moment: { timeline: left.timeline, frame: before },
  }
  const keep = core.reloads.modules.undone.note(
    left,
    modules.map((module) => module.name),
  )
  const takenBack = trials.without(gone, (next) => {
    const changed = modules.filter((module) => next.module(module.name)?.entry !== left.module(module.name)?.entry)
    const texts = changed.flatMap(({ name }) => {
      const entry = left.module(name)?.entry
      return entry === undefined ? [] : [[name, entry] as const]
    })
    core.reloads.takenBack(new Map(texts))
    for (const { name: own } of changed) rememberForRedo(left, next, own)
  })
  if (takenBack === undefined) return undefined
  keep()
  const { program } = core
  const words =
    program.frame === before
      ? 'State as before it'
      : `As if it had never been: frames ${commit.frame} to ${program.frame} computed again without it`
  const receipt = core.receipts.add({
    modules: modules.flatMap(({ name: own }) => {
      const [from, to] = [left.module(own)?.version, program.module(own)?.version]
      return from === undefined || to === undefined ? [] : [{ name: own, from, to }]
    }),
    moment: program.moment,
    outcome: 'committed',
    title: titleOf(name),
    stateChanges: [{ module: name, kind: 'taken-back', path: '', words }],
    ms: { ...noTimes(), total: reloadParts.now() - started },
    trigger: 'undo',
    changedFiles: [],
    ...(takenBack.sent.length > 0 ? { alreadySent: takenBack.sent } : {}),
  })
  core.receiptTold(receipt)
  return receipt
}

function rememberForRedo(left: Program, next: Program, name: string): void {
  const [before, after] = [left.module(name), next.module(name)]
  if (before !== undefined && after !== undefined) after.future = [...before.future, before.entry]
}

/** The state of each module right before the commit; where that can't be computed either, that of the capture before it. */
function stateBefore({ program, history }: EngineCore, undone: Undone): ReadonlyMap<string, GivenModule> {
  const { commit, base, modules } = undone
  const entries = history.journal
    .after(program.timeline, history.capture.sequenceOf(base))
    .filter(({ sequence }) => sequence < commit.sequence)
  const { result, giveBack } = history.compute(program, base, entries, { frame: commit.frame - 1, at: 'boundary' })
  giveBack()
  const captured = result.kind === 'reached' ? undefined : history.capture.read(base)
  // A capture is of a frame's start.
  const frame = (result.kind === 'reached' ? commit.frame : base.moment.frame) - 1
  const given = new Map<string, GivenModule>()
  for (const { name, from } of modules) {
    const present = program.module(name)
    const then = result.kind === 'reached' ? result.program.module(from) : captured?.modules.get(from)
    if (present === undefined || then === undefined) continue
    const isCodeNew = commit.input.modules.find(({ manifest }) => manifest.name === name)?.isCodeNew === true
    const older = isCodeNew ? (present.past.at(-1) ?? present.entry) : present.entry
    const entry = 'entry' in then ? then.entry : older
    given.set(name, { entry, state: then.state, words: `State of frame ${frame}, from before it` })
  }
  return given
}

function titleOf(name: string): string {
  return `undo ${name}, state too`
}
