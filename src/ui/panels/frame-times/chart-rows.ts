// From frames to what the chart draws: rows with seconds before now, a fixed scale, and marks for reloads.

import type { Receipt } from '../../../protocol/receipt.ts'
import type { FramePoint } from '../../store/frame-history.ts'
import { outcomeWord, receiptSubject } from '../../store/receipt-words.ts'

/** One row: `x` in seconds before the newest frame (−10 … 0), then ms of the engine and of each module, in columns `m0`, `m1`, … */
export type ChartRow = { readonly x: number; readonly frame: number; readonly engine: number } & {
  readonly [column: `m${number}`]: number
}

/** The column of a module in a row, by its place among the modules. */
export function columnOf(index: number): `m${number}` {
  return `m${index}`
}

/** Rows of the points, oldest first. Modules that have gone count as engine time no more: they are left out. */
export function chartRows(
  points: readonly FramePoint[],
  modules: readonly string[],
  targetFps: number,
): readonly ChartRow[] {
  const last = points.at(-1)?.frame ?? 0
  return points.map((point) => {
    const row: Record<`m${number}`, number> = {}
    for (const [index, name] of modules.entries()) row[columnOf(index)] = point.modules[name] ?? 0
    return { x: (point.frame - last) / targetFps, frame: point.frame, engine: point.engine, ...row }
  })
}

const steps = [1, 2, 4, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000]

/**
 * Top of the scale in ms: always above the budget, and above the longest frame as long as that is under three budgets;
 * one stall must not press all other frames flat, so what is longer is cut off at the top.
 */
export function scaleTop(maxMs: number, budgetMs: number): number {
  const wanted = Math.max(Math.min(maxMs * 1.15, budgetMs * 3), budgetMs * 1.1)
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / 1000) * 1000
}

/** Ticks from 0 to below the top, three or four of them. */
export function scaleTicks(top: number): readonly number[] {
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].find((candidate) => top / candidate <= 4.5) ?? top / 4
  const ticks: number[] = []
  for (let tick = 0; tick < top * 0.99; tick += step) ticks.push(tick)
  return ticks
}

export interface ReloadMark {
  readonly id: number
  readonly x: number
  /** Empty where the next mark is too near for it. */
  readonly label: string
  readonly isFailure: boolean
}

/** Room that a label needs before the next mark, in seconds: at least, and for each of its letters. */
const labelSeconds = 1.4
const letterSeconds = 0.12

/** Named in a label; of more there is the number. */
const namedAtMost = 2

/** Reloads of the shown span, oldest first; several at one frame are one mark, a failure where one of them failed. */
export function reloadMarks(
  receipts: readonly Receipt[],
  timeline: number,
  lastFrame: number,
  targetFps: number,
  seconds: number,
): readonly ReloadMark[] {
  const byFrame = new Map<number, Receipt[]>()
  for (const receipt of receipts) {
    const x = (receipt.moment.frame - lastFrame) / targetFps
    if (
      receipt.moment.timeline !== timeline ||
      receipt.trigger === 'open' ||
      receipt.outcome === 'superseded' ||
      x < -seconds ||
      x > 0
    )
      continue
    const { frame } = receipt.moment
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), receipt])
  }
  const marks = [...byFrame].map(([frame, own]) => markOf(own, (frame - lastFrame) / targetFps))
  marks.sort((a, b) => a.x - b.x)
  return marks.map((mark, index) => {
    const next = marks[index + 1]
    const room = Math.max(labelSeconds, mark.label.length * letterSeconds)
    return next === undefined || next.x - mark.x >= room ? mark : { ...mark, label: '' }
  })
}

/** Of one frame: the failed first, each by its outcome where there are others. */
function markOf(receipts: readonly Receipt[], x: number): ReloadMark {
  const failed = receipts.filter(isFailed)
  const inOrder = [...failed, ...receipts.filter((receipt) => !isFailed(receipt))]
  const areMixed = failed.length > 0 && failed.length < receipts.length
  const words = new Set(
    inOrder.map((receipt) =>
      areMixed && isFailed(receipt) ? `${receiptSubject(receipt)} ${outcomeWord(receipt)}` : receiptSubject(receipt),
    ),
  )
  const more = words.size - namedAtMost
  const label = [...words].slice(0, namedAtMost).join(', ') + (more > 0 ? ` +${more}` : '')
  return { id: inOrder[0]?.id ?? 0, x, label, isFailure: failed.length > 0 }
}

function isFailed({ outcome }: Receipt): boolean {
  return outcome !== 'committed'
}
