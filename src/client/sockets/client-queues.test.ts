import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientQueues } from './client-queues.ts'

test('[MB5] whatever comes, enters, is refused and changes hands: each message is waiting, entered or dropped, in order', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      client: fc.constantFrom('a', 'b'),
      count: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant(9000)),
    }),
    fc.record({ kind: fc.constant('hand' as const) }),
    fc.record({ kind: fc.constant('enter' as const), count: fc.integer({ min: 1, max: 150 }) }),
    fc.record({ kind: fc.constant('refuse' as const) }),
    fc.record({ kind: fc.constant('lost' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const queues = new ClientQueues(() => undefined)
      const added = { a: 0, b: 0 }
      const entered: Record<string, number[]> = { a: [], b: [] }
      let inHand: { readonly sequence: number; readonly client: string; readonly data: unknown }[] = []
      for (const action of steps) {
        if (action.kind === 'add') {
          const client = action.client === 'a' ? 'a' : 'b'
          for (let count = 0; count < action.count; count++)
            queues.add({ socket: 's', client, topic: 't', data: added[client]++ })
        } else if (action.kind === 'hand') inHand.push(...queues.next())
        else if (action.kind === 'enter') {
          for (const { sequence, client, data } of inHand.splice(0, action.count)) {
            queues.entered(sequence)
            entered[client]?.push(Number(data))
          }
        } else if (action.kind === 'refuse') {
          const refused = inHand.shift()
          if (refused !== undefined) queues.refused(refused.sequence)
        } else {
          queues.handAgain()
          inHand = []
        }
        for (const info of queues.clientsOf('s')) {
          const client = info.client === 'a' ? 'a' : 'b'
          expect(info.waiting + info.entered + info.dropped).toBe(added[client])
          expect(info.waiting).toBeLessThanOrEqual(10_300)
        }
      }
      for (const numbers of Object.values(entered))
        expect(numbers).toEqual([...new Set(numbers)].toSorted((left, right) => left - right))
    }),
  )
})

test('[MB5] who sends more than frames take is told of at 80 %, when messages are dropped, and once few wait again', () => {
  const told: string[] = []
  const queues = new ClientQueues(({ client, pace, waiting, dropped }) =>
    told.push(`${client} ${pace} ${waiting} ${dropped}`),
  )
  const add = (count: number): void => {
    for (let index = 0; index < count; index++) queues.add({ socket: 's', client: 'a', topic: 't', data: index })
  }
  queues.add({ socket: 's', client: 'quiet', topic: 't', data: 0 })
  add(7999)
  expect(told).toEqual([])
  add(1)
  expect(told).toEqual(['a late 8000 0'])
  add(2500)
  expect(told.slice(1)).toEqual(['a dropping 10000 1'])
  expect(queues.slowestOf('s')).toMatchObject({ client: 'a', pace: 'dropping', waiting: 10_000, dropped: 500 })
  expect(queues.slowestOf('other')).toBeUndefined()
  const enter = (): void => {
    for (const { sequence } of queues.next()) queues.entered(sequence)
  }
  for (let round = 0; round < 13; round++) enter()
  expect(told).toHaveLength(2)
  enter()
  expect(told.slice(2)).toEqual(['a fine 6099 500'])
  expect(queues.slowestOf('s')).toBeUndefined()
  add(3000)
  expect(told.slice(3)).toEqual(['a late 8000 500'])
})

test('[MB5] of a closed socket nothing waits', () => {
  const queues = new ClientQueues(() => undefined)
  queues.add({ socket: 's', client: 'a', topic: 't', data: 1 })
  queues.add({ socket: 'other', client: 'a', topic: 't', data: 2 })
  queues.next()
  queues.forget('s')
  queues.handAgain()
  expect(queues.next().map(({ data }) => data)).toEqual([2])
  expect(queues.clientsOf('s')).toEqual([])
})

test('[MB5] clients without number do not pile up: those that wait for nothing are forgotten', () => {
  const queues = new ClientQueues(() => undefined)
  for (let index = 0; index < 3000; index++) {
    queues.add({ socket: 's', client: `player-${index}`, topic: 't', data: index })
    for (const { sequence } of queues.next()) queues.entered(sequence)
  }
  expect(queues.clientsOf('s')).toHaveLength(1000)
})
