// What a message costs from `publish` to the hands of its readers, both copies included, against a bus of a few lines whose copies are
// structuredClone; and whether the number of patterns can be felt.

import { distribution, type Benchmark, type BenchmarkRow } from '../../../e2e/bench/benchmark.ts'
import type { Subscription } from '../../protocol/module.ts'
import { Bus } from './bus.ts'

const messagesPerFrame = 1000
const frames = 100
const warmUp = 20

const payloads = {
  'flat data': (index: number): unknown => ({ id: index, x: index / 2, y: 1.5, hp: 3, kind: 'hit' }),
  'nested data': (index: number): unknown => ({
    by: index,
    at: { x: index / 2, y: 1.5 },
    tags: ['a', 'b'],
    kind: 'hit',
  }),
}

/** Nanoseconds per message and reader, one sample a frame. */
function samplesOf(readers: number, runFrame: (frame: number) => number): readonly number[] {
  const samples: number[] = []
  for (let frame = 1; frame <= warmUp + frames; frame++) {
    const start = performance.now()
    const read = runFrame(frame)
    const ns = ((performance.now() - start) * 1e6) / (messagesPerFrame * readers)
    if (frame > 1 && read !== messagesPerFrame * readers) throw new Error(`${read} messages were read.`)
    if (frame > warmUp) samples.push(ns)
  }
  return samples
}

/** One publisher, so many readers of `topic`; each frame all that was published in the one before is read. */
function ours(
  readers: number,
  payload: (index: number) => unknown,
  topicOf: (index: number) => string = () => 'tank:hit',
  subscriptions: readonly Subscription[] = ['tank:*'],
): readonly number[] {
  const bus = new Bus()
  const names = Array.from({ length: readers }, (_, index) => `reader-${index}`)
  bus.setModules([{ name: 'writer', subscriptions: [] }, ...names.map((name) => ({ name, subscriptions }))])
  const { publish } = bus.port('writer')
  return samplesOf(readers, (frame) => {
    bus.beginFrame(frame, frame / 60)
    for (let index = 0; index < messagesPerFrame; index++) publish(topicOf(index), payload(index))
    let read = 0
    for (const name of names) read += bus.port(name).messages().length
    return read
  })
}

interface CloneMessage {
  readonly topic: string
  readonly data: unknown
}

/** The same with structuredClone at publishing and for each reader. */
function cloned(readers: number, payload: (index: number) => unknown): readonly number[] {
  const queues = Array.from({ length: readers }, (): CloneMessage[] => [])
  let outbox: CloneMessage[] = []
  return samplesOf(readers, () => {
    for (const queue of queues) queue.push(...outbox)
    outbox = []
    for (let index = 0; index < messagesPerFrame; index++)
      outbox.push({ topic: 'tank:hit', data: structuredClone(payload(index)) })
    let read = 0
    for (const queue of queues)
      read += queue.splice(0).map(({ topic, data }) => ({ topic, data: structuredClone(data) })).length
    return read
  })
}

function speed(readers: number, kind: keyof typeof payloads, aimNs: number): BenchmarkRow {
  const figures = distribution(ours(readers, payloads[kind]))
  const perSecond = (1000 / figures.median).toFixed(1)
  return {
    what: `message to ${readers} reader${readers === 1 ? '' : 's'}, ${kind}`,
    unit: 'ns',
    ours: figures,
    reference: { name: 'structuredClone twice', figures: distribution(cloned(readers, payloads[kind])) },
    aim:
      kind === 'flat data'
        ? `≥ ${1000 / aimNs} million a second; ${perSecond} million`
        : `– ; ${perSecond} million a second`,
  }
}

/** So many patterns in one module; each message matches exactly one. */
function patterns(count: number): readonly number[] {
  const subscriptions = Array.from({ length: count }, (_, index) => `area:${index}:*`)
  return ours(1, payloads['flat data'], (index) => `area:${index % count}:hit`, subscriptions)
}

function patternRows(): readonly BenchmarkRow[] {
  const few = distribution(patterns(10))
  return [100, 1000].map((count) => ({
    what: `message past ${count} patterns`,
    unit: 'ns' as const,
    ours: distribution(patterns(count)),
    reference: { name: '10 patterns', figures: few },
    aim: '≤ 1.5×',
  }))
}

export const benchmark: Benchmark = {
  name: 'bus',
  run(report) {
    for (const kind of ['flat data', 'nested data'] as const) {
      report(speed(1, kind, 500))
      report(speed(10, kind, 250))
    }
    for (const row of patternRows()) report(row)
  },
}
