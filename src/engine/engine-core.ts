// The engine's parts, joined: which program runs, what happens around its frames and commits, and reset. Commands reach it
// through command-handlers.ts.

import type { ProgramRevision, RefusedText } from '../protocol/code.ts'
import type { LogLevel } from '../protocol/log.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { timelineId } from '../protocol/values.ts'
import type { SourcePosition } from '../protocol/values.ts'
import { createAmbient } from './ambient.ts'
import { BusStream } from './bus/bus-stream.ts'
import { CallTracker } from './call-tracker.ts'
import { ClassRegistry } from './class-registry.ts'
import { CodeBase } from './code-base.ts'
import { reachOf } from './commit.ts'
import type { Committed } from './commit.ts'
import { FrameLoop } from './frame-loop.ts'
import { FrameMetrics } from './frame-metrics.ts'
import { FrameRate } from './frame-rate.ts'
import { FrameRunner } from './frame-runner.ts'
import { HealthWatch } from './health-watch.ts'
import type { EngineHost, Standby } from './host.ts'
import { createHostedModules } from './hosts/hosted-modules.ts'
import type { HostedModules } from './hosts/hosted-modules.ts'
import { createHistory } from './journal/core-history.ts'
import type { History } from './journal/history.ts'
import { Rehearsals } from './journal/rehearsals.ts'
import { Reproducibility } from './journal/reproducibility.ts'
import { stopGuiltyOfThread } from './journal/stop-guilty.ts'
import { StandbyWork } from './journal/standby-work.ts'
import { LogBook } from './log-book.ts'
import type { ModuleInstance } from './module-instance.ts'
import { ModuleFaults } from './module-faults.ts'
import { OutputGate } from './output-gate.ts'
import { Problems } from './problems.ts'
import { Program } from './program.ts'
import { moduleInfos, statusOf } from './program-report.ts'
import { Receipts } from './receipts.ts'
import { messageOf } from './reload-failure.ts'
import type { ReloadParts } from './reload-attempt.ts'
import type { PreparedModule } from './reload-target.ts'
import { Reloads } from './reload.ts'
import { Rendering } from './rendering.ts'
import { Reporter } from './reporter.ts'
import type { Resources } from './resources.ts'
import { SocketGate } from './socket-gate.ts'
import { Saved } from './saved-data.ts'
import { formatValues } from './value-format.ts'
import { createTaskDesk } from './tasks/task-desk.ts'
import type { TaskDesk } from './tasks/task-desk.ts'
import { createTrials } from './trial/take-back.ts'
import type { Trials } from './trial/trials.ts'
import { Waiters } from './waiters.ts'

/** Everything of one engine. */
export class EngineCore {
  readonly host: EngineHost
  readonly problems = new Problems()
  readonly receipts = new Receipts()
  readonly logBook = new LogBook()
  readonly metrics = new FrameMetrics(60)
  readonly waiters = new Waiters()
  readonly outputs: OutputGate
  readonly saved = new Saved()
  readonly frameRate = new FrameRate()
  readonly classes = new ClassRegistry()
  readonly call: CallTracker
  readonly code: CodeBase
  readonly rendering: Rendering
  readonly loop: FrameLoop
  readonly reloads: Reloads
  readonly reporter: Reporter
  readonly busStream: BusStream
  readonly health: HealthWatch
  readonly socketGate: SocketGate
  readonly faults: ModuleFaults
  readonly history: History
  readonly trials: Trials
  readonly tasks: TaskDesk
  readonly hosted: HostedModules
  readonly rehearsals = new Rehearsals(this)
  readonly reproducibility = new Reproducibility(this)
  /** What it does for another engine, while it runs no program. */
  readonly standbyWork = new StandbyWork(this)
  /** Undefined: there is none. */
  standby: Standby | undefined = undefined
  program: Program
  /** Left by the last reset, whole. */
  kept: Program | undefined = undefined
  readonly reloadParts: ReloadParts
  readonly #frames: FrameRunner
  #lastTimeline = 0
  #problemsTold = 0
  #hasOpened = false

  constructor(host: EngineHost) {
    this.host = host
    const { clock, timers } = host
    const classOf = (prototype: object) => this.classes.kindOf(prototype)
    this.call = new CallTracker((module, level, values) => this.write(module, level, values), host.pulse)
    this.code = new CodeBase(host.createLoader, (math) =>
      createAmbient({ realm: host.realm, math, current: () => this.call }, this.classes),
    )
    this.faults = new ModuleFaults({
      problems: this.problems,
      moment: () => this.program.moment,
      describe: (module, error) => this.code.describe(error, module.entry, module.manifest.path),
      write: (module, text, position) => this.append(module, 'error', text, position),
    })
    this.tasks = createTaskDesk(this)
    this.history = createHistory(this)
    this.outputs = new OutputGate({
      send: (outputs) => {
        for (const output of outputs.outputs) if (output.kind === 'save') this.saved.keep(output)
        this.reporter.emit({ type: 'outputs', ...outputs })
        host.sendNow?.()
      },
    })
    this.socketGate = new SocketGate(classOf)
    this.hosted = createHostedModules(this)
    this.rendering = new Rendering({
      layers: host.layers,
      clock,
      timers,
      call: this.call,
      failed: (module, error) => {
        this.faults.renderFailed(module, error)
        this.tellProblems()
      },
      drawn: (module) => {
        if (this.problems.clear(`render:${module.name}`)) this.tellProblems()
      },
      layerGone: (module) => this.reporter.emit({ type: 'layer-gone', module }),
    })
    this.#frames = new FrameRunner({
      clock,
      call: this.call,
      metrics: this.metrics,
      rendering: this.rendering,
      hosts: host.moduleThreads === undefined ? undefined : this.hosted,
      classOf,
      takeBack: (module, program) => this.#takeBack(module, program),
      missed: (module, error) => this.faults.missed(module, error),
      pulse: host.pulse,
      admit: (program) => {
        this.tasks.enter(program)
        return this.socketGate.enter(program)
      },
      inputsTaken: () => this.reporter.sendJournal(),
      capture: (program) => this.history.frameBegan(program),
      ended: (program) => this.trials.frameEnded(program),
      letGo: (program) => this.outputs.letGo(program, this.trials.areOpen),
      recovered: (module) => this.problems.clear(`run:${module.name}`),
      stateRefused: (module, message) => this.faults.stateRefused(module, message),
    })
    this.loop = new FrameLoop({
      clock,
      timers,
      runFrame: () => this.#runFrame(),
      changed: () => this.#modeChanged(),
      stalled: (skippedMs) => this.reporter.emit({ type: 'stalled', skippedMs }),
    })
    this.reporter = new Reporter({
      clock,
      timers,
      emit: host.emit,
      status: () => statusOf(this),
      modules: () => moduleInfos(this),
      problems: () => this.problems.list(),
      drainFrames: () => this.metrics.drainFrames(),
      drainLog: () => this.logBook.drain(),
      drainJournal: () => this.history.journal.drain(),
      sendNow: host.sendNow,
    })
    this.busStream = new BusStream({
      now: () => clock.now(),
      moment: () => this.call.moment(),
      time: () => this.program.time,
      callSite: () => this.code.callSite(),
    })
    this.health = new HealthWatch({
      call: this.call,
      problems: this.problems,
      moment: () => this.program.moment,
      write: (module, level, text) => this.append(module, level, text, undefined),
    })
    this.program = this.createProgram()
    this.reloadParts = {
      code: this.code,
      classes: this.classes,
      call: this.call,
      rendering: this.rendering,
      problems: this.problems,
      receipts: this.receipts,
      now: () => clock.now(),
      write: (module, level, values) => this.write(module, level, values),
      giveWay: () => new Promise((resolve) => (host.giveWay === undefined ? resolve() : host.giveWay(resolve))),
      later: (ms, callback) =>
        timers.callAt(clock.now() + ms, () => {
          callback()
          this.tellProblems()
        }),
      program: () => this.program,
      savedOf: (module) => this.saved.of(module),
      rehearse: (targets, manifest) => this.rehearsals.ask(targets, manifest),
      committed: (result, prepared) => this.committed(result, prepared),
      receiptAdded: (receipt) => this.receiptTold(receipt),
      settled: (receipt, result, prepared, isTried) => {
        if (isTried) this.trials.begin(receipt, result, prepared)
        else this.trials.leave(result.renewed.map((module) => module.name))
        this.trials.settle()
      },
    }
    this.reloads = new Reloads(this.reloadParts)
    this.trials = createTrials(this)
  }

  /** Brings the program to a revision; the first one starts it, unless it is to start paused (FL7). */
  async apply(revision: ProgramRevision, startPaused: boolean, refused?: RefusedText): Promise<readonly Receipt[]> {
    const applied = this.reloads.apply(revision, refused)
    this.reporter.modulesChanged()
    const receipts = await applied
    if (!this.#hasOpened && this.program.manifest !== undefined) {
      this.#hasOpened = true
      if (!startPaused) this.loop.resume()
    }
    this.reporter.statusChanged()
    this.tellProblems()
    this.reporter.modulesChanged()
    return receipts
  }

  /** The program of another engine is present here from now on; this one ran none. */
  adopt(program: Program, lastTimeline: number): void {
    this.#lastTimeline = lastTimeline + 1
    this.#hasOpened = true
    program.isComputed = false
    this.present(program)
  }

  /** Writes a line of the log, at the place in the source that is running. */
  write(module: string | undefined, level: LogLevel, values: readonly unknown[]): void {
    if (!this.call.isMuted) this.append(module, level, formatValues(values), this.code.callSite())
  }

  /** Writes a line of the log with the moment of the current call. */
  append(module: string | undefined, level: LogLevel, text: string, position: SourcePosition | undefined): void {
    this.logBook.append({ level, text, module, position, moment: this.call.moment(), time: this.call.timeSeconds })
    this.reporter.touch()
  }

  /** Something other than a frame changed what is drawn or shown: an edit of state or configuration. */
  edited(module: ModuleInstance): void {
    module.isExposedStale = true
    this.program.stateRevision++
    this.rendering.redraw()
    this.waiters.look(this.program, false)
  }

  tellProblems(): void {
    if (this.#problemsTold === this.problems.revision) return
    this.#problemsTold = this.problems.revision
    this.reporter.problemsChanged()
  }

  dispose(): void {
    this.loop.dispose()
    this.tasks.dispose()
    this.hosted.dispose()
    this.rendering.dispose()
    this.disposeResources(this.program)
    if (this.kept !== undefined) this.disposeResources(this.kept)
    for (const [module, resources] of this.history.shelf.takeRetired(Infinity)) this.disposeOf(module, resources)
    this.waiters.close()
    this.reporter.close()
  }

  /** One with nothing in it; by default on a new timeline. */
  createProgram(timeline = timelineId(this.#lastTimeline++)): Program {
    return new Program({
      timeline,
      classes: this.classes,
      call: this.call,
      delivered: (topic) => this.waiters.delivered(topic),
      tap: () => this.busStream.tap(),
      record: this.history.record,
    })
  }

  /** FL8: nothing of the call is left. */
  #takeBack(module: ModuleInstance, program: Program): void {
    try {
      if (this.history.takeBack(module, program)) return
      this.append(module.name, 'warning', 'Its state could not be taken back: it is not captured.', undefined)
    } catch (error) {
      this.write(module.name, 'error', [
        'its state or resources could not be taken back, and are as the failed call left them:',
        messageOf(error),
      ])
    }
  }

  #runFrame(): void {
    const viewBefore = this.program.view
    this.#frames.run(this.program)
    for (const guilty of this.hosted.takeGuilty(this.program)) void stopGuiltyOfThread(this, guilty)
    this.tasks.sync(this.program)
    this.frameRate.record(this.host.clock.now())
    this.health.frameRan(this.program)
    if (this.program.view !== viewBefore) this.reporter.emit({ type: 'view', view: this.program.view })
    this.waiters.look(this.program, true)
    this.tellProblems()
    this.reporter.frameRan()
    this.reproducibility.frameRan()
  }

  /** Another program runs from here on. */
  present(program: Program): void {
    this.trials.clear()
    this.program = program
    program.placeCall()
    this.classes.activate(reachOf(program.modules))
    this.history.versionsChanged(program, this.kept, this.trials.codeBefore())
    this.releaseCode()
    if (program.frame === 0) this.history.capture.capture(program)
    this.health.clear()
    for (const problem of this.problems.list()) {
      if (problem.source === 'run' || problem.source === 'render') this.problems.clear(problem.id)
    }
    this.programChanged(new Map())
    this.waiters.look(program, false)
  }

  /** Right after a commit: all that need not be in the swap itself. */
  committed(result: Committed, prepared: readonly PreparedModule[]): void {
    this.reporter.sendJournal()
    for (const module of result.renewed) {
      for (const source of ['run', 'render', 'state']) this.problems.clear(`${source}:${module.name}`)
    }
    for (const module of result.removed) this.problems.clearModule(module.name)
    this.history.shelf.retire(this.history.commitSequence, result.oldResources)
    for (const { target, definition, isCodeNew } of prepared) {
      const { name } = target.manifest
      if (isCodeNew) for (const warning of definition.warnings) this.write(name, 'warning', [warning])
    }
    this.program.placeCall()
    this.history.versionsChanged(this.program, this.kept, this.trials.codeBefore())
    // What an opened program starts from, or one with a state from elsewhere goes on from, is kept, as every frame's start is.
    if (result.isCut || (this.program.frame === 0 && result.changes.every(({ from }) => from === undefined)))
      this.history.capture.capture(this.program)
    this.programChanged(result.views)
  }

  /** Lets go of code that neither runs nor may be asked for again. */
  releaseCode(): void {
    const entries = this.history.versionsChanged(this.program, this.kept, this.trials.codeBefore())
    this.code.release(entries)
    this.classes.release(new Set(entries.flatMap((entry) => [...this.code.reach(entry)])))
  }

  /** Other code, or another program, is present: what shows it follows. */
  programChanged(views: Committed['views']): void {
    const { program } = this
    this.tasks.sync(program)
    this.hosted.sync(program)
    this.metrics.setModules(program.modules.map((module) => module.name))
    this.metrics.setTargetFps(program.targetFps)
    this.loop.setTargetFps(program.targetFps)
    this.reporter.emit({ type: 'view', view: program.view })
    this.reporter.emit({ type: 'sockets-wanted', sockets: program.manifest?.sockets ?? [] })
    this.rendering.sync(program, views)
    this.reporter.modulesChanged()
    this.reporter.statusChanged()
    this.tellProblems()
  }

  /** A receipt is new, or was changed afterwards. */
  receiptTold(receipt: Receipt): void {
    this.reporter.emit({ type: 'receipt', receipt })
    this.tellProblems()
    this.waiters.receiptAdded(receipt)
  }

  #modeChanged(): void {
    this.frameRate.clear()
    this.reporter.statusChanged()
    this.reporter.touch()
  }

  /** Of a program that is not to be again. */
  disposeResources(program: Program): void {
    for (const module of program.modules) this.disposeOf(module.name, module.resources)
  }

  /** What callbacks throw goes to the log. */
  disposeOf(module: string, resources: Resources): void {
    for (const error of this.call.within(module, 'dispose', () => resources.dispose())) {
      this.write(module, 'error', ['a callback of onDispose threw:', messageOf(error)])
    }
  }
}
