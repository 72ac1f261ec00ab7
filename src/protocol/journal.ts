// The journal: all that enters a program and is not computed by it, frame by frame, as plain data that crosses threads. With
// the texts of its versions and one capture it is enough to compute every later frame again, in this worker or another.
//
//   record of captures (moment, `sequence`) ──► entries with a greater `sequence`, in order ──► any later frame
//
// An entry of frame F enters between frame F − 1 and the modules' calls of frame F.

import type { CodeText, ProgramRevision } from './code.ts'
import type { DeviceInput } from './input.ts'
import type { LogLine } from './log.ts'
import type { Manifest, ManifestModule } from './manifest.ts'
import type { Problem } from './problem.ts'
import type { CallPhase } from './pulse.ts'
import type { Receipt } from './receipt.ts'
import type { SavedData, SavedValues } from './saved.ts'
import type { TaskOutcome } from './task.ts'
import type { ContentHash, DataPath, FrameNumber, Moment, SourceError, TimelineId } from './values.ts'

/** A module as a commit left it. */
export interface CommittedModule {
  readonly manifest: ManifestModule
  readonly entry: ContentHash
  /** Name under which it ran before; absent where its state was made by `init`. */
  readonly from?: string
  /** Its code or state was brought over; else only what the manifest says of it may have changed. */
  readonly isCodeNew: boolean
  /** Resources were set up anew. */
  readonly areResourcesNew: boolean
  /** Its state was made by `init` again, as at frame 0. */
  readonly isStateNew?: boolean
  /** Live configuration it was made with: a reset keeps it. */
  readonly live?: Readonly<Record<string, unknown>>
  /** Frame its `init` was told, where that made the state. */
  readonly initFrame: FrameNumber
  /** What it was told had been saved, where it made the state; absent: nothing. */
  readonly saved?: SavedValues
}

/** One thing that entered. */
export type JournalInput =
  | { readonly kind: 'device'; readonly input: DeviceInput }
  /** `via`: the socket it came by, and its number there. */
  | {
      readonly kind: 'publish'
      readonly topic: string
      readonly data: unknown
      readonly via?: { readonly socket: string; readonly sequence: number }
    }
  | { readonly kind: 'state'; readonly module: string; readonly path: DataPath; readonly value: unknown }
  /** A live change; values replace those of the same keys. */
  | { readonly kind: 'config'; readonly module: string; readonly changes: Readonly<Record<string, unknown>> }
  /** Live changes as they are now: a change was taken back. */
  | { readonly kind: 'live-config'; readonly module: string; readonly live: Readonly<Record<string, unknown>> }
  /** A task's result. `key`: of the question, without which it is none of this program's. */
  | {
      readonly kind: 'task'
      readonly module: string
      readonly id: number
      readonly key: string
      readonly outcome: TaskOutcome
    }
  /** `modules`: all of the program, in manifest order. */
  | {
      readonly kind: 'commit'
      readonly manifest: Manifest
      readonly modules: readonly CommittedModule[]
      readonly isUndo: boolean
    }
  /** The engine's own decision: this call of the module does not count. Applied in replay, not taken again. */
  | { readonly kind: 'missed'; readonly module: string }
  /** The engine's own decision: what the module published after that frame, by code taken back since, and was not read yet, is read no more. */
  | { readonly kind: 'unsent'; readonly module: string; readonly after: FrameNumber }
  /** A state came from an older capture: nothing can be computed across this. */
  | { readonly kind: 'cut' }
  /** The engine's own decision: the module is not called any more. */
  | { readonly kind: 'parked'; readonly module: string }
  /** Void: all entries of this timeline with a sequence greater than `after` and less than this entry's. What stays of them follows anew. */
  | { readonly kind: 'rewound'; readonly after: number }

/** Plain data that can be cloned between threads. */
export interface JournalEntry {
  /** Climbs by one or more from entry to entry. */
  readonly sequence: number
  readonly timeline: TimelineId
  readonly frame: FrameNumber
  readonly input: JournalInput
}

/**
 * Ended the engine before. A version new enough to be on trial gives way to the one before; else the call is not made any more: `process`
 * and what belongs to it by parking the module, drawing by leaving its layer as it is.
 */
export interface GuiltyModule {
  readonly module: string
  readonly phase: CallPhase
  readonly error: SourceError
}

/**
 * What another worker needs to go on with a program: command `takeOver` of an engine that runs none. Texts, entries and captures
 * are kept outside the worker that made them, which may hang or be gone:
 *
 *   entries    from events `journal`, all since the page opened, in order; or of command `journal`
 *   captures   command `captures`, once: the memory is shared and goes on changing
 *   revision   the newest that was applied; `texts`: all that the page's code store holds of any version in the entries
 *
 * The program is computed from the newest complete capture to the start of the newest captured frame, `frame` or before: that frame's inputs
 * are in, none of its modules has been called, and the next frame run is the rest of it. Nothing is told or drawn of the way there.
 */
export interface TakeOver {
  readonly revision: ProgramRevision
  readonly texts: readonly CodeText[]
  readonly captures: SharedArrayBuffer | ArrayBuffer
  readonly entries: readonly JournalEntry[]
  /** Default: that of the newest capture. */
  readonly timeline?: TimelineId
  /** Default: the newest captured. */
  readonly frame?: FrameNumber
  /** The frame it had come to, where captures are a copy and older: the frames between are computed from the entries. */
  readonly reached?: FrameNumber
  /** Where the last reset left another program, which undoing it brings back; of whose captures one was held. */
  readonly resetFrom?: Moment
  /** Receipts so far, whose ids go on. */
  readonly receipts?: readonly Receipt[]
  /**
   * Default `start`. `boundary`: the frame ran to its end, and what entered after it is in; device input of the frame after it waits for that
   * frame.
   */
  readonly at?: 'start' | 'boundary'
  readonly problems?: readonly Problem[]
  /** What modules have saved so far. */
  readonly saved?: SavedData
  /** The newest frame whose outputs have left. */
  readonly outputsLeft?: Moment
  /** Lines of the log so far, whose ids go on. */
  readonly log?: readonly LogLine[]
  /** 0.1 … 10, or Infinity; default 1. */
  readonly speed?: number
  readonly guilty?: GuiltyModule
  /** Default false. */
  readonly isRunning?: boolean
}
