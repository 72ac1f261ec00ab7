// What crosses threads for a module that runs beside the engine's thread (`threaded`, `pool`). Messages say only that something is to
// be done; states, messages of the bus and all that calls need and give stand packed in memory that both threads see.
//
//   engine ──prepare, call──► thread: process ──► report and state in memory, `done` climbs ──► engine, which waits

import type { CodeText } from './code.ts'
import type { LogLevel } from './log.ts'
import type { Manifest, ManifestModule } from './manifest.ts'
import type { Output } from './outputs.ts'
import type { ContentHash, Milliseconds, SourceError, SourcePosition } from './values.ts'

/** 32-bit words of a seat's control memory. Written by the module's thread. */
export const seatSlots = {
  /** Climbs when a call has ended: after the others were written. */
  done: 0,
  /** Where the call's report is. */
  report: 1,
  /** Where the state is; 0: as it was. */
  state: 2,
} as const
export const seatBytes = 16

/** Where a module's calls run. */
export type SeatId = number

/** The code a seat is to run from now on. */
export interface SeatOrder {
  readonly module: ManifestModule
  readonly entry: ContentHash
  readonly math: Manifest['math']
  readonly config: Readonly<Record<string, unknown>>
  /** Written by the engine: calls, and states it hands over. */
  readonly memory: SharedArrayBuffer
  /** Name of the part its states are in captures. */
  readonly part: string
  /** Where `{ state }` is, for `setup`. */
  readonly state: number
}

export interface PrepareRequest {
  readonly kind: 'prepare'
  readonly seat: SeatId
  /** Counts up; an older one that is still under way is given up. */
  readonly generation: number
  readonly order: SeatOrder
  readonly texts: readonly CodeText[]
  readonly control: SharedArrayBuffer
}

/** `call`, `state`: where `CallData` and `HandedState` are. Without `state`, the thread goes on with what it has. */
export interface CallRequest {
  readonly kind: 'call'
  readonly seat: SeatId
  readonly call: number
  readonly state: number | undefined
}

export interface CloseRequest {
  readonly kind: 'close'
  readonly seat: SeatId
}

/** `memory`: written by the thread: reports and states. */
export interface PreparedAnswer {
  readonly kind: 'prepared'
  readonly seat: SeatId
  readonly generation: number
  readonly result:
    | { readonly ok: true; readonly memory: SharedArrayBuffer }
    | { readonly ok: false; readonly message: string }
}

/** What a module did in a call, in order, to be done on its behalf where bus and tasks are. */
export type CallAction =
  | readonly ['publish', topic: string, data: unknown]
  | readonly ['after', seconds: number, topic: string, data: unknown]
  | readonly ['messages', topic: string | undefined]
  | readonly ['output', output: Output]
  | readonly ['task', name: string, data: unknown]
  | readonly ['results', name: string | undefined]

export interface ReportLine {
  readonly level: LogLevel
  readonly text: string
  readonly position: SourcePosition | undefined
}

/** How a call went. */
export type CallReport = { readonly ms: Milliseconds; readonly lines: readonly ReportLine[] } & (
  | {
      readonly kind: 'ended'
      readonly actions: readonly CallAction[]
      /** What dependents see, where there are some; or what `expose` threw. */
      readonly exposed: { readonly value: unknown } | { readonly error: SourceError } | undefined
      /** What its state holds and may not, of the share looked at; undefined: nothing there. */
      readonly refusal: string | undefined
      /** All of the state has been looked at. */
      readonly isRoundDone: boolean
    }
  | { readonly kind: 'threw'; readonly error: SourceError }
  /** It can't be done there: why. */
  | { readonly kind: 'unable'; readonly message: string }
)
