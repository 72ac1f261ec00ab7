// The log's lines (FL6): a bounded ring in which a line repeated without another between is folded into one with a count. Lines of modules
// that run at the same time are put into the order they would have one after the other.

import { logLevels, type LogFilter, type LogLevel, type LogLine } from '../protocol/log.ts'
import type { Moment, Seconds, SourcePosition } from '../protocol/values.ts'

/** A line as it is written, before numbering and folding. */
export interface LogEntry {
  readonly level: LogLevel
  readonly text: string
  /** Absent for the engine's own lines. */
  readonly module?: string | undefined
  readonly position?: SourcePosition | undefined
  readonly moment: Moment
  /** Engine time, for the rate of repeats. */
  readonly time: Seconds
}

const defaultCapacity = 5000

export class LogBook {
  readonly #capacity: number
  /** Oldest first, from `#start` on, round the end. */
  readonly #lines: LogLine[] = []
  #start = 0
  #nextId = 1
  /** Lines from this id on are new or changed since the last drain. */
  #changedFrom = 1
  #firstTime: Seconds = 0
  /** Undefined: lines are written as they come. */
  #held: LogEntry[] | undefined

  constructor(capacity: number = defaultCapacity) {
    this.#capacity = capacity
  }

  /** Writes a line, or counts it onto the newest one where that says the same from the same place. */
  append(entry: LogEntry): void {
    if (this.#held !== undefined) {
      this.#held.push(entry)
      return
    }
    const last = this.#last()
    if (last !== undefined && isRepeat(last, entry)) {
      const count = last.count + 1
      const span = entry.time - this.#firstTime
      this.#replaceLast({ ...last, moment: entry.moment, count, perSecond: span > 0 ? (count - 1) / span : 0 })
      this.#changedFrom = Math.min(this.#changedFrom, last.id)
      return
    }
    this.#firstTime = entry.time
    this.#push({
      id: this.#nextId++,
      moment: entry.moment,
      firstMoment: entry.moment,
      ...(entry.module === undefined ? {} : { module: entry.module }),
      level: entry.level,
      text: entry.text,
      ...(entry.position === undefined ? {} : { position: entry.position }),
      count: 1,
      perSecond: 0,
    })
  }

  /** Lines wait from here on: modules run at the same time. */
  hold(): void {
    this.#held ??= []
  }

  /** Writes the lines that wait, in the order of these modules; the engine's own come first. */
  release(modules: readonly { readonly name: string }[]): void {
    const held = this.#held ?? []
    this.#held = undefined
    if (held.length === 0) return
    const ranks = new Map(modules.map(({ name }, index) => [name, index]))
    const rankOf = ({ module }: LogEntry): number => (module === undefined ? -1 : (ranks.get(module) ?? -1))
    for (const entry of held.toSorted((left, right) => rankOf(left) - rankOf(right))) this.append(entry)
  }

  /** Goes on from these. */
  adopt(lines: readonly LogLine[]): void {
    this.#lines.length = 0
    this.#start = 0
    for (const line of lines) this.#push(line)
    this.#nextId = Math.max(this.#nextId, ...lines.slice(-1).map(({ id }) => id + 1))
    this.#changedFrom = this.#nextId
  }

  /** Lines that pass, oldest first. */
  filter(filter: LogFilter): readonly LogLine[] {
    const least = filter.level === undefined ? 0 : logLevels.indexOf(filter.level)
    const text = filter.text?.toLowerCase()
    return this.#inOrder().filter(
      (line) =>
        logLevels.indexOf(line.level) >= least &&
        (filter.module === undefined || line.module === filter.module) &&
        (text === undefined || line.text.toLowerCase().includes(text)) &&
        (filter.sinceFrame === undefined || line.moment.frame >= filter.sinceFrame),
    )
  }

  /** Lines that are new or whose count changed since the last call, oldest first. */
  drain(): readonly LogLine[] {
    const from = this.#changedFrom
    this.#changedFrom = this.#nextId
    if (from === this.#nextId) return []
    const count = Math.min(this.#lines.length, this.#nextId - from)
    const drained: LogLine[] = []
    for (let back = count; back > 0; back--) {
      const line = this.#at(this.#lines.length - back)
      if (line !== undefined) drained.push(line)
    }
    return drained
  }

  #inOrder(): LogLine[] {
    return [...this.#lines.slice(this.#start), ...this.#lines.slice(0, this.#start)]
  }

  #at(index: number): LogLine | undefined {
    return this.#lines[(this.#start + index) % this.#lines.length]
  }

  #last(): LogLine | undefined {
    return this.#lines.length === 0 ? undefined : this.#at(this.#lines.length - 1)
  }

  #replaceLast(line: LogLine): void {
    this.#lines[(this.#start + this.#lines.length - 1) % this.#lines.length] = line
  }

  #push(line: LogLine): void {
    if (this.#lines.length < this.#capacity) {
      this.#lines.push(line)
      return
    }
    this.#lines[this.#start] = line
    this.#start = (this.#start + 1) % this.#capacity
  }
}

function isRepeat(line: LogLine, entry: LogEntry): boolean {
  return (
    line.text === entry.text &&
    line.level === entry.level &&
    line.module === entry.module &&
    line.moment.timeline === entry.moment.timeline &&
    isSamePosition(line.position, entry.position)
  )
}

function isSamePosition(left: SourcePosition | undefined, right: SourcePosition | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  return left.file === right.file && left.line === right.line && left.column === right.column
}
