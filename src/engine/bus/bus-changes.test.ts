// The bus over changes of its modules, and its contents taken and put back.

import { describe, expect, test } from 'vitest'
import { Stage } from './testing-stage.ts'
import { StateHasher } from '../state-hash.ts'

describe('modules come, change and go', () => {
  test('queued messages stay through a change of subscriptions, and the new views read them', () => {
    const stage = new Stage({ a: [], b: ['x', 'y'] })
    for (const data of [1, 2, 3]) stage.publish('a', 'x', data)
    stage.publish('a', 'y', 9)
    stage.next()
    stage.set({ a: [], b: [{ topic: 'x', max: 1 }] })
    expect(stage.read('b')).toEqual([1, 9])
    stage.publish('a', 'y', 10)
    stage.next()
    expect(stage.read('b')).toEqual([2])
  })

  test('a changed subscription keeps the rhythm of its deliveries', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x', every: 1 }] })
    stage.publish('a', 'x', 1)
    stage.next()
    expect(stage.read('b')).toEqual([1])
    stage.set({ a: [], b: [{ topic: 'x', every: 1, max: 5 }] })
    stage.publish('a', 'x', 2)
    stage.next()
    expect(stage.read('b')).toEqual([])
  })

  test('what a module published before it went is still delivered', () => {
    const stage = new Stage({ a: [], b: ['x'], c: [] })
    stage.publish('c', 'x', 'stays')
    stage.publish('a', 'x', 'goes')
    stage.set({ b: ['x'], c: [] })
    stage.next()
    expect(stage.read('b')).toEqual(['goes', 'stays'])
    expect(() => stage.bus.port('a')).toThrow(/no module "a"/)
  })

  test('a module that comes back starts empty', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    stage.publish('a', 'x', 1)
    stage.bus.port('b').after(0, 't', 1)
    stage.next()
    stage.set({ a: [] })
    stage.set({ a: [], b: ['x'] })
    stage.next()
    expect(stage.read('b')).toEqual([])
  })

  test('a port stays the same through changes', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    const port = stage.bus.port('b')
    stage.set({ b: ['y'], a: [] })
    expect(stage.bus.port('b')).toBe(port)
  })

  test('under a new name, queue, timers and what is on its way come along', () => {
    const stage = new Stage({ a: ['x'], b: [] })
    stage.publish('b', 'x', 1)
    stage.next()
    stage.bus.port('a').after(0, 't', 2)
    stage.publish('a', 'x', 3)
    stage.bus.renameModule('a', 'z')
    stage.set({ z: ['x'], b: [] })
    stage.next()
    expect(stage.read('z')).toEqual([1, 3, 2])
  })

  test('a bad subscription changes nothing', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    for (const bad of ['x*', { topic: 'x', every: -1 }, { topic: 'x', max: 0 }, { topic: '**:x' }]) {
      expect(() => stage.set({ c: ['y'], b: [bad] })).toThrow(/subscribe of b: /)
    }
    expect(stage.bus.queues().map(({ name, subscriptions }) => [name, subscriptions])).toEqual([
      ['a', []],
      ['b', ['x']],
    ])
  })
})

describe('contents of the bus', () => {
  const busy = (): Stage => {
    const stage = new Stage({ a: [], b: ['x', { topic: 'y', every: 0.1 }] }, { limit: 4 })
    for (let frame = 0; frame < 7; frame++) {
      stage.next()
      stage.publish('a', 'x', { frame })
      stage.publish('a', 'y', [frame])
      if (frame === 3) stage.read('b', 'y')
    }
    stage.bus.port('b').after(0.05, 't', 'timer')
    stage.bus.publishOutside('x', 'outside')
    return stage
  }
  const hashOf = (value: unknown): string => {
    const hasher = new StateHasher()
    hasher.add(value)
    return hasher.digest()
  }

  test('[FL5] are equal for equal histories and differ by a message read', () => {
    expect(hashOf(busy().bus.contents())).toBe(hashOf(busy().bus.contents()))
    const other = busy()
    other.read('b', 'x')
    expect(hashOf(other.bus.contents())).not.toBe(hashOf(busy().bus.contents()))
  })

  test('put back, the bus goes on as it did', () => {
    const stage = busy()
    const contents = stage.bus.contents()
    const goOn = (): unknown[] => {
      const read: unknown[] = []
      stage.frame = contents.frame
      for (let count = 0; count < 8; count++) {
        stage.next()
        read.push(stage.bus.port('b').messages())
        stage.publish('a', 'y', count)
      }
      return [...read, hashOf(stage.bus.contents())]
    }
    const first = goOn()
    stage.bus.restore(contents)
    expect(hashOf(stage.bus.contents())).toBe(hashOf(contents))
    expect(goOn()).toEqual(first)
  })

  test('after clear() they are those of a new bus', () => {
    const stage = busy()
    stage.bus.clear()
    const fresh = new Stage({ a: [], b: ['x', { topic: 'y', every: 0.1 }] }, { limit: 4 })
    expect(stage.bus.contents()).toEqual(fresh.bus.contents())
    expect(stage.bus.queues()).toEqual(fresh.bus.queues())
  })
})
