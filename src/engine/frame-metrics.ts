// Times of the last frames, row by row, in a ring laid out beforehand: recording a frame allocates nothing. Serves the
// frame chart (rows since the last drain), percentiles, and each module's last and average time.

import type { FrameTimes, Metrics, Percentiles } from '../protocol/program.ts'
import { frameNumber, timelineId, type FrameNumber, type Milliseconds, type TimelineId } from '../protocol/values.ts'

/** Columns before the modules: total, engine. */
const fixedColumns = 2
const secondsKept = 10

/**
 * Per frame: `setModuleMs` for each module that ran, then `endFrame`. A module that did not run stands as 0 in the rows
 * and does not count in its own figures.
 */
export class FrameMetrics {
  #targetFps: number
  #modules: readonly string[] = []
  #columns = fixedColumns
  #capacity: number
  /** Rows of `[total, engine, module…]`; NaN where a module did not run. */
  #rows: Float32Array
  readonly #frames: { timeline: TimelineId; frame: FrameNumber }[] = []
  #sorted: Float32Array
  #row: Float64Array
  #lastMs: Float64Array
  /** Rows in the ring, and the index after the newest. */
  #count = 0
  #end = 0
  #undrained = 0

  constructor(targetFps: number) {
    this.#targetFps = targetFps
    this.#capacity = capacityFor(targetFps)
    this.#rows = new Float32Array(this.#capacity * this.#columns)
    this.#sorted = new Float32Array(this.#capacity)
    this.#row = new Float64Array(0)
    this.#lastMs = new Float64Array(0)
    this.#layFrames()
  }

  get targetFps(): number {
    return this.#targetFps
  }

  /** The columns from now on, in module order. Earlier rows keep the columns of modules that stay. */
  setModules(names: readonly string[]): void {
    if (names.length === this.#modules.length && names.every((name, index) => name === this.#modules[index])) return
    const sources = names.map((name) => this.#modules.indexOf(name))
    const lastMs = this.#lastMs
    this.#relay(this.#capacity, names.length + fixedColumns, sources)
    this.#lastMs = Float64Array.from(sources, (source) => lastMs[source] ?? 0)
    this.#row = new Float64Array(names.length).fill(NaN)
    this.#modules = [...names]
  }

  /** Ten seconds at the new rate are kept from now on. */
  setTargetFps(targetFps: number): void {
    this.#targetFps = targetFps
    const identity = this.#modules.map((_, index) => index)
    if (capacityFor(targetFps) !== this.#capacity) this.#relay(capacityFor(targetFps), this.#columns, identity)
  }

  /** Wall-clock time a module took in the present frame. */
  setModuleMs(index: number, ms: Milliseconds): void {
    this.#row[index] = ms
    this.#lastMs[index] = ms
  }

  /** Closes the present frame's row. `totalMs` includes the modules; the rest of it is the engine's. */
  endFrame(timeline: TimelineId, frame: FrameNumber, totalMs: Milliseconds): void {
    const at = this.#end * this.#columns
    let modulesMs = 0
    for (let index = 0; index < this.#row.length; index++) {
      const ms = this.#row[index] ?? NaN
      if (ms === ms) modulesMs += ms
      this.#rows[at + fixedColumns + index] = ms
      this.#row[index] = NaN
    }
    this.#rows[at] = totalMs
    this.#rows[at + 1] = Math.max(0, totalMs - modulesMs)
    const mark = this.#frames[this.#end]
    if (mark !== undefined) {
      mark.timeline = timeline
      mark.frame = frame
    }
    this.#end = (this.#end + 1) % this.#capacity
    this.#count = Math.min(this.#count + 1, this.#capacity)
    this.#undrained = Math.min(this.#undrained + 1, this.#capacity)
  }

  /** Time of the module's newest call; 0 before the first. */
  lastMs(index: number): Milliseconds {
    return this.#lastMs[index] ?? 0
  }

  /** Average over the calls in the last second of frames; 0 where there was none. */
  averageMs(index: number): Milliseconds {
    const frames = Math.min(this.#count, Math.round(this.#targetFps))
    let sum = 0
    let calls = 0
    for (let back = 1; back <= frames; back++) {
      const ms = this.#rows[this.#indexBack(back) * this.#columns + fixedColumns + index] ?? NaN
      if (ms !== ms) continue
      sum += ms
      calls++
    }
    return calls === 0 ? 0 : sum / calls
  }

  /** Figures over at most the last 10 s; zeros before the first frame. */
  metrics(): Metrics {
    const budgetMs = 1000 / this.#targetFps
    let overBudget = 0
    for (let back = 1; back <= this.#count; back++) {
      if ((this.#rows[this.#indexBack(back) * this.#columns] ?? 0) > budgetMs) overBudget++
    }
    const total = this.#sortColumn(0)
    const overall = { ...percentilesOf(total), max: total.at(-1) ?? 0 }
    const perModule: Record<string, Percentiles> = {}
    for (const [index, name] of this.#modules.entries())
      perModule[name] = percentilesOf(this.#sortColumn(fixedColumns + index))
    return { frames: this.#count, ...overall, perModule, budgetMs, overBudget }
  }

  /** Rows recorded since the last call, as one batch per run of consecutive frames on one timeline, oldest first. */
  drainFrames(): readonly FrameTimes[] {
    const batches: FrameTimes[] = []
    let back = this.#undrained
    while (back > 0) {
      const length = this.#runLength(back)
      const first = this.#frames[this.#indexBack(back)]
      if (first !== undefined) {
        batches.push({
          timeline: first.timeline,
          firstFrame: first.frame,
          modules: this.#modules,
          rows: this.#copyRows(back, length),
        })
      }
      back -= length
    }
    this.#undrained = 0
    return batches
  }

  /** How many rows from `back` rows ago on belong to consecutive frames. */
  #runLength(back: number): number {
    let length = 1
    while (length < back) {
      const before = this.#frames[this.#indexBack(back - length + 1)]
      const next = this.#frames[this.#indexBack(back - length)]
      if (before === undefined || next === undefined) break
      if (next.timeline !== before.timeline || next.frame !== before.frame + 1) break
      length++
    }
    return length
  }

  #copyRows(back: number, length: number): Float32Array {
    const rows = new Float32Array(length * this.#columns)
    for (let row = 0; row < length; row++) {
      const from = this.#indexBack(back - row) * this.#columns
      for (let column = 0; column < this.#columns; column++) {
        const ms = this.#rows[from + column] ?? 0
        rows[row * this.#columns + column] = ms === ms ? ms : 0
      }
    }
    return rows
  }

  /** Index of the row `back` rows ago; 1 is the newest. */
  #indexBack(back: number): number {
    return (this.#end - back + this.#capacity) % this.#capacity
  }

  /** The column's values in ascending order, in a buffer that the next call reuses. */
  #sortColumn(column: number): Float32Array {
    let length = 0
    for (let back = 1; back <= this.#count; back++) {
      const ms = this.#rows[this.#indexBack(back) * this.#columns + column] ?? NaN
      if (ms === ms) this.#sorted[length++] = ms
    }
    return this.#sorted.subarray(0, length).sort()
  }

  /** Lays the ring out anew, oldest row first. `sources[i]` is the former place of module column i, negative for a new one. */
  #relay(capacity: number, columns: number, sources: readonly number[]): void {
    const kept = Math.min(this.#count, capacity)
    const rows = new Float32Array(capacity * columns).fill(NaN)
    const marks: { timeline: TimelineId; frame: FrameNumber }[] = []
    for (let row = 0; row < kept; row++) {
      const index = this.#indexBack(kept - row)
      const from = index * this.#columns
      rows[row * columns] = this.#rows[from] ?? 0
      rows[row * columns + 1] = this.#rows[from + 1] ?? 0
      for (const [column, source] of sources.entries()) {
        if (source >= 0) rows[row * columns + fixedColumns + column] = this.#rows[from + fixedColumns + source] ?? NaN
      }
      const mark = this.#frames[index]
      if (mark !== undefined) marks.push({ ...mark })
    }
    this.#rows = rows
    this.#columns = columns
    this.#capacity = capacity
    this.#sorted = new Float32Array(capacity)
    this.#count = kept
    this.#end = kept % capacity
    this.#undrained = Math.min(this.#undrained, kept)
    this.#frames.length = 0
    this.#frames.push(...marks)
    this.#layFrames()
  }

  #layFrames(): void {
    while (this.#frames.length < this.#capacity) this.#frames.push({ timeline: timelineId(0), frame: frameNumber(0) })
  }
}

function capacityFor(targetFps: number): number {
  return Math.max(1, Math.round(targetFps * secondsKept))
}

/** Nearest-rank percentiles of sorted values. */
function percentilesOf(sorted: Float32Array): Percentiles {
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
