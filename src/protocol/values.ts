// The units and identities every other file speaks in. Types and the constructors of branded values; no behaviour.

declare const brand: unique symbol
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** A count of frames since the start of a timeline; the first frame run is 1, 0 is the state made by `init`. */
export type FrameNumber = Brand<number, 'FrameNumber'>
/** Which line of history a frame belongs to. The first is 0; a reset or a branch starts a new one. */
export type TimelineId = Brand<number, 'TimelineId'>
/** SHA-256 of what is named, hexadecimal, first 32 digits. */
export type ContentHash = Brand<string, 'ContentHash'>
/** Wall-clock or engine time in milliseconds; which one is said where it is used. */
export type Milliseconds = number
/** Engine time in seconds. */
export type Seconds = number

/** One point of a program's history. */
export interface Moment {
  readonly timeline: TimelineId
  readonly frame: FrameNumber
}

/** A place in a source file. `file` is relative to the workspace with `/`; `line` and `column` count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What went wrong in a user's code or file, as data. The position is absent only where none can be known. */
export interface SourceError {
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Mapped stack, innermost frame first, for display. */
  readonly stack?: readonly string[]
}

/** A path into plain data: `['tanks', 3, 'hp']`. Map keys stand as `{ key }` so that `1` and `'1'` stay apart. */
export type DataPath = readonly PathStep[]
export type PathStep = string | number | { readonly key: string | number | boolean }

export const frameNumber = (value: number): FrameNumber => value as FrameNumber
export const timelineId = (value: number): TimelineId => value as TimelineId
export const contentHash = (value: string): ContentHash => value as ContentHash
