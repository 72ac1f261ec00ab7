// Everything the engine is handed from outside: clock, timers, code loader, layers, and where its events go. The engine
// uses nothing ambient; the browser worker, the headless runner and tests each build one of these.

import type { CodeText } from '../protocol/code.ts'
import type { LayerCanvas } from '../protocol/commands.ts'
import type { EngineEvent, LayerWanted } from '../protocol/events.ts'
import type { SeatOrder } from '../protocol/module-host.ts'
import type { ViewContextKind } from '../protocol/module.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import type { RehearsalRequest, RehearsalResult } from '../protocol/rehearsal.ts'
import type { TaskEnd, TaskOrder } from '../protocol/task.ts'
import type { VerificationRequest, VerificationResult } from '../protocol/verification.ts'
import type { ContentHash, FrameNumber, Milliseconds, SourceError, SourcePosition } from '../protocol/values.ts'
import type { Ambient } from './ambient.ts'
import type { Realm } from './shadow-globals.ts'

export interface Clock {
  /** Monotonic wall-clock time; any origin. Resolution of 5 µs or better. */
  now(): Milliseconds
}

export interface Timers {
  /** Calls back once, at or soon after `at` on the clock's time line. Returns how to call it off. */
  callAt(at: Milliseconds, callback: () => void): () => void
}

/**
 * Turns texts into namespaces. A text is evaluated once per loader, whoever asks; its ambient names (`Math`, `Date`,
 * `console`, …) are the `Ambient` the loader was made with.
 */
export interface CodeLoader {
  add(texts: readonly CodeText[]): void
  has(hash: ContentHash): boolean
  /** The module namespace. Rejects with the error evaluation threw; a failed evaluation is not kept. */
  load(entry: ContentHash): Promise<Readonly<Record<string, unknown>>>
  /** All hashes an entry reaches, itself included. */
  reach(entry: ContentHash): ReadonlySet<ContentHash>
  /** Forgets evaluated namespaces that no entry in `keep` reaches; texts stay. */
  release(keep: Iterable<ContentHash>): void
  /** Maps an error thrown by evaluated code to source: message, first workspace position, mapped stack. */
  describe(error: unknown): SourceError
  /** Where in the source `snippet`, a piece of a text the entry reaches, begins; undefined where it can't be known. */
  locate?(entry: ContentHash, snippet: string): SourcePosition | undefined
  /** Where the code that called into the engine stands now (for log lines); undefined where that can't be known. */
  callSite(): SourcePosition | undefined
}

/** A drawing surface for one module's layer. */
export interface Layer {
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D | WebGL2RenderingContext | GPUCanvasContext
  /** Remembers the picture now shown; the function returned puts it back. Given where a context can do it (2d). */
  readonly keepPicture?: () => () => void
  /** The GPU has not done the picture before yet: another one would be waited for in the middle of a frame. */
  readonly isBusy?: () => boolean
  /** A picture was drawn. */
  readonly drawn?: () => void
}

/** The side that owns canvases. The headless host answers every request with nothing, and nothing is drawn. */
export interface LayerHost {
  /** Asks for a canvas; `ready` is called when it is there, perhaps much later, perhaps never. */
  request(layer: LayerWanted, ready: (layer: Layer) => void): void
  /**
   * Whether the display has taken the picture before: true at most once per display frame, so that pictures never queue up
   * before a display that is slower than the program. Absent: the engine goes by its clock.
   */
  readonly takeDisplayFrame?: () => boolean
  release(module: string): void
  /** The page's answer to a request (command `attachLayer`): makes the context and calls that request's `ready`. A stale one is dropped; throws or rejects where there is no such context. */
  attach(layer: LayerCanvas): void | Promise<void>
}

/** Shows what the engine is at to who looks from outside, also while it hangs (ML9). Called often: each must be cheap. */
export interface Pulse {
  /** A call into a module's code begins; it lasts until the next `enter` or `leave`. */
  enter(module: string, phase: CallPhase): void
  leave(): void
  /** `isOpen`: the frame has begun, and its modules have not all run. */
  frame(frame: FrameNumber, isOpen: boolean): void
}

/** What becomes of a task that was handed over. */
export interface TaskWatch {
  /** All texts its code needs. */
  texts(): readonly CodeText[]
  /** A thread has taken it up. */
  began(): void
  /** Once; not at all after it was called off. */
  ended(end: TaskEnd): void
}

/** Computes tasks off the frame (TK1). */
export interface TaskRunner {
  /** Returns how to call it off. */
  run(order: TaskOrder, watch: TaskWatch): () => void
  dispose(): void
}

/** Code and memory of a seat, and who is told when it can be called. */
export interface SeatWatch {
  /** All texts its code needs. */
  texts(): readonly CodeText[]
  /** It can be called. `memory`: written by its thread. Not told where another order has come meanwhile. */
  ready(memory: SharedArrayBuffer): void
  failed(message: string): void
  /** Its thread is gone: it can't be called any more, whatever is ordered. Between two frames. */
  lost(message: string): void
}

/** How a call ended. */
export type SeatEnd =
  /** Places in the thread's memory; `state` is 0 where there is none. */
  | { readonly kind: 'ended'; readonly report: number; readonly state: number }
  /** The thread is gone, and `lost` will be told. `isWithin`: it had taken the call up. */
  | { readonly kind: 'gone'; readonly isWithin: boolean; readonly message: string }

/** A place in another thread where one module's calls run. */
export interface ModuleSeat {
  prepare(order: SeatOrder, watch: SeatWatch): void
  /** Begins a call; `call` and `state` are places in the order's memory. */
  call(call: number, state: number | undefined): void
  /** Stands still until the call has ended. */
  wait(): SeatEnd
  /** Calls of both wait for each other. */
  sharesThread(other: ModuleSeat): boolean
  close(): void
}

/** Threads in which modules run that are not `sequential`. */
export interface ModuleThreads {
  open(strategy: 'threaded' | 'pool'): ModuleSeat
  dispose(): void
}

/**
 * Another engine, which runs no program, in another thread: `Engine.useStandby` tells which. Answers come in any order. `copy`: of captures,
 * where it can't read this engine's own; handed over.
 */
export interface Standby {
  /** Tries a commit out before it is prepared here (ML4). */
  rehearse(request: RehearsalRequest, copy?: ArrayBuffer): Promise<RehearsalResult>
  /** Computes frames again that ran here, and compares (HS6). */
  verify(request: VerificationRequest, copy?: ArrayBuffer): Promise<VerificationResult>
}

/** How captures and journal are kept (HS1, HS2). */
export interface HistorySettings {
  /** Bytes of all captures; default 64 MB. */
  readonly byteLimit?: number
  /** Share of the frame's time that captures may take; default 0.05. */
  readonly budgetShare?: number
  /**
   * For tests: states are made again from their captures in random frames, drawn from this seed, as a proof that no program
   * relies on the identity of objects from one call to the next.
   */
  readonly rebuildStates?: number
  /** Other threads can't read the captures: copies go out. */
  readonly copies?: boolean
}

/** A canvas for a picture that nobody sees. */
export interface Sketch extends Pick<Layer, 'canvas' | 'context'> {
  /** The picture is drawn. */
  readonly drop: () => void
}

export interface SketchHost {
  /** Shaped as the view, `width` × `height` units; undefined where there is no such context at once (`webgpu` takes its time). */
  readonly take: (context: ViewContextKind, width: number, height: number) => Sketch | undefined
}

export interface EngineHost {
  readonly clock: Clock
  readonly timers: Timers
  /** Made with the engine's ambient, so that evaluated code sees the engine's Math and console. */
  readonly createLoader: (ambient: Ambient) => CodeLoader
  readonly layers: LayerHost
  readonly emit: (event: EngineEvent) => void
  /** Over which the globals that modules see are made: `{ Date, Intl, global: globalThis }`. Never changed. */
  readonly realm: Realm
  /** SharedArrayBuffer is there. */
  readonly isIsolated: boolean
  readonly history?: HistorySettings
  readonly pulse?: Pulse
  /** Absent: tasks fail, saying so. */
  readonly tasks?: TaskRunner
  /** Absent: all modules run in the engine's thread. */
  readonly moduleThreads?: ModuleThreads
  /** Absent: nothing is drawn in rehearsals. */
  readonly sketches?: SketchHost
  /** Calls back once, when the messages that were there have been taken. Absent: there are none. */
  readonly giveWay?: (callback: () => void) => void
  /** Sends what was emitted now, and not when the engine's turn ends, which it may never do. */
  readonly sendNow?: () => void
}
