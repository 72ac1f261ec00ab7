// What leaves the program for the world: sound, saved data, messages of sockets. (Pictures leave by layers.) Outputs of a frame leave
// once, when the frame first becomes the present (FL10): event `outputs`.

import type { FrameNumber, Moment } from './values.ts'

/** To be played once, on the page. */
export interface SoundOutput {
  readonly kind: 'sound'
  readonly module: string
  /** Relative to the workspace, with `/`; or a URL, as an `import` of a sound gives it. */
  readonly file: string
  /** 0 … 1. */
  readonly volume: number
  /** 1: as recorded. */
  readonly rate: number
}

/** What the module finds under that key in `saved` from now on. */
export interface SaveOutput {
  readonly kind: 'save'
  readonly module: string
  readonly key: string
  /** Plain data. */
  readonly data: unknown
}

/** A message for the other ends of a socket. */
export interface SocketOutput {
  readonly kind: 'socket'
  /** Its publisher; absent where it is the engine's own (answers to coordinators). */
  readonly module?: string
  readonly socket: string
  readonly topic: string
  /** Plain data. */
  readonly data: unknown
}

export type Output = SoundOutput | SaveOutput | SocketOutput

/** The outputs of one frame, modules in the manifest's order, each one's in the order of its calls. */
export interface FrameOutputs {
  readonly moment: Moment
  readonly outputs: readonly Output[]
}

/** Outputs that had left when their frame was taken back; equal ones of one reload are one. */
export interface SentOutput {
  readonly kind: Output['kind']
  readonly module?: string
  /** File, key, or socket and topic. */
  readonly what: string
  /** When the first of them left. */
  readonly moment: Moment
  /** When the last of them left. */
  readonly lastFrame: FrameNumber
  readonly count: number
}
