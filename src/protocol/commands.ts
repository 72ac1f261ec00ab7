// Everything the page can ask of the engine: one map from name to signature. A new command is one line here and one
// handler in src/engine/command-handlers.ts; the compiler finds both. Every command gets exactly one answer (LK1).

import type { BusFilter, BusInfo, BusTraffic } from './bus.ts'
import type { CodeText, ProgramRevision, RefusedText } from './code.ts'
import type { ConfigChange, ConfigPath, ConfigValues, ConfigView } from './config.ts'
import type { ErrorData } from './errors.ts'
import type { DeviceInput } from './input.ts'
import type { Inspection, InspectionRequest } from './inspection.ts'
import type { JournalEntry, TakeOver } from './journal.ts'
import type { LogFilter, LogLevel, LogLine } from './log.ts'
import type { Metrics, ModuleInfo, Status } from './program.ts'
import type { Receipt } from './receipt.ts'
import type { HealthChange } from './health.ts'
import type { StateMatches } from './state-query.ts'
import type { SavedData } from './saved.ts'
import type { RehearsalRequest, RehearsalResult } from './rehearsal.ts'
import type { RefusedMessage, SocketMessage } from './sockets.ts'
import type { ReplayRequest, ReplayResult } from './replay.ts'
import type { DataPath, SourcePosition } from './values.ts'
import type { VerificationRequest, VerificationResult } from './verification.ts'

/** What `waitFor` waits on. */
export type WaitCondition =
  | { readonly frame: number }
  | { readonly module: string; readonly path: string | DataPath; readonly equals: unknown }
  | { readonly topic: string }
  | { readonly receipt: Receipt['outcome'] }

export interface WaitOptions {
  /** Rejects with `timeout` after so many frames; default 600. */
  readonly timeoutFrames?: number
}

/** A layer's canvas and its size in device pixels. */
export interface LayerCanvas {
  readonly module: string
  /** The `request` of the `layer-wanted` event it answers; a stale one is dropped. */
  readonly request: number
  readonly canvas: OffscreenCanvas
  readonly pixelWidth: number
  readonly pixelHeight: number
}

export interface EngineCommands {
  status(): Status
  /** Takes effect at the next frame boundary; the answer comes then. */
  pause(): Status
  resume(): Status
  /** Runs n ≥ 1 frames at once. Refused with `not-paused` while running. */
  step(n: number): Status
  /** A new timeline from frame 0, same versions and seed; keeps paused or running as it is. */
  reset(): Status
  /** Back to the moment the last reset left. `nothing-to-undo` where there was none. */
  undoReset(): Status
  /** 0.1 … 10, or Infinity. */
  setSpeed(speed: number): Status
  modules(): readonly ModuleInfo[]

  /** Brings the running program to this revision by one transaction; also how a program is opened. */
  applyRevision(
    revision: ProgramRevision,
    options?: { readonly startPaused?: boolean; readonly refused?: RefusedText },
  ): readonly Receipt[]
  /** What modules find as `saved` when their `init` runs from now on, in place of what they found before. */
  setSaved(saved: SavedData): void
  /** Adds texts to the worker's store, without running them. */
  addTexts(texts: readonly CodeText[]): void
  /** Evaluates the module's present text afresh and swaps it in. */
  reload(module: string): Receipt
  /**
   * The version before, on the state of now. `state: 'before'`: the newest reload or reset of that module taken back as if it had never
   * been; where the frames since can't be computed again in time, with the state it had then.
   */
  undoReload(module: string, options?: { readonly state?: 'now' | 'before' }): Receipt
  /**
   * The version the newest undo left, on the state of now; `state: 'undone'`: on the state it had when it was undone, with all modules that
   * were undone with it. `nothing-to-undo` where there was none, or that state is not kept.
   */
  redoReload(module: string, options?: { readonly state?: 'now' | 'undone' }): Receipt
  /** The module's state by `init` again; with its present text where that was rejected. Queue and configuration stay. */
  resetModule(module: string): Receipt
  unload(module: string): Receipt
  receipts(): readonly Receipt[]
  /** Whether a reload that fails its trial pauses the program at that frame; resume or step then takes it back. */
  setPauseOnFailure(isOn: boolean): Status

  /** What entered after that journal sequence; 0: all there is. `limit`: the oldest of them, at most so many. */
  journal(since: number, options?: { readonly limit?: number }): readonly JournalEntry[]
  /** The memory of captures, where it is shared; it is never replaced. */
  captures(): SharedArrayBuffer | undefined
  /** Goes on with another engine's program; refused with `invalid-argument` where this one has a program, `not-supported` where it can't be computed. */
  takeOver(source: TakeOver): Status

  /** Where the error of that message, told before, stands in the source. */
  locateError(message: string, place: SourcePosition): void

  /** Tries a commit out on another engine's program, of an engine that runs none (ML4). `captures`: default those handed in last. */
  rehearse(request: RehearsalRequest, captures?: SharedArrayBuffer | ArrayBuffer): RehearsalResult
  /** Computes frames of another engine's program again and compares (HS6), likewise. */
  verify(request: VerificationRequest, captures?: SharedArrayBuffer | ArrayBuffer): VerificationResult
  /** Whether the standby is asked to do so now and then. It is where no reason speaks against it. */
  setVerifying(isOn: boolean, reason: 'setting' | 'battery'): Status

  /** Computes another engine's run again from frame 0 and compares, in an engine that runs none; tells of it by `replayed`. */
  replay(request: ReplayRequest, captures: SharedArrayBuffer | ArrayBuffer): ReplayResult

  state(module: string): unknown
  /** Path as `tanks[3].hp`, `tanks.3.hp` or steps. */
  setState(module: string, path: string | DataPath, value: unknown): void
  query(module: string, question: unknown): unknown
  inspect(request: InspectionRequest): Inspection
  config(module: string): Readonly<Record<string, unknown>>
  configView(module: string): ConfigView
  /** Lies over files and code; objects are merged. Refused as a whole, with the reason. */
  setConfig(module: string, changes: ConfigValues): ConfigChange
  /** Takes live values back; default: all of them. */
  resetConfig(module: string, paths?: readonly ConfigPath[]): ConfigChange
  publish(topic: string, data: unknown): void
  bus(): BusInfo
  /** What passed on the bus since the last question with this filter. Two seconds after the last question nobody looks on any more. */
  watchBus(filter: BusFilter): BusTraffic
  /** The data of a line of `watchBus`, as text; undefined where it is not kept any more: those of the newest 300 lines are. */
  busMessage(id: number): string | undefined
  /** Messages that came by sockets: at most 5 of each client enter a frame, the rest waits. The answer: which may not come in. */
  socketMessages(messages: readonly SocketMessage[]): readonly RefusedMessage[]
  /** A line of the log that is no module's. */
  note(level: LogLevel, text: string): void
  logs(filter: LogFilter): readonly LogLine[]
  metrics(): Metrics
  /** Changes of health, oldest first; of one module or all. */
  healthHistory(module?: string): readonly HealthChange[]
  /** 16 hexadecimal digits, of the present frame; of a module's state, or of what stands at a path in it. */
  stateHash(module?: string, path?: string | DataPath): string
  /** Values by a pattern of paths, and by what they are: `tanks.* where hp < 10`. Default: the first 200. */
  findState(module: string, query: string, options?: { readonly limit?: number }): StateMatches
  waitFor(condition: WaitCondition, options?: WaitOptions): Status

  /** Device input for the next frame, or for the start of `atFrame` where that is still to come. */
  input(input: DeviceInput, options?: { readonly atFrame?: number }): void
  attachLayer(layer: LayerCanvas): void
  resizeLayers(size: { readonly pixelWidth: number; readonly pixelHeight: number }): void
  setLayerVisible(module: string, isVisible: boolean): void
}

export type CommandName = keyof EngineCommands
export type CommandArguments<Name extends CommandName> = Parameters<EngineCommands[Name]>
export type CommandResult<Name extends CommandName> = ReturnType<EngineCommands[Name]>

/** From the page to the engine. */
export type CommandMessage = {
  [Name in CommandName]: {
    readonly kind: 'command'
    readonly id: number
    readonly name: Name
    readonly args: CommandArguments<Name>
  }
}[CommandName]

/** From the engine to the page. */
export type AnswerMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: ErrorData }
