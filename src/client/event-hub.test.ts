// Who is told what, and when.

import { expect, it } from 'vitest'
import { EventHub } from './event-hub.ts'

type TestEvent =
  | { readonly type: 'now'; readonly key: string; readonly value: number }
  | { readonly type: 'once'; readonly value: number }
const createHub = () => new EventHub<TestEvent>((event) => (event.type === 'now' ? event.key : undefined))

it('[LK2] a late subscriber gets the present first, of every key, and never what is over', () => {
  const hub = createHub()
  hub.emit({ type: 'now', key: 'a', value: 1 })
  hub.emit({ type: 'now', key: 'a', value: 2 })
  hub.emit({ type: 'now', key: 'b', value: 3 })
  hub.emit({ type: 'once', value: 4 })
  const told: number[] = []
  hub.on('now', ({ value }) => told.push(value))
  hub.on('once', ({ value }) => told.push(value))
  hub.emit({ type: 'once', value: 5 })
  expect(told).toEqual([2, 3, 5])
  hub.forget('now', 'a')
  const later: number[] = []
  hub.on('now', ({ value }) => later.push(value))
  expect(later).toEqual([3])
  expect(hub.keys('now')).toEqual(['b'])
})

it('one who stopped listening is told nothing more', () => {
  const hub = createHub()
  const told: number[] = []
  const off = hub.on('once', ({ value }) => told.push(value))
  hub.emit({ type: 'once', value: 1 })
  off()
  hub.emit({ type: 'once', value: 2 })
  expect(told).toEqual([1])
})
