// The memory in which an engine's worker shows what it is at, call by call: one who looks from outside can tell that it hangs, and on
// what. Written by src/worker/shared-pulse.ts, read by src/client/hang-watch.ts; shared, so it is there also when the worker is stuck.

/** What a module's code is called for; `outside`: it is not. */
export const callPhases = [
  'outside',
  'load',
  'setup',
  'view-setup',
  'dispose',
  'init',
  'process',
  'expose',
  'render',
  'migrate',
  'validate',
  'validate-config',
  'query',
  'health',
  'snapshot',
  'restore',
  'capture',
  'task',
] as const

/**
 * `load`: evaluation of a text. `setup`, `view-setup`, `dispose`: the calls that may touch the world. `outside`: none, as
 * after an `await`. `capture`: its state is read. `task`: off the frame, in another thread. All others are part of a frame or must give the same result whenever they run.
 */
export type CallPhase = (typeof callPhases)[number]

/** 32-bit words at the start of the memory. */
export const pulseSlots = {
  /** Climbs with every call into a module's code. */
  beat: 0,
  /** Climbs several times a second while the worker's own turn comes. */
  alive: 1,
  /** Index into `callPhases`. */
  phase: 2,
  /** Place of the module's name, as `names` says. */
  module: 3,
  frame: 4,
  /** 1: the frame has begun, and its modules have not all run. */
  isFrameOpen: 5,
  /** Place of the name of the file whose top level runs, or waits; 0: none. */
  loading: 6,
  /** Id of the newest command begun. */
  command: 7,
  /** 1: it stands still on purpose (a breakpoint): no hang. */
  isStopped: 8,
} as const

/** Where the memory is not shared: its slots in order and, where any are new, all of it up to the last name. */
export interface PulseMessage {
  readonly kind: 'pulse'
  readonly slots: readonly number[]
  readonly names?: ArrayBuffer
}

/** From here on names stand, each as its length and its UTF-16 units; a place counts units from the start of the memory. */
export const pulseNamesAt = 64
export const pulseBytes = 32 * 1024
