// Reads captures from their buffer: in the thread that writes them, or in another one that was given the buffer, also while
// the writer goes on, or hangs. What is dropped while it is read is given as not there.

import { CoppiceError } from '../../protocol/errors.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import type { Moment } from '../../protocol/values.ts'
import { blockKind, directory, recordHeader } from './capture-format.ts'
import { viewsOn, type CaptureBuffer, type MemoryViews } from './capture-memory.ts'
import { GraphUnpacker, type RestoreClasses } from './graph-unpacker.ts'

/** A record as the directory knows it. */
export interface FoundRecord {
  readonly moment: Moment
  readonly slot: number
  readonly serial: number
}

/** A part of a capture, made again. */
export interface RestoredPart {
  readonly name: string
  /** Frame at whose start it was captured: the record's, or an earlier one's. */
  readonly frame: number
  /** A fresh graph at each reading. */
  readonly value: unknown
}

export class CaptureReader {
  readonly #views: MemoryViews
  readonly #unpacker: GraphUnpacker
  readonly #slotCount: number

  /** Throws `invalid-argument` where the buffer is none of captures, or of another version of them. */
  constructor(buffer: CaptureBuffer, classes: RestoreClasses) {
    this.#views = viewsOn(buffer)
    const { halves } = this.#views
    if (halves[0] !== directory.magic) throw new CoppiceError('invalid-argument', 'These are no captures.')
    if (halves[1] !== directory.version) {
      throw new CoppiceError(
        'invalid-argument',
        `These captures are of version ${String(halves[1])}; this engine reads version ${String(directory.version)}.`,
      )
    }
    this.#slotCount = halves[2] ?? 0
    this.#unpacker = new GraphUnpacker(this.#views, classes)
  }

  /** What is stored now, oldest first by timeline and frame. */
  records(): readonly FoundRecord[] {
    const found: FoundRecord[] = []
    for (let slot = 0; slot < this.#slotCount; slot++) {
      const record = this.#found(slot)
      if (record !== undefined) found.push(record)
    }
    return found.toSorted(
      (left, right) =>
        left.moment.timeline - right.moment.timeline ||
        left.moment.frame - right.moment.frame ||
        left.serial - right.serial,
    )
  }

  /** The record captured last, whatever its timeline; undefined where there is none. */
  newest(): FoundRecord | undefined {
    const told = Atomics.load(this.#views.halves, directory.newest) - 1
    const newest = told < 0 ? undefined : this.#found(told)
    if (newest !== undefined) return newest
    let slot = -1
    let serial = 0
    for (let index = 0; index < this.#slotCount; index++) {
      const found = this.#entry(index)?.serial ?? 0
      if (found <= serial) continue
      serial = found
      slot = index
    }
    return slot < 0 ? undefined : this.#found(slot)
  }

  /** The newest record of a timeline at or before its frame. */
  newestUpTo({ timeline, frame }: Moment): FoundRecord | undefined {
    return this.records().findLast(({ moment }) => moment.timeline === timeline && moment.frame <= frame)
  }

  /**
   * All parts of a record, or those named; undefined where it was dropped, before or while it was read. Throws where a class
   * is missing.
   */
  read(found: FoundRecord, names?: readonly string[]): readonly RestoredPart[] | undefined {
    const entry = this.#entry(found.slot)
    if (entry === undefined || entry.serial !== found.serial) return undefined
    try {
      const parts = this.#parts(entry.offset, names)
      return this.#entry(found.slot)?.serial === found.serial ? parts : undefined
    } catch (error) {
      // What was overwritten while it was read may be any nonsense.
      if (this.#entry(found.slot)?.serial !== found.serial) return undefined
      throw error
    }
  }

  #found(slot: number): FoundRecord | undefined {
    const entry = this.#entry(slot)
    if (entry === undefined) return undefined
    const { serial, offset } = entry
    const timeline = timelineId(this.#views.words[offset + recordHeader.timeline] ?? -1)
    const frame = frameNumber(this.#views.words[offset + recordHeader.frame] ?? -1)
    return this.#entry(slot)?.serial === serial ? { moment: { timeline, frame }, slot, serial } : undefined
  }

  #parts(offset: number, names: readonly string[] | undefined): RestoredPart[] {
    const { words, halves } = this.#views
    if (halves[offset * 2] !== blockKind.record) throw new RangeError('there is no capture')
    const count = words[offset + recordHeader.partCount] ?? 0
    const parts: RestoredPart[] = []
    for (let index = 0; index < count; index++) {
      const at = offset + recordHeader.words + index * recordHeader.wordsPerPart
      const block = words[at] ?? 0
      const name = this.#unpacker.nameOf(block)
      if (names !== undefined && !names.includes(name)) continue
      parts.push({ name, frame: words[at + 1] ?? 0, value: this.#unpacker.unpack(block) })
    }
    return parts
  }

  #entry(slot: number): { readonly serial: number; readonly offset: number } | undefined {
    const { halves } = this.#views
    const at = (directory.headerWords + slot * directory.slotWords) * 2
    const serial = Atomics.load(halves, at)
    const offset = Atomics.load(halves, at + 1)
    return serial === 0 ? undefined : { serial, offset }
  }
}
