// A program made from a capture, the code of its versions and the inputs that came after, and run muted (FL10): the one mechanism
// behind rollback, a state at a frame's start, taking over from another worker, and every check of reproducibility.
//
//   capture ──► program ──► [boundary inputs, open, close] per frame ──► reached
//      ▲                        │ a module throws that did not when it was recorded
//      └── from the start, its call not made ◄──┘
//
// The engine's decisions (missed calls) are applied, not taken again. Runs in one turn where nothing has to be set up; else yields
// what is to be awaited. Whoever runs it makes its classes the active ones meanwhile.

import { CoppiceError } from '../../protocol/errors.ts'
import type { JournalEntry } from '../../protocol/journal.ts'
import { frameNumber } from '../../protocol/values.ts'
import type { ContentHash, TimelineId } from '../../protocol/values.ts'
import type { DeviceInput } from '../../protocol/input.ts'
import type { CallTracker } from '../call-tracker.ts'
import type { ClassRegistry } from '../class-registry.ts'
import type { CodeBase } from '../code-base.ts'
import { commit, reachOf } from '../commit.ts'
import { fileLayers } from '../config-layers.ts'
import type { Definition } from '../definition.ts'
import { FrameSteps } from '../frame.ts'
import { withMigration } from '../migration-chain.ts'
import type { MigrationHistory } from '../migration-chain.ts'
import { ModuleInstance } from '../module-instance.ts'
import type { InstanceParts } from '../module-instance.ts'
import { Preparation } from '../preparation.ts'
import type { Program } from '../program.ts'
import { noTimes } from '../receipts.ts'
import { messageOf } from '../reload-failure.ts'
import type { PreparedModule, Target } from '../reload-target.ts'
import type { ResourceSteps } from '../resource-preparation.ts'
import { Resources } from '../resources.ts'
import { applyInput } from './apply-input.ts'
import { nothingSaved } from '../saved-data.ts'
import { rebuildProfile } from './init-again.ts'
import { restoreProgram } from './program-parts.ts'
import type { ModuleVersion, RestoredProgram, VersionsPart } from './program-parts.ts'

export interface SimulationParts {
  readonly code: CodeBase
  readonly classes: ClassRegistry
  readonly call: CallTracker
  readonly now: () => number
  /** The code of a version; undefined where it is not evaluated. */
  readonly definitionOf: (module: string, entry: ContentHash) => Definition | undefined
  /** Where modules have their resources from, when that journal entry is the newest. */
  readonly resources: (sequence: number) => ResourceSteps
  /** Of this timeline, with nothing in it. */
  readonly createProgram: (timeline: TimelineId) => Program
  /** Writes a line of a module's log; nobody's while muted. */
  readonly write: InstanceParts['write']
  /** As in `StatePreparationParts`. */
  readonly weigh?: (module: string, state: unknown) => void
  /** Told of what calls of modules throw. */
  readonly threw?: (module: ModuleInstance, error: unknown) => void
  /** Resources that a replayed commit took out of the program. */
  readonly retired: (resources: readonly (readonly [module: string, resources: Resources])[]) => void
}

export interface SimulationSource {
  readonly timeline: TimelineId
  /** What code the capture runs; undefined where it has been dropped. */
  readonly versions: () => VersionsPart | undefined
  /** A fresh copy of the capture at each call, with the classes that are active then; undefined where it has been dropped. */
  readonly read: () => RestoredProgram | undefined
  /** What came after it, in order, without what is void. */
  readonly entries: readonly JournalEntry[]
}

export interface SimulationTarget {
  readonly frame: number
  /** `start`: its inputs are in. `end`: its modules have run. `boundary`: and what came after it is in. */
  readonly at: 'start' | 'end' | 'boundary'
  /** Checked once a frame. */
  readonly isOverdue?: () => boolean
  /** Its inputs are in, its modules have not run. */
  readonly opened?: (program: Program) => void
  /** At the end of each frame. */
  readonly frameEnded?: (program: Program) => void
}

export type SimulationResult =
  | { readonly kind: 'reached'; readonly program: Program; readonly missed: readonly MissedCall[] }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'impossible'; readonly message: string }

/** A call that threw here and not when it was recorded. */
export interface MissedCall {
  readonly module: string
  readonly frame: number
  readonly message: string
}

/** One program computed again. */
export class Simulation {
  readonly #parts: SimulationParts
  readonly #source: SimulationSource
  readonly #decisions = new Set<string>()
  readonly #missed: MissedCall[] = []
  readonly #steps: FrameSteps
  #thrown: MissedCall | undefined

  constructor(parts: SimulationParts, source: SimulationSource) {
    this.#parts = parts
    this.#source = source
    for (const { frame, input } of source.entries) {
      if (input.kind === 'missed') this.#decisions.add(decisionKey(input.module, frame))
    }
    this.#steps = new FrameSteps({
      clock: { now: () => 0 },
      call: parts.call,
      classOf: (prototype) => parts.classes.kindOf(prototype),
      isMissed: (module, { frame }) => this.#decisions.has(decisionKey(module.name, frame)),
      missed: (module, error) => {
        const { frame } = parts.call
        parts.threw?.(module, error)
        if (parts.call.phase === 'process') this.#thrown ??= { module: module.name, frame, message: messageOf(error) }
        return { message: messageOf(error) }
      },
      takeBack: () => undefined,
      recovered: () => undefined,
    })
  }

  /** Yields what is to be awaited before it can go on. */
  *run(target: SimulationTarget): Generator<Promise<unknown>, SimulationResult> {
    const { call } = this.#parts
    for (;;) {
      try {
        const result = yield* this.#attempt(target)
        if (result.kind !== 'thrown') return result
        this.#decisions.add(decisionKey(result.module, result.frame))
        const { module, frame, message } = result
        this.#missed.push({ module, frame, message })
      } catch (error) {
        return { kind: 'impossible', message: messageOf(error) }
      } finally {
        call.leave()
      }
    }
  }

  *#attempt(
    target: SimulationTarget,
  ): Generator<Promise<unknown>, SimulationResult | ({ readonly kind: 'thrown' } & MissedCall)> {
    this.#thrown = undefined
    const { program, sequence } = yield* this.#make()
    const entries = this.#source.entries.filter((entry) => entry.sequence > sequence)
    for (let index = 0; ;) {
      const devices: DeviceInput[] = []
      for (; (entries[index]?.frame ?? Infinity) <= program.nextFrame; index++) {
        const entry = entries[index]
        if (entry === undefined || entry.input.kind === 'missed') continue
        if (entry.input.kind === 'device') devices.push(entry.input.input)
        else if (!isPast(program, target)) yield* this.#apply(program, entry)
      }
      if (!program.isFrameOpen) {
        if (program.frame >= target.frame) break
        this.#steps.open(program, devices)
      }
      target.opened?.(program)
      if (target.at === 'start' && program.frame >= target.frame) break
      if (target.isOverdue?.() === true) return { kind: 'overdue' }
      this.#steps.close(program)
      const thrown = this.#takeThrown()
      if (thrown !== undefined) return { kind: 'thrown', ...thrown }
      target.frameEnded?.(program)
    }
    return { kind: 'reached', program, missed: this.#missed }
  }

  #takeThrown(): MissedCall | undefined {
    return this.#thrown
  }

  *#apply(program: Program, entry: JournalEntry): Generator<Promise<unknown>, void> {
    const { input } = entry
    const classOf = (prototype: object) => this.#parts.classes.kindOf(prototype)
    switch (input.kind) {
      case 'publish':
      case 'state':
      case 'config':
      case 'live-config':
      case 'task':
        program.placeCall()
        applyInput(program, input, classOf)
        return
      case 'commit':
        yield* this.#commit(program, entry.sequence, input)
        return
      case 'parked': {
        const module = program.module(input.module)
        if (module !== undefined) module.isParked = true
        return
      }
      case 'unsent':
        program.bus.takeBack(input.module, input.after)
        return
      case 'cut':
        throw new CoppiceError('not-supported', 'a state came from elsewhere in between')
      case 'device':
      case 'missed':
      case 'rewound':
    }
  }

  *#commit(
    program: Program,
    sequence: number,
    { manifest, modules, isUndo }: Extract<JournalEntry['input'], { kind: 'commit' }>,
  ): Generator<Promise<unknown>, void> {
    const targets: Target[] = []
    for (const {
      manifest: own,
      entry,
      from,
      isCodeNew,
      isStateNew,
      initFrame,
      live,
      saved = nothingSaved,
    } of modules) {
      const instance = from === undefined ? undefined : program.module(from)
      // It came with a commit that is not in this history.
      if (from !== undefined && instance === undefined && !isCodeNew) continue
      const wanted = isCodeNew || instance === undefined ? entry : instance.entry
      const isForced = isCodeNew && instance?.entry === wanted
      if (instance !== undefined) this.#ensureProfile(instance)
      targets.push({
        manifest: own,
        entry: wanted,
        instance,
        isForced,
        initFrame,
        saved,
        ...(isStateNew === true ? { isStateNew } : {}),
        ...(live === undefined ? {} : { restarted: { definition: this.#requireDefinition(own.name, entry), live } }),
      })
    }
    const definitions = targets.map((target) => this.#definitionFor(target))
    const preparation = new Preparation(
      { ...this.#parts, rendering: undefined, savedOf: () => nothingSaved },
      program,
      manifest,
      targets,
      noTimes(),
      this.#parts.resources(sequence),
    )
    const pending = preparation.prepareWith(definitions)
    if (pending.length > 0) yield Promise.all(pending)
    preparation.settle()
    const { oldResources } = commit(this.#parts, program, preparation, manifest, isUndo)
    this.#parts.retired(oldResources)
    for (const module of program.modules) module.error = undefined
  }

  /** The program as the capture has it. */
  *#make(): Generator<Promise<unknown>, { readonly program: Program; readonly sequence: number }> {
    const { classes, call } = this.#parts
    const versions = this.#source.versions()
    if (versions === undefined) throw captureDropped()
    const modules = versions.modules.map((version) => this.#instanceOf(version))
    classes.activate(reachOf(modules))
    const restored = this.#source.read()
    if (restored === undefined) throw captureDropped()
    const { program: part } = restored
    const program = this.#parts.createProgram(this.#source.timeline)
    program.isComputed = true
    program.bus.watch(true)
    program.restoreTime(part)
    program.manifest = versions.manifest
    const order = versions.order.map((name) => modules.find((module) => module.name === name))
    program.setModules(
      modules,
      order.filter((module) => module !== undefined),
    )
    restoreProgram(program, restored)
    program.placeCall()
    const prepared = modules.map((module) => asPrepared(module))
    const pending = this.#parts.resources(part.sequence).setUp(prepared)
    if (pending.length > 0) yield Promise.all(pending)
    for (const [index, module] of modules.entries()) {
      module.resources = prepared[index]?.resources ?? module.resources
      const stored = restored.modules.get(module.name)
      const { restore } = module.definition
      if (restore === undefined || stored === undefined || !('snapshot' in stored)) continue
      call.within(module.name, 'restore', () => restore(module.resources.value, stored.snapshot))
    }
    return { program, sequence: part.sequence }
  }

  #instanceOf({ manifest, entry, live, init, past }: ModuleVersion): ModuleInstance {
    const { classes, call, code } = this.#parts
    const { name } = manifest
    const definition = this.#requireDefinition(name, entry)
    const module = new ModuleInstance({
      manifest,
      definition,
      entry,
      call,
      classOf: (prototype) => classes.kindOf(prototype),
      write: this.#parts.write,
    })
    module.reach = code.reach(entry)
    module.version = code.versionOf(name, entry)
    module.past = past
    module.initStream = init
    module.setLayers({ defaults: definition.config, ...fileLayers(manifest), live })
    module.migrations = this.#historyOf(name, [...past, entry])
    return module
  }

  #historyOf(name: string, entries: readonly ContentHash[]): MigrationHistory {
    let history: MigrationHistory = []
    for (const entry of entries) {
      const definition = this.#parts.definitionOf(name, entry)
      if (definition !== undefined) history = withMigration(history, definition)
    }
    return history
  }

  /** What the `init` gave that its state is meant for: run again, where a commit asks. */
  #ensureProfile(module: ModuleInstance): void {
    module.initProfile ??= rebuildProfile(this.#parts, module)
  }

  #definitionFor({ manifest, entry, instance, isForced }: Target): Definition {
    if (instance !== undefined && instance.entry === entry && !isForced) return instance.definition
    return this.#requireDefinition(manifest.name, entry)
  }

  #requireDefinition(name: string, entry: ContentHash): Definition {
    const definition = this.#parts.definitionOf(name, entry)
    if (definition !== undefined) return definition
    throw new CoppiceError('not-supported', `the code ${name} had then is no longer evaluated`)
  }
}

/**
 * Runs a simulation to its end, awaiting what has to be set up. Nothing else may run in this engine meanwhile. `inTime`: whether that
 * came to an end in time; without it, it is waited for.
 */
export async function runSimulation(
  simulation: Simulation,
  target: SimulationTarget,
  call: CallTracker,
  inTime: (pending: Promise<unknown>) => Promise<boolean> = (pending) => pending.then(() => true),
): Promise<SimulationResult> {
  const steps = simulation.run(target)
  for (;;) {
    const step = call.apart(() => steps.next())
    if (step.done === true) return step.value
    if (!(await inTime(step.value))) return { kind: 'overdue' }
  }
}

function captureDropped(): CoppiceError {
  return new CoppiceError('not-supported', 'the capture was dropped')
}

function isPast(program: Program, { frame, at }: SimulationTarget): boolean {
  return at !== 'boundary' && program.frame >= frame
}

function decisionKey(module: string, frame: number): string {
  return `${String(frame)} ${module}`
}

/** As a preparation sees a module, for who gives it its resources. */
function asPrepared(module: ModuleInstance): PreparedModule {
  const { manifest, entry, definition, reach, layers, config, state } = module
  return {
    target: { manifest, entry, instance: undefined, isForced: false },
    definition,
    isCodeNew: true,
    reach,
    layers,
    config,
    configChange: undefined,
    state,
    initFrame: frameNumber(0),
    saved: nothingSaved,
    initProfile: undefined,
    stateChanges: [],
    resources: new Resources(''),
    areResourcesNew: false,
    view: undefined,
  }
}
