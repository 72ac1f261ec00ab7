// Reset (FL4): another program on a new timeline, of the same versions and live configuration; the one it leaves is kept whole, so that
// it can be undone.

import { CoppiceError } from '../protocol/errors.ts'
import { commit } from './commit.ts'
import type { EngineCore } from './engine-core.ts'
import { Preparation } from './preparation.ts'
import { noTimes } from './receipts.ts'
import { messageOf, Superseded } from './reload-failure.ts'

/** A new timeline from frame 0. What ran is kept whole. */
export async function resetProgram(core: EngineCore): Promise<void> {
  for (;;) {
    try {
      await core.reloads.exclusively((superseded) => restart(core, superseded))
      return
    } catch (error) {
      // A revision came in between: reset what it made.
      if (!(error instanceof Superseded)) throw error
    }
  }
}

/** Back to the moment the last reset left; code that changed since is brought to it. */
export async function undoReset(core: EngineCore): Promise<void> {
  if (core.kept === undefined)
    throw new CoppiceError('nothing-to-undo', 'There was no reset, or it has been undone already.')
  await core.reloads.exclusively(() => {
    const { kept } = core
    if (kept !== undefined) {
      core.kept = undefined
      core.history.keep(undefined)
      const left = core.program
      core.present(kept)
      core.disposeResources(left)
    }
    return Promise.resolve()
  })
  await core.reloads.reconsider('undo', 'undo reset')
  core.reporter.modulesChanged()
}

async function restart(core: EngineCore, superseded: Promise<never>): Promise<void> {
  const { manifest } = core.program
  if (manifest === undefined) throw new CoppiceError('invalid-argument', 'There is no program to reset yet.')
  const next = core.createProgram()
  const targets = core.program.modules.map((module) => ({
    manifest: module.manifest,
    entry: module.entry,
    instance: undefined,
    isForced: false,
    restarted: { definition: module.definition, live: module.layers.live },
  }))
  const preparation = new Preparation(core.reloadParts, next, manifest, targets, noTimes())
  try {
    await preparation.prepare(superseded)
    preparation.settle()
  } catch (error) {
    preparation.discard()
    core.program.placeCall()
    if (error instanceof Superseded) throw error
    throw new CoppiceError('load', `Not reset: ${messageOf(error)}`, { cause: error })
  }
  const before = core.program
  commit(core.reloadParts, next, preparation, manifest, false)
  for (const module of next.modules) module.past = before.module(module.name)?.past ?? []
  next.view = before.view
  if (core.kept !== undefined) core.disposeResources(core.kept)
  core.kept = before
  core.history.keep(before)
  core.present(next)
}
