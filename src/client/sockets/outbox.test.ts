import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Arrivals, Departures } from './arrivals.ts'
import { Outbox } from './outbox.ts'

test('[MB5] over a line that breaks at any time every message arrives once, in order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('flow' as const), arriving: fc.nat(8) }),
    fc.record({ kind: fc.constant('break' as const), arriving: fc.nat(8) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const outbox = new Outbox<{ readonly data: number; readonly numbers: ReturnType<Departures['next']> }>()
      const departures = new Departures('here')
      const arrivals = new Arrivals()
      const arrived: number[] = []
      let wire: ReturnType<typeof outbox.take>[number][] = []
      let sent = 0
      const arrive = (count: number): void => {
        for (const { data, numbers } of wire.splice(0, count)) {
          const lost = arrivals.take('t', numbers)
          if (lost === 'twice') continue
          expect(lost).toBe(0)
          arrived.push(data)
        }
      }
      const put = (): void => void wire.push(...outbox.take())
      for (const action of [...steps, { kind: 'flow' as const, arriving: Infinity }]) {
        if (action.kind === 'send') {
          for (let count = 0; count < action.count; count++) {
            outbox.add({ data: sent++, numbers: departures.next('t') })
          }
          put()
          continue
        }
        arrive(action.arriving)
        if (action.kind === 'break') {
          // What was on the wire is gone, and nobody knows how much of it arrived before.
          wire = []
          outbox.sendAgain()
          put()
        } else if (wire.length === 0) outbox.confirm(outbox.underWay)
      }
      expect(arrived).toEqual(Array.from({ length: sent }, (_, index) => index))
      expect([outbox.queued, outbox.sent, outbox.dropped]).toEqual([0, sent, 0])
    }),
  )
})

test('[MB5] beyond 5 000 the oldest are given up, and counted', () => {
  const outbox = new Outbox<number>()
  for (let index = 0; index < 5010; index++) outbox.add(index)
  expect([outbox.queued, outbox.dropped]).toEqual([5000, 10])
  expect(outbox.take()[0]).toBe(10)
  outbox.add(5010)
  expect(outbox.underWay).toBe(4999)
  expect(outbox.take()).toEqual([5010])
})

test('[MB5] what another end sent and never came is counted by topic', () => {
  const arrivals = new Arrivals()
  const numbers = (sequence: number, ofTopic: number) => ({ from: 'x', sequence, ofTopic })
  expect(arrivals.take('t', numbers(1, 1))).toBe(0)
  expect(arrivals.take('u', numbers(4, 1))).toBe(0)
  expect(arrivals.take('t', numbers(6, 5))).toBe(3)
  expect(arrivals.take('t', numbers(6, 5))).toBe('twice')
  expect(arrivals.take('t', numbers(7, 6))).toBe(0)
})
