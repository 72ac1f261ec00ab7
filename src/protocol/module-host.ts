// What crosses threads for a module that runs beside the engine's thread (`threaded`, `pool`). Messages say only that something is to
// be done; states, messages of the bus and all that calls need and give stand packed in memory that both threads see.
//
//   engine ──prepare──► thread;  engine ──call: `sent` climbs──► thread, which stands and waits for it, else is told by a message `look`
//                                process ──► report and state in memory, `done` climbs ──► engine, which waits

import type { CodeText } from './code.ts'
import type { LogLevel } from './log.ts'
import type { Manifest, ManifestModule } from './manifest.ts'
import type { Output } from './outputs.ts'
import type { ContentHash, Milliseconds, SourceError, SourcePosition } from './values.ts'

/** 32-bit words of a seat's control memory. */
export const seatSlots = {
  /** Written by the engine before it sends a call: where `CallData` and the state are. */
  call: 0,
  /** 0: the thread goes on with what it has. */
  handed: 1,
  /** Written by the thread. Climbs when it takes a call up … */
  taken: 2,
  /** … and when that has ended, after what follows was written: where report and state are; state 0: there is none. */
  done: 3,
  report: 4,
  state: 5,
} as const
export const seatBytes = 24

/** 32-bit words of a thread's control memory: how calls get there without a message. */
export const threadSlots = {
  /** Written by the engine. Climbs with all that is sent: what the thread waits at. */
  wake: 0,
  /** Calls sent. */
  sent: 1,
  /** Written by the thread: calls taken up. */
  taken: 2,
  /** 1: it waits at `wake`, and gets no messages. */
  isStanding: 3,
  /** 1: a call is under way. */
  isCalling: 4,
  /** From here on: the seats of the newest calls sent, call n at n modulo `seatsPerThread`. */
  seats: 5,
} as const
/** One call of each may be under way. A power of two. */
export const seatsPerThread = 1024
export const threadBytes = 4 * (threadSlots.seats + seatsPerThread)

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
  /** Of the seat, and of its thread. */
  readonly control: SharedArrayBuffer
  readonly thread: SharedArrayBuffer
}

/** Calls were sent while it did not stand and wait for them. */
export interface LookRequest {
  readonly kind: 'look'
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
