// New code tried out in the standby before the living engine takes it up (ML4): the commit is done on the program as its newest capture
// has it, and a few frames are run and drawn, muted. Found is what a reload can't find without harm: a call that throws, a field newly
// NaN, and, by who watches this thread, what does not come to an end. All else the reload itself finds, and says better.
//
//   capture + entries ──► program ──► commit ──► 1 to 10 frames ──► drawn once ──► passed │ failed

import type { CommittedModule } from '../../protocol/journal.ts'
import type { Manifest } from '../../protocol/manifest.ts'
import type { RehearsalRequest, RehearsalResult } from '../../protocol/rehearsal.ts'
import type { SourceError } from '../../protocol/values.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import { CaptureReader } from '../capture/capture-reader.ts'
import { isThenable } from '../definition.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import { copyPlain } from '../plain-copy.ts'
import type { Program } from '../program.ts'
import { RandomStream } from '../random.ts'
import type { Target } from '../reload-target.ts'
import { fieldsWithNaN } from '../trial/nan-look.ts'
import { isVersionsPart, partNames, readProgram } from './program-parts.ts'
import type { VersionsPart } from './program-parts.ts'
import { rehearsalRequest } from './rehearsal-request.ts'
import { RehearsalResources } from './rehearsal-resources.ts'
import { Simulation } from './simulation.ts'
import type { SimulationResult } from './simulation.ts'
import { loadVersions } from './take-over.ts'

/** Frames of the new code, as many as fit in the time, and one at least. */
const maxFrames = 10
const patienceMs = 5
/** For what is asynchronous in the code. */
const awaitedMs = 500
/** For the frames before the commit, where the program is captured seldom. */
const approachMs = 200

/** The rehearsals of one engine: those it asks of another, and, while it runs no program, those it is asked for. */
export class Rehearsals {
  readonly #core: EngineCore
  readonly #resources = new RehearsalResources()

  constructor(core: EngineCore) {
    this.#core = core
  }

  /** Asks the standby, where there is one; undefined: there is nothing to wait for. */
  ask(targets: readonly Target[], manifest: Manifest): Promise<RehearsalResult> | undefined {
    const { host } = this.#core
    const request = host.rehearse === undefined ? undefined : rehearsalRequest(this.#core, targets, manifest)
    return request === undefined ? undefined : host.rehearse?.(request)
  }

  /** `captures`: of the engine that asks. Never rejects for what a module does. */
  async run(request: RehearsalRequest, captures: CaptureBuffer): Promise<RehearsalResult> {
    const { code, call, classes, history, reloadParts } = this.#core
    const { manifest, base, present, modules } = request
    const started = reloadParts.now()
    code.setMath(manifest.math)
    code.add(request.texts)
    const reader = new CaptureReader(captures, history.parts.restoreClasses)
    const record = reader
      .records()
      .findLast(({ moment }) => moment.timeline === base.timeline && moment.frame === base.frame)
    if (record === undefined) return skipped('the capture was dropped')
    const versionsOf = (): VersionsPart | undefined => {
      const value = reader.read(record, [partNames.versions])?.[0]?.value
      return isVersionsPart(value) ? value : undefined
    }
    const versions = versionsOf()
    if (versions === undefined) return skipped('the capture was dropped')
    const { timeline } = base
    const first = frameNumber(present.frame + 1)
    const sequence = (request.entries.at(-1)?.sequence ?? Number.MAX_SAFE_INTEGER - 1) + 1
    const input = { kind: 'commit', manifest, modules, isUndo: false } as const
    const entries = [...request.entries, { sequence, timeline, frame: first, input }]
    const definitions = await this.#inTime(loadVersions(code, versions, entries))
    if (definitions === undefined) return skipped('its top level takes too long')
    const steps = this.#resources.steps({ code, call, rendering: undefined }, manifest, (value) =>
      copyPlain(value, { classOf: (prototype) => classes.kindOf(prototype) }),
    )
    const renewed = new Set(modules.filter(({ isCodeNew }) => isCodeNew).map(({ manifest: { name } }) => name))
    let failure: Extract<RehearsalResult, { kind: 'failed' }> | undefined
    let frames = 0
    let begunAt = reloadParts.now()
    let reached: Program | undefined
    const failed = (module: ModuleInstance, error: SourceError): void => {
      failure ??= { kind: 'failed', module: module.name, phase: 'rehearse', error }
    }
    const simulation = new Simulation(
      {
        ...reloadParts,
        ...history.parts,
        definitionOf: (module, entry) => definitions.get(`${entry} ${module}`),
        resources: () => steps,
        threw: (module, error) => {
          // Another module's throw is not this code's fault before a trial has shown it.
          if (call.frame >= first && renewed.has(module.name))
            failed(module, code.describe(error, module.entry, module.manifest.path))
        },
      },
      {
        timeline,
        versions: versionsOf,
        read: () => {
          const read = reader.read(record)
          return read === undefined ? undefined : readProgram(read, record.moment.frame)
        },
        entries,
      },
    )
    const { now } = reloadParts
    const result = await this.#simulate(
      simulation.run({
        frame: first + maxFrames - 1,
        at: 'end',
        isOverdue: () => {
          if (failure !== undefined) return true
          return now() - begunAt > (frames === 0 ? approachMs : patienceMs)
        },
        frameEnded: (program) => {
          if (program.frame < first) return
          if (frames === 0) begunAt = now()
          frames++
          reached = program
        },
      }),
    )
    if (failure === undefined && reached !== undefined) {
      const before = readProgram(reader.read(record) ?? [], record.moment.frame)
      for (const name of renewed) {
        const module = reached.module(name)
        if (module === undefined) continue
        const error = newNaN(module, before?.modules.get(name)?.state) ?? call.apart(() => this.#draw(module, reached))
        if (error !== undefined) failed(module, error)
      }
    }
    this.#resources.end(call, reached)
    this.#release(versions, modules)
    if (failure !== undefined) return failure
    return frames === 0 && result?.kind !== 'impossible'
      ? skipped('the program takes too long to be computed')
      : { kind: 'passed', frames, ms: now() - started }
  }

  /** Undefined where what has to be set up takes too long: then it is left where it is, for good. */
  async #simulate(steps: Generator<Promise<unknown>, SimulationResult>): Promise<SimulationResult | undefined> {
    for (;;) {
      const step = this.#core.call.apart(() => steps.next())
      if (step.done === true) return step.value
      if ((await this.#inTime(step.value.then(() => true))) === undefined) return undefined
    }
  }

  /** Undefined where it takes too long; what comes later is nobody's. */
  #inTime<Value>(pending: Promise<Value>): Promise<Value | undefined> {
    const { clock, timers } = this.#core.host
    return new Promise((resolve, reject) => {
      const cancel = timers.callAt(clock.now() + awaitedMs, () => resolve(undefined))
      pending.then(resolve, reject).finally(cancel)
    })
  }

  /** One picture, on a canvas that is thrown away: 2d only, as others are dear. */
  #draw(module: ModuleInstance, program: Program | undefined): SourceError | undefined {
    const { render, view } = module.definition
    if (render === undefined || view.context !== '2d' || program === undefined) return undefined
    const { width, height } = program.view
    const ctx = this.#core.host.sketch?.(width, height)
    if (ctx === undefined) return undefined
    const { call, code } = this.#core
    try {
      const made: unknown = call.within(module.name, 'view-setup', () =>
        view.setup?.({ canvas: ctx.canvas, ctx, width, height }),
      )
      // What takes its time to be set up is not waited for.
      if (isThenable(made)) return undefined
      const stream = new RandomStream(module.name, 'render')
      stream.reset(program.seed, program.frame)
      const { config, state } = module
      const { time } = program
      const { random } = stream
      call.within(module.name, 'render', () => render({ ctx, state, config, view: made, width, height, time, random }))
      const { dispose } = view
      if (dispose !== undefined) call.within(module.name, 'dispose', () => dispose(made))
      return undefined
    } catch (error) {
      return code.describe(error, module.entry, module.manifest.path)
    }
  }

  #release({ modules }: VersionsPart, renewed: readonly CommittedModule[]): void {
    const { code, classes } = this.#core
    const entries = [...modules.flatMap(({ entry, past }) => [entry, ...past]), ...renewed.map(({ entry }) => entry)]
    code.release(entries)
    classes.release(new Set(entries.flatMap((entry) => [...code.reach(entry)])))
  }
}

function newNaN(module: ModuleInstance, before: unknown): SourceError | undefined {
  if (module.definition.allowNaN) return undefined
  const known = fieldsWithNaN(before)
  const field = [...fieldsWithNaN(module.state)].find((found) => !known.has(found))
  if (field === undefined) return undefined
  const message = `state${field} becomes NaN. Where that is meant, say \`allowNaN: true\``
  return { message, file: module.manifest.path }
}

function skipped(reason: string): RehearsalResult {
  return { kind: 'skipped', reason }
}
