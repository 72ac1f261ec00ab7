// A module in a thread beside the engine's: its code, state and resources there, and its calls. It does what the engine's thread would
// do with the same call, and reports; what a throw means is decided by the engine (engine/frame.ts).

import { CaptureMemory } from '../engine/capture/capture-memory.ts'
import { ValueReader, ValueWriter } from '../engine/capture/shared-value.ts'
import { readDefinition } from '../engine/definition.ts'
import type { CallData } from '../engine/hosts/call-data.ts'
import type { ModulePart } from '../engine/journal/program-parts.ts'
import { callProcess, exposedBy } from '../engine/module-call.ts'
import { asAwayState, type AwayState, ModuleInstance } from '../engine/module-instance.ts'
import { messageOf } from '../engine/reload-failure.ts'
import { formatValues } from '../engine/value-format.ts'
import type { LogLevel } from '../protocol/log.ts'
import { type CallReport, type PrepareRequest, type ReportLine, seatSlots } from '../protocol/module-host.ts'
import { frameNumber, timelineId } from '../protocol/values.ts'
import { type CodeRoom, createCodeRoom } from './code-room.ts'
import { RecordedEnds } from './recorded-ends.ts'

/** Of reports and states. Not taken before it is written to. */
const memoryBytes = 32 * 2 ** 20
/** Values of the state that are checked in each call. */
const checkedPerCall = 100

interface Writers {
  readonly reports: ValueWriter
  readonly states: ValueWriter
}

export class SeatedModule {
  /** Written by this thread. */
  readonly memory: SharedArrayBuffer
  readonly #room: CodeRoom
  readonly #module: ModuleInstance
  readonly #ends: RecordedEnds
  readonly #control: Int32Array
  readonly #reader: ValueReader
  readonly #writers: Writers
  readonly #lines: ReportLine[]

  private constructor(
    request: PrepareRequest,
    memory: CaptureMemory,
    room: CodeRoom,
    module: ModuleInstance,
    reader: ValueReader,
    lines: ReportLine[],
  ) {
    const { classes } = room
    const { buffer } = memory
    if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('memory can not be shared here')
    this.memory = buffer
    this.#room = room
    this.#module = module
    this.#lines = lines
    this.#control = new Int32Array(request.control)
    this.#reader = reader
    this.#writers = {
      reports: new ValueWriter(memory, classes),
      states: new ValueWriter(memory, classes, request.order.part),
    }
    const classOf = (prototype: object) => classes.kindOf(prototype)
    this.#ends = new RecordedEnds(module.name, module.definition.subscribe, { root: 'data', classOf })
    module.context.connect(this.#ends)
  }

  /** Evaluates its code and sets its resources up. Rejects with what that throws. */
  static async prepare(request: PrepareRequest): Promise<SeatedModule> {
    const { order, texts } = request
    const { module: manifest, entry, math, config } = order
    const lines: ReportLine[] = []
    const write = (_module: string | undefined, level: LogLevel, values: readonly unknown[]): void => {
      lines.push({ level, text: formatValues(values), position: room.code.callSite() })
    }
    const room = createCodeRoom(write)
    const { code, classes, call } = room
    code.setMath(math)
    code.add(texts)
    const definition = readDefinition(await code.load(entry), manifest.path)
    classes.activate(code.reach(entry))
    const classOf = (prototype: object) => classes.kindOf(prototype)
    const module = new ModuleInstance({ manifest, definition, entry, call, classOf, write })
    module.config = config
    const reader = new ValueReader(order.memory, {
      prototypeOf: (key) => classes.prototypeOf(key),
      ...(code.datePrototype === undefined ? {} : { datePrototype: code.datePrototype }),
    })
    const { setup } = definition
    if (setup !== undefined) {
      const { state } = asAwayState(reader.read(order.state))
      const { resources } = module
      const { signal, onDispose } = resources
      resources.value = await call.within(module.name, 'setup', () => setup({ config, state, signal, onDispose }))
    }
    // What was logged so far, the engine's thread has logged as well.
    lines.length = 0
    return new SeatedModule(request, new CaptureMemory(memoryBytes), room, module, reader, lines)
  }

  /** Runs the call that was sent and tells its end through the shared memory. Never throws. */
  call(): void {
    const started = performance.now()
    Atomics.add(this.#control, seatSlots.taken, 1)
    const call = Atomics.load(this.#control, seatSlots.call)
    const handed = Atomics.load(this.#control, seatSlots.handed)
    const written: { state: number } = { state: 0 }
    let report: CallReport
    try {
      const data = asCallData(this.#reader.read(call))
      if (handed !== 0) this.#take(asAwayState(this.#reader.read(handed)))
      report = this.#run(data, started, written)
    } catch (error) {
      report = { kind: 'unable', message: messageOf(error), ms: 0, lines: this.#lines }
    }
    const { reports } = this.#writers
    const unable = { kind: 'unable', message: 'what it did does not fit into the memory for it', ms: 0, lines: [] }
    let place: number | undefined
    try {
      place = reports.write(report) ?? reports.write(unable)
    } catch (error) {
      place = reports.write({ ...unable, message: messageOf(error) })
    }
    this.#lines.length = 0
    Atomics.store(this.#control, seatSlots.report, place ?? 0)
    Atomics.store(this.#control, seatSlots.state, written.state)
    Atomics.add(this.#control, seatSlots.done, 1)
    Atomics.notify(this.#control, seatSlots.done)
  }

  dispose(): void {
    this.#room.call.within(this.#module.name, 'dispose', () => this.#module.resources.dispose())
  }

  #run(data: CallData, started: number, written: { state: number }): CallReport {
    const module = this.#module
    const { call, code } = this.#room
    const { frame, time, seed, timeline } = data
    const lines = this.#lines
    if (data.config !== undefined) module.config = data.config
    Object.assign(call, { frame: frameNumber(frame), timeSeconds: time, seed, timeline: timelineId(timeline) })
    this.#ends.begin(data)
    module.context.dt = data.dt
    module.context.deps = data.deps
    module.context.enter(frame, time, seed)
    call.enter(module.name, 'process')
    try {
      callProcess(module)
    } catch (error) {
      const described = code.describe(error, module.entry, module.manifest.path)
      return { kind: 'threw', error: described, ms: performance.now() - started, lines }
    } finally {
      call.leave()
    }
    const exposed = data.isExposing ? this.#expose() : undefined
    const snapshot = module.snapshot()
    const { state } = module
    // As captures have it (journal/program-parts.ts), so that they can take it as it is.
    const seen = exposed !== undefined && 'value' in exposed ? exposed.value : undefined
    const part: ModulePart = { kind: 'module', state, exposed: seen }
    const held = snapshot === undefined ? part : { ...part, snapshot: snapshot.data }
    const place = this.#writers.states.write(held)
    if (place === undefined)
      return { kind: 'unable', message: 'its state does not fit into the memory for it', ms: 0, lines: [] }
    written.state = place
    const refusal = module.checker.step(state, checkedPerCall)
    return {
      kind: 'ended',
      actions: this.#ends.actions,
      exposed,
      refusal,
      isRoundDone: module.checker.isRoundDone,
      ms: performance.now() - started,
      lines,
    }
  }

  #expose(): Extract<CallReport, { kind: 'ended' }>['exposed'] {
    const module = this.#module
    const { call, code, classes } = this.#room
    call.enter(module.name, 'expose')
    try {
      return { value: exposedBy(module, (prototype) => classes.kindOf(prototype)) }
    } catch (error) {
      return { error: code.describe(error, module.entry, module.manifest.path) }
    } finally {
      call.leave()
    }
  }

  #take(handed: AwayState): void {
    const module = this.#module
    module.state = handed.state
    const { restore } = module.definition
    if (restore === undefined || !('snapshot' in handed)) return
    this.#room.call.within(module.name, 'restore', () => restore(module.resources.value, handed.snapshot))
  }
}

// Written by our own code in the engine's thread: that they are the ones meant is all that is looked at.

function asCallData(value: unknown): CallData {
  if (isCallData(value)) return value
  throw new TypeError('the engine told of no call')
}

function isCallData(value: unknown): value is CallData {
  return typeof value === 'object' && value !== null && 'frame' in value && 'deps' in value
}
