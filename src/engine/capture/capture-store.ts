// Keeps captures of the whole program under a byte limit (HS1, HS2). A record is one moment: the block of each part's state
// (a module, the bus, …), where an unchanged part shares its block with the record before. Read them with CaptureReader.

import { CoppiceError } from '../../protocol/errors.ts'
import type { Moment } from '../../protocol/values.ts'
import { blockKind, directory, recordHeader } from './capture-format.ts'
import { CaptureMemory, type Block, type CaptureBuffer } from './capture-memory.ts'
import { ClassNames, type CaptureClasses } from './class-names.ts'
import { GraphPacker } from './graph-packer.ts'
import type { WatchedArray } from './pack-pass.ts'
import { PackedCopies } from './packed-copies.ts'
import type { PackedValue } from './packed-copies.ts'
import { Thinning } from './thinning.ts'

export interface CaptureStoreOptions {
  readonly classes: CaptureClasses
  /** Default 64 MB. All captures and their strings stay within. */
  readonly byteLimit?: number
  /** Default true: where the platform allows it. */
  readonly isShared?: boolean
}

interface StoredPart {
  readonly name: string
  readonly block: Block
  /** Frame at whose start it was captured. */
  readonly frame: number
}

interface StoredRecord {
  readonly ordinal: number
  readonly moment: Moment
  readonly parts: readonly StoredPart[]
  readonly block: Block
  readonly slot: number
  holders: number
  isHeld: boolean
  /** Those captured right before and after it, of those that are stored. */
  before: StoredRecord | undefined
  after: StoredRecord | undefined
}

/** A record being made. */
interface OpenRecord {
  readonly moment: Moment
  readonly parts: StoredPart[]
}

const defaultByteLimit = 64 * 2 ** 20
/** Of longer lists the keys of so many objects are checked in each capture, all in turn. */
const keysPerCapture = 4096

/**
 * The life of a frame: `begin`, then `put` or `keep` for each part, then `end`, or `abandon`. Between `end` and the next
 * `begin` the buffer does not change. Costs grow with what is put, never with what is stored.
 */
export class CaptureStore {
  readonly #memory: CaptureMemory
  readonly #classes: CaptureClasses
  readonly #names: ClassNames
  readonly #packers = new Map<string, GraphPacker>()
  readonly #copies = new Map<string, PackedCopies>()
  #newest: StoredRecord | undefined
  readonly #thinning = new Thinning<StoredRecord>()
  readonly #freeSlots: number[] = []
  #open: OpenRecord | undefined
  #lastWords = 0
  #nextOrdinal = 0
  #nextSerial = 1

  constructor(options: CaptureStoreOptions) {
    this.#memory = new CaptureMemory(options.byteLimit ?? defaultByteLimit, options.isShared)
    this.#classes = options.classes
    this.#names = new ClassNames(options.classes)
    for (let slot = this.#memory.slotCount - 1; slot >= 0; slot--) this.#freeSlots.push(slot)
  }

  /** All of it, directory included; a SharedArrayBuffer where the platform has one. Never replaced. */
  get buffer(): CaptureBuffer {
    return this.#memory.buffer
  }

  get usedBytes(): number {
    return this.#memory.usedBytes
  }

  /** Size of the part put last, in words of 8 bytes, without its strings. */
  get lastWords(): number {
    return this.#lastWords
  }

  /** Moments that are stored, oldest first. */
  get moments(): readonly Moment[] {
    const moments: Moment[] = []
    for (let stored = this.#newest; stored !== undefined; stored = stored.before) moments.push(stored.moment)
    return moments.reverse()
  }

  /** The newest stored moment of a timeline at or before its frame; undefined where there is none. */
  newestUpTo({ timeline, frame }: Moment): Moment | undefined {
    let stored = this.#newest
    while (stored !== undefined && !(stored.moment.timeline === timeline && stored.moment.frame <= frame))
      stored = stored.before
    return stored?.moment
  }

  /** Begins a record. One that is open is abandoned. */
  begin(moment: Moment): void {
    this.abandon()
    this.#names.begin()
    this.#open = { moment, parts: [] }
  }

  /**
   * Captures a part of the record begun. False where there is no room even without all captures that may go: `keep` it, or
   * `abandon`. Throws `invalid-state`, with the path, for what state may not hold; the record stays open. `watched`: an array in it.
   */
  put(part: string, value: unknown, watched?: WatchedArray): boolean {
    const open = this.#requireOpen()
    let packer = this.#packers.get(part)
    if (packer === undefined)
      this.#packers.set(part, (packer = new GraphPacker(this.#memory, this.#names, this.#classes, keysPerCapture)))
    const block = packer.pack(part, value, this.#reserve, watched)
    if (packer.lateBy > 0) this.#dropNewest(packer.lateBy)
    if (block === undefined) return false
    this.#lastWords = packer.lastWords
    open.parts.push({ name: part, block, frame: open.moment.frame })
    return true
  }

  /** As `put`, of a value that another thread packed under the part's name. */
  putPacked(part: string, value: PackedValue): boolean {
    const open = this.#requireOpen()
    let copies = this.#copies.get(part)
    if (copies === undefined) this.#copies.set(part, (copies = new PackedCopies(this.#memory)))
    const block = copies.copy(value, this.#reserve)
    if (block === undefined) return false
    this.#lastWords = copies.lastWords
    open.parts.push({ name: part, block, frame: open.moment.frame })
    return true
  }

  /** The part is as it was in the record before, or is not captured this time: both share it. False where there is none. */
  keep(part: string): boolean {
    const open = this.#requireOpen()
    const parts = this.#newest?.parts
    // Mostly parts come in the same order.
    const same = parts?.[open.parts.length]
    const before = same?.name === part ? same : parts?.find(({ name }) => name === part)
    if (before === undefined) return false
    this.#memory.hold(before.block)
    open.parts.push(before)
    return true
  }

  /** The record becomes the newest. False where there is no room for it: then it is abandoned. */
  end(): boolean {
    const { moment, parts } = this.#requireOpen()
    const words = recordHeader.words + parts.length * recordHeader.wordsPerPart
    // In this order: what is dropped for a slot may change where there is room.
    const block = this.#hasFreeSlot() ? this.#reserve(words) : undefined
    if (block === undefined) {
      this.abandon()
      return false
    }
    const view = this.#memory.views.words
    const { start } = block
    view[start + recordHeader.timeline] = moment.timeline
    view[start + recordHeader.frame] = moment.frame
    view[start + recordHeader.partCount] = parts.length
    let at = start + recordHeader.words
    for (const part of parts) {
      view[at] = part.block.start
      view[at + 1] = part.frame
      at += recordHeader.wordsPerPart
    }
    this.#memory.commit(block, blockKind.record, words)
    const slot = this.#freeSlots.pop() ?? 0
    this.#publish(slot, start)
    const ordinal = this.#nextOrdinal++
    const before = this.#newest
    const stored = { ordinal, moment, parts, block, slot, holders: 0, isHeld: false, before, after: undefined }
    if (before !== undefined) before.after = stored
    this.#newest = stored
    this.#thinning.add(stored)
    this.#open = undefined
    return true
  }

  /** Forgets the record begun. */
  abandon(): void {
    if (this.#open === undefined) return
    for (const { block } of this.#open.parts) this.#memory.release(block)
    this.#open = undefined
  }

  /** The record stays until it is released as often. False where it is not stored. */
  hold(moment: Moment): boolean {
    const stored = this.#find(moment)
    if (stored === undefined) return false
    stored.holders++
    stored.isHeld = true
    return true
  }

  release(moment: Moment): void {
    // Of several of that moment, one that is held.
    const stored = this.#find(moment, ({ isHeld }) => isHeld)
    if (stored === undefined) return
    stored.holders--
    stored.isHeld = stored.holders > 0
  }

  /** Drops what is not held of a timeline behind a frame: a future that was abandoned. */
  dropAfter({ timeline, frame }: Moment): void {
    for (let stored = this.#newest; stored !== undefined; stored = stored.before) {
      if (stored.isHeld) continue
      if (stored.moment.timeline === timeline && stored.moment.frame > frame) this.#drop(stored)
    }
  }

  /** The part is not captured any more: what was remembered to capture it quickly is forgotten, its captures stay. */
  forgetPart(part: string): void {
    this.#packers.get(part)?.dispose()
    this.#packers.delete(part)
    this.#copies.get(part)?.dispose()
    this.#copies.delete(part)
  }

  #requireOpen(): OpenRecord {
    if (this.#open === undefined) throw new CoppiceError('internal', 'No capture was begun.')
    return this.#open
  }

  /** The newest of that moment, of those wanted. */
  #find(
    { timeline, frame }: Moment,
    isWanted: (stored: StoredRecord) => boolean = () => true,
  ): StoredRecord | undefined {
    let stored = this.#newest
    while (
      stored !== undefined &&
      !(stored.moment.timeline === timeline && stored.moment.frame === frame && isWanted(stored))
    )
      stored = stored.before
    return stored
  }

  readonly #reserve = (words: number): Block | undefined => {
    for (;;) {
      const block = this.#memory.reserve(words)
      if (block !== undefined || !this.#dropOne()) return block
    }
  }

  #hasFreeSlot(): boolean {
    return this.#freeSlots.length > 0 || this.#dropOne()
  }

  #dropOne(): boolean {
    const stored = this.#thinning.next()
    if (stored === undefined) return false
    this.#drop(stored)
    return true
  }

  /** Those that turned out to be wrong. */
  #dropNewest(count: number): void {
    let stored = this.#newest
    for (let left = count; left > 0 && stored !== undefined; left--, stored = stored.before)
      if (!stored.isHeld) this.#drop(stored)
  }

  /** It still knows the ones before and after it. */
  #drop(stored: StoredRecord): void {
    const { before, after } = stored
    if (before !== undefined) before.after = after
    if (after === undefined) this.#newest = before
    else after.before = before
    this.#thinning.remove(stored)
    this.#publish(stored.slot, undefined)
    this.#freeSlots.push(stored.slot)
    this.#memory.release(stored.block)
    for (const { block } of stored.parts) this.#memory.release(block)
  }

  /** A reader that saw the same serial before and after reading has read what was meant. */
  #publish(slot: number, offset: number | undefined): void {
    const { halves } = this.#memory.views
    const at = (directory.headerWords + slot * directory.slotWords) * 2
    if (offset === undefined) {
      Atomics.store(halves, at, 0)
      if (halves[directory.newest] === slot + 1) Atomics.store(halves, directory.newest, 0)
      return
    }
    Atomics.store(halves, at + 1, offset)
    Atomics.store(halves, at, this.#nextSerial)
    Atomics.store(halves, directory.newest, slot + 1)
    this.#nextSerial = this.#nextSerial === 0x7fffffff ? 1 : this.#nextSerial + 1
  }
}
