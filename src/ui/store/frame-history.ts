// The last ten seconds of frame times, kept outside React because they come for every frame. Events are kept as they
// arrive (a chunk names its own columns), and turned into points only when the chart redraws.

import type { FrameTimes } from '../../protocol/program.ts'

/** One point of the chart: a real frame, never an average, so that stacked parts always belong together. */
export interface FramePoint {
  readonly frame: number
  readonly total: number
  readonly engine: number
  /** Milliseconds by module name. */
  readonly modules: Readonly<Record<string, number>>
}

export interface FrameFigures {
  readonly frames: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

const noFigures: FrameFigures = { frames: 0, p50: 0, p95: 0, p99: 0, max: 0 }

export class FrameHistory {
  #chunks: FrameTimes[] = []
  #timeline: number | undefined
  #windowFrames = 600
  readonly #listeners = new Set<() => void>()

  /** Takes the frames of one event; a new timeline, or frames that are no continuation, start afresh. */
  add(times: FrameTimes): void {
    const width = times.modules.length + 2
    const count = Math.floor(times.rows.length / width)
    if (count === 0) return
    if (this.#timeline !== times.timeline || times.firstFrame <= this.lastFrame) this.#chunks = []
    this.#timeline = times.timeline
    this.#chunks.push(times)
    this.#drop()
    for (const listener of this.#listeners) listener()
  }

  /** How many frames are kept: ten seconds at the target rate. */
  setWindow(frames: number): void {
    this.#windowFrames = Math.max(1, Math.round(frames))
    this.#drop()
  }

  clear(): void {
    this.#chunks = []
    for (const listener of this.#listeners) listener()
  }

  get windowFrames(): number {
    return this.#windowFrames
  }

  /** Newest frame known; −1 where there is none. */
  get lastFrame(): number {
    const last = this.#chunks.at(-1)
    return last === undefined ? -1 : lastFrameOf(last)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * At most `limit` points, oldest first: frames are put into buckets by number, and of each bucket the cheapest and the
   * dearest frame are kept, so that a spike of one frame is never lost. Buckets are aligned to frame numbers, so points
   * do not flicker as the window moves.
   */
  points(limit: number): readonly FramePoint[] {
    const last = this.lastFrame
    if (last < 0) return []
    const perBucket = this.#windowFrames <= limit ? 1 : Math.ceil((this.#windowFrames * 2) / (limit - 2))
    const points: FramePoint[] = []
    let bucket = -1
    let low: FramePoint | undefined
    let high: FramePoint | undefined
    const flush = (): void => {
      if (low === undefined || high === undefined) return
      if (low === high) points.push(low)
      else if (low.frame < high.frame) points.push(low, high)
      else points.push(high, low)
    }
    this.#eachRow((chunk, row, frame) => {
      const total = chunk.rows[row] ?? 0
      const itsBucket = Math.floor(frame / perBucket)
      if (itsBucket !== bucket) {
        flush()
        bucket = itsBucket
        low = undefined
        high = undefined
      }
      if (low !== undefined && high !== undefined && total >= low.total && total <= high.total) return
      const point = pointAt(chunk, row, frame)
      if (low === undefined || total < low.total) low = point
      if (high === undefined || total > high.total) high = point
    })
    flush()
    return points
  }

  /** Percentiles of the frame's total over the window. */
  figures(): FrameFigures {
    const totals: number[] = []
    this.#eachRow((chunk, row) => totals.push(chunk.rows[row] ?? 0))
    if (totals.length === 0) return noFigures
    totals.sort((a, b) => a - b)
    const at = (share: number): number => totals[Math.min(totals.length - 1, Math.floor(share * totals.length))] ?? 0
    return { frames: totals.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: totals.at(-1) ?? 0 }
  }

  /** Mean total of the newest `count` frames in ms; undefined where there is none. */
  meanOfLast(count: number): number | undefined {
    let sum = 0
    let seen = 0
    for (let index = this.#chunks.length - 1; index >= 0 && seen < count; index--) {
      const chunk = this.#chunks[index]
      if (chunk === undefined) break
      const width = chunk.modules.length + 2
      for (let row = (rowsOf(chunk) - 1) * width; row >= 0 && seen < count; row -= width, seen++)
        sum += chunk.rows[row] ?? 0
    }
    return seen === 0 ? undefined : sum / seen
  }

  #eachRow(visit: (chunk: FrameTimes, row: number, frame: number) => void): void {
    const first = this.lastFrame - this.#windowFrames + 1
    for (const chunk of this.#chunks) {
      const width = chunk.modules.length + 2
      const rows = rowsOf(chunk)
      for (let index = Math.max(0, first - chunk.firstFrame); index < rows; index++)
        visit(chunk, index * width, chunk.firstFrame + index)
    }
  }

  #drop(): void {
    const first = this.lastFrame - this.#windowFrames + 1
    let gone = 0
    for (const chunk of this.#chunks) {
      if (lastFrameOf(chunk) >= first) break
      gone++
    }
    if (gone > 0) this.#chunks.splice(0, gone)
  }
}

function rowsOf(times: FrameTimes): number {
  return Math.floor(times.rows.length / (times.modules.length + 2))
}

function lastFrameOf(times: FrameTimes): number {
  return times.firstFrame + rowsOf(times) - 1
}

function pointAt(chunk: FrameTimes, row: number, frame: number): FramePoint {
  const modules: Record<string, number> = {}
  for (const [index, name] of chunk.modules.entries()) modules[name] = chunk.rows[row + 2 + index] ?? 0
  return { frame, total: chunk.rows[row] ?? 0, engine: chunk.rows[row + 1] ?? 0, modules }
}
