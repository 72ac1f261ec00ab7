// What the engine says of itself and its modules: status, module list, frame times.

import type { Strategy } from './manifest.ts'
import type { TaskCounts } from './task.ts'
import type { FrameNumber, Milliseconds, Moment, Seconds, SourceError, TimelineId } from './values.ts'

export interface Status {
  readonly type: 'debug'
  readonly running: boolean
  readonly paused: boolean
  readonly timeline: TimelineId
  readonly frame: FrameNumber
  readonly targetFps: number
  /** Over the last second of wall-clock time; 0 while paused. */
  readonly fps: number
  /** Since the last resume or open. */
  readonly averageFps: number
  /** Wall-clock time the program has been running, pauses excluded. */
  readonly runtimeSeconds: Seconds
  /** 1 = real time; `Infinity` = as fast as it can. */
  readonly speed: number
  readonly modulesLoaded: number
  readonly hasCoordinator: boolean
  readonly clientSockets: number
  /** SharedArrayBuffer is there. */
  readonly isolated: boolean
  /** Where captures can't be shared: seconds from one copy that goes out to the next. */
  readonly copiedEvery?: Seconds
  /** No module opted out of, or was seen to break, reproducibility. */
  readonly reproducible: boolean
  /** Why frames are not computed again to see whether they come out the same; absent: they are, where there is a standby. */
  readonly verifyingOff?: 'setting' | 'battery'
  readonly canUndoReset: boolean
  /** The moment that undoing the last reset leads to. */
  readonly resetFrom?: Moment
  /** The newest `engine.json` was refused: what runs follows an older one. */
  readonly isManifestHeld?: boolean
  /** A reload that fails its trial pauses the program at that frame, instead of being taken back at once. */
  readonly pausesOnFailure?: boolean
}

export type ModuleStatus = 'running' | 'trial' | 'failed' | 'loading'

/** How long a trial goes on at least, where nothing fails. */
export interface TrialLeft {
  readonly frames: number
  readonly calls: number
}

export interface ModuleInfo {
  readonly name: string
  /** Relative to the workspace. */
  readonly path: string
  readonly strategy: Strategy
  /** Calls of `process` per second of engine time. */
  readonly hz: number
  /** 0 until the first version is committed. */
  readonly version: number
  readonly stateVersion: number
  readonly status: ModuleStatus
  /** While its status is `trial`. */
  readonly trial?: TrialLeft
  readonly health: { readonly status: 'ok' | 'warning' | 'error'; readonly message?: string }
  /** Over the last second of calls. */
  readonly averageMs: Milliseconds
  readonly lastMs: Milliseconds
  readonly dependencies: readonly string[]
  readonly draws: boolean
  /** Frames missed by throwing, since the version was committed. After 5 in a row its status is `failed`: it is not called. */
  readonly missedFrames: number
  /** Climbs with each change of its configuration. */
  readonly configRevision: number
  /** Its state is captured in every so manieth frame only, as a capture takes long; absent: in every frame. */
  readonly capturedEvery?: number
  /** Why it runs in the engine's thread, where its strategy says otherwise. */
  readonly hostNote?: string
  /** Absent: none is under way, and none has failed. */
  readonly tasks?: TaskCounts
  /** What stands against it now. */
  readonly error?: SourceError
}

/**
 * Times of consecutive frames, in ms of wall-clock time, row by row: `[total, engine, module 0, module 1, …]` per frame,
 * `engine` being what no module spent. `modules` names the columns.
 */
export interface FrameTimes {
  readonly timeline: TimelineId
  readonly firstFrame: FrameNumber
  readonly modules: readonly string[]
  readonly rows: Float32Array
}

export interface Percentiles {
  readonly p50: Milliseconds
  readonly p95: Milliseconds
  readonly p99: Milliseconds
}

export interface Metrics extends Percentiles {
  /** Frames the figures cover: at most the last 10 s at the target rate. */
  readonly frames: number
  readonly max: Milliseconds
  readonly perModule: Readonly<Record<string, Percentiles>>
  /** 1000 / targetFps. */
  readonly budgetMs: Milliseconds
  /** Frames over budget among `frames`. */
  readonly overBudget: number
}
