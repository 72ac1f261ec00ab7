import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientQueues } from './client-queues.ts'

test('[MB5] whatever comes, enters, is refused and changes hands: each message is waiting, entered or dropped, in order', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      client: fc.constantFrom('a', 'b'),
      count: fc.integer({ min: 1, max: 400 }),
    }),
    fc.record({ kind: fc.constant('hand' as const) }),
    fc.record({ kind: fc.constant('enter' as const), count: fc.integer({ min: 1, max: 150 }) }),
    fc.record({ kind: fc.constant('refuse' as const) }),
    fc.record({ kind: fc.constant('lost' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const queues = new ClientQueues()
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
          expect(info.waiting).toBeLessThanOrEqual(1100)
        }
      }
      for (const numbers of Object.values(entered))
        expect(numbers).toEqual([...new Set(numbers)].toSorted((left, right) => left - right))
    }),
  )
})

test('[MB5] of a closed socket nothing waits', () => {
  const queues = new ClientQueues()
  queues.add({ socket: 's', client: 'a', topic: 't', data: 1 })
  queues.add({ socket: 'other', client: 'a', topic: 't', data: 2 })
  queues.next()
  queues.forget('s')
  queues.handAgain()
  expect(queues.next().map(({ data }) => data)).toEqual([2])
  expect(queues.clientsOf('s')).toEqual([])
})

test('[MB5] clients without number do not pile up: those that wait for nothing are forgotten', () => {
  const queues = new ClientQueues()
  for (let index = 0; index < 3000; index++) {
    queues.add({ socket: 's', client: `player-${index}`, topic: 't', data: index })
    for (const { sequence } of queues.next()) queues.entered(sequence)
  }
  expect(queues.clientsOf('s')).toHaveLength(1000)
})
