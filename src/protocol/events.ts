// What the engine tells without being asked. Events carry a sequence; a late subscriber gets the present first (LK2).

import type { JournalEntry } from './journal.ts'
import type { LogLine } from './log.ts'
import type { FrameOutputs } from './outputs.ts'
import type { FrameTimes, ModuleInfo, Status } from './program.ts'
import type { Problem } from './problem.ts'
import type { Receipt } from './receipt.ts'
import type { ManifestView } from './manifest.ts'
import type { ManifestSocket } from './sockets.ts'
import type { ReplayProgress } from './replay.ts'
import type { Moment, SourcePosition } from './values.ts'

/** A canvas a module wants for its layer. `request` climbs; only the newest per module is open. */
export interface LayerWanted {
  readonly module: string
  readonly request: number
  readonly context: '2d' | 'webgl2' | 'webgpu'
  /** Layers stack by z, then by module order. */
  readonly z: number
}

export type EngineEvent =
  /** On every change, and about ten times a second while running. */
  | { readonly type: 'status'; readonly status: Status }
  /** Modules came, went, or changed status, version or times. */
  | { readonly type: 'modules'; readonly modules: readonly ModuleInfo[] }
  /** About ten times a second: frames since the last one. */
  | { readonly type: 'frames'; readonly times: FrameTimes }
  /** New, or changed afterwards (`rolled-back`). */
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  /** New lines and folded ones whose count changed, at most ten batches a second. */
  | { readonly type: 'log'; readonly lines: readonly LogLine[] }
  /** About ten times a second, where anything entered: journal entries since the last one. */
  | { readonly type: 'journal'; readonly entries: readonly JournalEntry[] }
  /** A frame became the present for the first time: to be played, kept and sent, once. */
  | ({ readonly type: 'outputs' } & FrameOutputs)
  /** Where captures can't be shared: a copy of the newest, now and then. */
  | { readonly type: 'captures'; readonly moment: Moment; readonly captures: ArrayBuffer }
  /** All problems the engine knows now; replaces the last such event. */
  | { readonly type: 'problems'; readonly problems: readonly Problem[] }
  | { readonly type: 'view'; readonly view: ManifestView }
  /** The sockets of the manifest that runs. */
  | { readonly type: 'sockets-wanted'; readonly sockets: readonly ManifestSocket[] }
  | { readonly type: 'layer-wanted'; readonly layer: LayerWanted }
  | { readonly type: 'layer-gone'; readonly module: string }
  /** Pacing started afresh after a stall; `skippedMs` of wall-clock time were not made up. */
  | { readonly type: 'stalled'; readonly skippedMs: number }
  /** Of an engine whose texts' loops are watched: this one lasts too long. */
  | { readonly type: 'loop-found'; readonly position: SourcePosition }
  /** About ten times a second, of an engine that carries out command `replay`. */
  | { readonly type: 'replayed'; readonly progress: ReplayProgress }
  /** A bug of ours that reached the top of the worker. */
  | { readonly type: 'internal-error'; readonly message: string; readonly stack?: string }

export type EngineEventType = EngineEvent['type']

const isEventType: Readonly<Record<EngineEventType, true>> = {
  status: true,
  modules: true,
  frames: true,
  receipt: true,
  log: true,
  journal: true,
  outputs: true,
  captures: true,
  problems: true,
  view: true,
  'sockets-wanted': true,
  'layer-wanted': true,
  'layer-gone': true,
  stalled: true,
  'loop-found': true,
  replayed: true,
  'internal-error': true,
}

/** All there are. */
export const eventTypes: readonly string[] = Object.keys(isEventType)

/** Events of one turn of the engine's thread, in order. */
export interface EventMessage {
  readonly kind: 'events'
  /** Of the first of them; climbs by one with each event, from 1. */
  readonly sequence: number
  readonly events: readonly EngineEvent[]
}
