import { expect, test } from 'vitest'
import type { BusLine, BusTraffic } from '../../../protocol/bus.ts'
import { frameNumber, timelineId } from '../../../protocol/values.ts'
import { addTraffic, edgeRates, formatRate, noTraffic, publisherRates, topicRates } from './bus-traffic.ts'

const line = (id: number): BusLine => ({
  id,
  topic: 'x',
  readers: [],
  moment: { timeline: timelineId(0), frame: frameNumber(id) },
  preview: String(id),
})
const batch = (traffic: Partial<BusTraffic>): BusTraffic => ({
  lines: [],
  leftOut: 0,
  topics: [],
  edges: [],
  publishers: [],
  seconds: 0.25,
  ...traffic,
})

test('lines are kept to the newest 300, and what was left out adds up', () => {
  let view = noTraffic
  for (let round = 0; round < 5; round++) {
    const lines = Array.from({ length: 100 }, (_, index) => line(round * 100 + index))
    view = addTraffic(view, batch({ lines, leftOut: 7 }))
  }
  expect(view.lines.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, index) => 200 + index))
  expect(view.leftOut).toBe(35)
})

test('rates are of the last two seconds', () => {
  let view = noTraffic
  for (let round = 0; round < 20; round++) {
    const isLate = round >= 12
    view = addTraffic(
      view,
      batch({
        topics: [
          { topic: 'b', count: 1 },
          { topic: 'a', count: isLate ? 10 : 100 },
        ],
        edges: [
          { to: 'tank', count: 1 },
          { from: 'tank', to: 'map', count: 2 },
        ],
        publishers: [{ count: 1 }, { from: 'tank', count: 3 }],
      }),
    )
  }
  expect(topicRates(view)).toEqual([
    { topic: 'a', perSecond: 40 },
    { topic: 'b', perSecond: 4 },
  ])
  expect(edgeRates(view, ['map', 'tank'])).toEqual([
    { from: 'tank', to: 'map', perSecond: 8 },
    { from: 'outside', to: 'tank', perSecond: 4 },
  ])
  expect([...publisherRates(view)]).toEqual([
    ['outside', 4],
    ['tank', 12],
  ])
})

test('nothing new is the same view; what a step sent is counted as of one frame', () => {
  expect(addTraffic(noTraffic, batch({ seconds: 0 }))).toBe(noTraffic)
  expect(topicRates(addTraffic(noTraffic, batch({ seconds: 0, topics: [{ topic: 'x', count: 1 }] })))).toEqual([
    { topic: 'x', perSecond: 60 },
  ])
})

test.each([
  [0, '0.0/s'],
  [4.26, '4.3/s'],
  [59.6, '60/s'],
  [123_456, '123\u00a0456/s'],
])('%d a second is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text)
})
