// What the panel shows of the traffic on the bus: the newest lines, and rates over the last seconds. Folded from batches, each of
// which holds what passed since the one before.

import type { BusLine, BusTraffic } from '../../../protocol/bus.ts'

const shownLines = 300
/** Rates are of so many seconds of engine time. */
const rateSeconds = 2

export interface TrafficView {
  /** Oldest first. */
  readonly lines: readonly BusLine[]
  /** Messages that passed the filter and are not among the lines. */
  readonly leftOut: number
  readonly batches: readonly BusTraffic[]
}

export const noTraffic: TrafficView = { lines: [], leftOut: 0, batches: [] }

/** The view with one more batch. The same object where nothing passed and no time went by. */
export function addTraffic(view: TrafficView, batch: BusTraffic): TrafficView {
  if (batch.seconds === 0 && batch.topics.length === 0) return view
  const lines = [...view.lines, ...batch.lines]
  const batches = [...view.batches, batch]
  let seconds = secondsOf(batches)
  while (batches.length > 1 && seconds - (batches[0]?.seconds ?? 0) >= rateSeconds) {
    seconds -= batches[0]?.seconds ?? 0
    batches.shift()
  }
  return {
    lines: lines.slice(-shownLines),
    leftOut: view.leftOut + batch.leftOut,
    batches,
  }
}

export interface TopicRate {
  readonly topic: string
  readonly perSecond: number
}

/** Busiest first. */
export function topicRates({ batches }: TrafficView): readonly TopicRate[] {
  const counts = sumBy(
    batches.flatMap(({ topics }) => topics),
    ({ topic }) => topic,
  )
  const seconds = secondsOf(batches)
  return [...counts]
    .map(([topic, count]) => ({ topic, perSecond: rateOf(count, seconds) }))
    .sort((left, right) => right.perSecond - left.perSecond || left.topic.localeCompare(right.topic))
}

/** Messages from outside come from here. */
export const outside = 'outside'

export interface Edge {
  readonly from: string
  readonly to: string
  readonly perSecond: number
}

/** Who sends to whom, in order of the modules' names as given; what comes from outside last. */
export function edgeRates({ batches }: TrafficView, modules: readonly string[]): readonly Edge[] {
  const seconds = secondsOf(batches)
  const edges = batches.flatMap((batch) => batch.edges)
  const counts = sumBy(edges, ({ from, to }) => `${from ?? outside}\n${to}`)
  const placeOf = (name: string): number => (modules.includes(name) ? modules.indexOf(name) : modules.length)
  return [...counts]
    .map(([key, count]) => {
      const [from = outside, to = ''] = key.split('\n')
      return { from, to, perSecond: rateOf(count, seconds) }
    })
    .sort((left, right) => placeOf(left.from) - placeOf(right.from) || placeOf(left.to) - placeOf(right.to))
}

/** Messages a second by publisher, whether anybody reads them or not. */
export function publisherRates({ batches }: TrafficView): ReadonlyMap<string, number> {
  const seconds = secondsOf(batches)
  const counts = sumBy(
    batches.flatMap(({ publishers }) => publishers),
    ({ from }) => from ?? outside,
  )
  return new Map([...counts].map(([name, count]) => [name, rateOf(count, seconds)]))
}

/** `0.4/s`, `12/s`, `1 200/s`: two significant digits below ten. */
export function formatRate(perSecond: number): string {
  const text =
    perSecond >= 10 ? Math.round(perSecond).toLocaleString('en-US').replaceAll(',', '\u00a0') : perSecond.toFixed(1)
  return `${text}/s`
}

function secondsOf(batches: readonly BusTraffic[]): number {
  return batches.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** A program that stands still has counts and no time: those of a step are shown as of one frame at 60. */
function rateOf(count: number, seconds: number): number {
  return count / Math.max(seconds, 1 / 60)
}

function sumBy<Item extends { readonly count: number }>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + item.count)
  return sums
}
