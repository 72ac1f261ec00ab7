// New code tried out in the standby before the living engine takes it up (ML4): the commit is done on the program as its newest capture
// has it, and a few frames are run and drawn, muted. Found is what a reload can't find without harm: a call that throws, a field newly
// NaN, memory taken without measure, and, by who watches this thread, what does not come to an end. All else the reload itself finds, and
// says better.
//
//   capture + entries ──► program ──► commit ──► 1 to 10 frames ──► drawn once ──► passed │ failed
//                                                      │ throws, or NaN                        ▲
//                                                      └──► does the code that runs as well? ──┴── yes: not its fault, it goes on

import type { RehearsalRequest, RehearsalResult } from '../../protocol/rehearsal.ts'
import type { SourceError } from '../../protocol/values.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import { megabytes } from '../allocation-limit.ts'
import { reachOf } from '../commit.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { stateSize } from '../state-size.ts'
import { fieldsWithNaN } from '../trial/nan-look.ts'
import { computeControl, throwKey } from './rehearsal-control.ts'
import type { Control } from './rehearsal-control.ts'
import type { SimulationResult } from './simulation.ts'
import type { StandbyWork } from './standby-work.ts'

/** Frames of the new code, as many as fit in the time, and one at least. */
const maxFrames = 10
const patienceMs = 5
/** That one call may take, and that a state may come to. */
const mostBytes = 256e6
/** For the frames before the commit, where the program is captured seldom. */
const approachMs = 200

/** `captures`: of the engine that asks; undefined: those it handed in before. Never rejects for what a module does. */
export async function rehearse(
  core: EngineCore,
  work: StandbyWork,
  request: RehearsalRequest,
  captures: CaptureBuffer | undefined,
): Promise<RehearsalResult> {
  const { code, call } = core
  const { now } = core.reloadParts
  const { manifest, base, present, modules, texts } = request
  const started = now()
  work.prepare(manifest, texts, captures)
  const stored = work.record(base)
  if (stored === undefined) return skipped('the capture was dropped')
  const first = frameNumber(present.frame + 1)
  const sequence = (request.entries.at(-1)?.sequence ?? Number.MAX_SAFE_INTEGER - 1) + 1
  const input = { kind: 'commit', manifest, modules, isUndo: false } as const
  const entries = [...request.entries, { sequence, timeline: base.timeline, frame: first, input }]
  const definitions = await work.definitions(stored, entries)
  if (definitions === undefined) return skipped('its top level takes too long')
  const renewed = new Set(modules.filter(({ isCodeNew }) => isCodeNew).map(({ manifest: { name } }) => name))
  const failures: Extract<RehearsalResult, { kind: 'failed' }>[] = []
  let frames = 0
  let begunAt = now()
  let reached: Program | undefined
  /** The call that was the first to fail, and those that would have failed without the new code as well. */
  let thrown: string | undefined
  let excused: ReadonlySet<string> = new Set()
  const failed = (module: string, error: SourceError): void => {
    failures.push({ kind: 'failed', module, phase: 'rehearse', error })
  }
  const pathOf = (module: string): string | undefined =>
    modules.find(({ manifest: { name } }) => name === module)?.manifest.path
  const weigh = (module: string, state: unknown): void => {
    if (stateSize(state, mostBytes) <= mostBytes) return
    const before = stored.read()?.modules.get(module)?.state
    if (stateSize(before, mostBytes) <= mostBytes) failed(module, overweight(module, pathOf(module)))
  }
  const threw = (module: ModuleInstance, error: unknown): void => {
    // Another module's throw is not this code's fault before a trial has shown it.
    if (call.frame < first || !renewed.has(module.name)) return
    const key = throwKey(module.name, call.frame)
    if (excused.has(key)) {
      // Without that call, it all begins again.
      frames = 0
      begunAt = now()
      return
    }
    if (failures.length === 0) thrown = key
    failed(module.name, code.describe(error, module.entry, module.manifest.path))
  }
  const compute = (): Promise<SimulationResult | undefined> => {
    begunAt = now()
    call.allocations.set(mostBytes)
    return work.run(work.simulation({ stored, manifest, entries, definitions }, { threw, weigh }), {
      frame: first + maxFrames - 1,
      at: 'end',
      isOverdue: () => {
        if (failures.length > 0) return true
        return now() - begunAt > (frames === 0 ? approachMs : patienceMs)
      },
      frameEnded: (program) => {
        if (program.frame < first) return
        if (frames === 0) begunAt = now()
        frames++
        reached = program
      },
    })
  }
  const control = async (frame: number): Promise<Control> => {
    const source = { stored, manifest: stored.versions.manifest, entries: request.entries, definitions }
    const found = await computeControl(core, work, source, frame, approachMs)
    endProgram(found.program)
    if (reached !== undefined) core.classes.activate(reachOf(reached.modules))
    return found
  }
  const endProgram = (program: Program | undefined): void =>
    work.end(
      program,
      stored,
      modules.map(({ entry }) => entry),
    )
  let result = await compute()
  if (thrown !== undefined) {
    const known = await control(first + maxFrames - 1)
    if (known.thrown.has(thrown)) {
      excused = known.thrown
      failures.length = 0
      frames = 0
      reached = undefined
      result = await compute()
    }
  }
  const { overrun } = call.allocations
  call.allocations.lift()
  if (overrun !== undefined && renewed.has(overrun.module)) {
    const guilty = modules.find(({ manifest: { name } }) => name === overrun.module)
    failed(overrun.module, code.describe(overrun.error, guilty?.entry, guilty?.manifest.path))
  }
  if (reached !== undefined) {
    let before: ReturnType<typeof stored.read>
    for (const name of renewed) {
      const module = reached.module(name)
      if (module === undefined || failures.length > 0) break
      weigh(name, module.state)
      const nans = module.definition.allowNaN ? [] : [...fieldsWithNaN(module.state)]
      if (nans.length > 0) before ??= stored.read()
      let error = newNaN(module, nans, before?.modules.get(name)?.state)
      if (error !== undefined) {
        const without = await control(reached.frame)
        error = newNaN(module, nans, without.program?.module(name)?.state)
      }
      error ??= work.drawing.drawOnce(module, reached)
      if (error !== undefined) failed(name, error)
    }
  }
  endProgram(reached)
  const [failure] = failures
  if (failure !== undefined) return failure
  return frames === 0 && result?.kind !== 'impossible'
    ? skipped('the program takes too long to be computed')
    : { kind: 'passed', frames, ms: now() - started }
}

function newNaN(module: ModuleInstance, fields: readonly string[], before: unknown): SourceError | undefined {
  if (fields.length === 0) return undefined
  const known = fieldsWithNaN(before)
  const field = fields.find((found) => !known.has(found))
  if (field === undefined) return undefined
  const message = `state${field} becomes NaN. Where that is meant, say \`allowNaN: true\``
  return { message, file: module.manifest.path }
}

function overweight(module: string, file: string | undefined): SourceError {
  const message = `The state of ${module} grows to more than ${megabytes(mostBytes)}. Captures have no room for it: nothing of it could be taken back`
  return file === undefined ? { message } : { message, file }
}

function skipped(reason: string): RehearsalResult {
  return { kind: 'skipped', reason }
}
