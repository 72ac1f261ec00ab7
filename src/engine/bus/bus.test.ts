import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from '../../protocol/module.ts'
import { fps, Stage } from './testing-stage.ts'

describe('[MB1] a message published in frame N', () => {
  test('is read from frame N + 1 on, with topic, sender and frame', () => {
    const stage = new Stage({ a: [], b: ['tank:*'] })
    stage.next()
    stage.publish('a', 'tank:hit', { by: 3 })
    expect(stage.read('b')).toEqual([])
    stage.next()
    const expected: Message[] = [{ topic: 'tank:hit', data: { by: 3 }, from: 'a', frame: 1 }]
    expect(stage.bus.port('b').messages()).toEqual(expected)
    expect(stage.read('b')).toEqual([])
  })

  test('waits until it is read', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    stage.publish('a', 'x', 1)
    stage.next(100)
    expect(stage.read('b')).toEqual([1])
  })

  test('comes in module order, then in publish order, whichever module ran first', () => {
    const stage = new Stage({ a: [], b: [], c: ['**'] })
    stage.next()
    stage.publish('b', 'x', 'b1')
    stage.publish('a', 'x', 'a1')
    stage.publish('b', 'x', 'b2')
    stage.publish('a', 'y', 'a2')
    stage.bus.publishOutside('x', 'outside')
    stage.next()
    expect(stage.read('c')).toEqual(['a1', 'a2', 'b1', 'b2', 'outside'])
  })

  test('the run order never shows', () => {
    const names = ['a', 'b', 'c']
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('x', 'y:1', 'y:2')), { maxLength: 6 }), {
          maxLength: 5,
        }),
        fc.array(fc.shuffledSubarray(names, { minLength: 3 }), { minLength: 5, maxLength: 5 }),
        (frames, orders) => {
          const run = (orderOf: (frame: number) => readonly string[]): unknown => {
            const stage = new Stage({ a: ['y:*'], b: ['**'], c: ['x', 'y:1'] })
            const received: unknown[] = []
            for (const [frame, messages] of frames.entries()) {
              stage.next()
              const read: Record<string, unknown> = {}
              for (const name of orderOf(frame)) {
                read[name] = stage.bus.port(name).messages()
                for (const [index, [from, topic]] of messages.entries()) {
                  if (from === name) stage.publish(name, topic, index)
                }
              }
              received.push(names.map((name) => read[name]))
            }
            return received
          }
          expect(run((frame) => orders[frame] ?? names)).toEqual(run(() => names))
        },
      ),
    )
  })

  test('from outside has no sender', () => {
    const stage = new Stage({ b: ['x'] })
    stage.next(3)
    stage.bus.publishOutside('x', 1)
    stage.next()
    expect(stage.bus.port('b').messages()).toEqual([{ topic: 'x', data: 1, frame: 3 }])
  })

  test('can be read by its own sender, if subscribed', () => {
    const stage = new Stage({ a: ['x'] })
    stage.publish('a', 'x', 1)
    stage.next()
    expect(stage.read('a')).toEqual([1])
  })

  test('is told of when it is delivered, subscribed or not', () => {
    const seen: string[] = []
    const stage = new Stage({ a: [], b: ['x'] }, { onDelivered: (message) => seen.push(message.topic) })
    stage.publish('a', 'x')
    stage.publish('a', 'nobody:listens')
    expect(seen).toEqual([])
    stage.next()
    expect(seen).toEqual(['x', 'nobody:listens'])
  })
})

describe('[MB2] a queue', () => {
  test('gives one topic and keeps the rest in order', () => {
    const stage = new Stage({ a: [], b: ['**'] })
    for (const [topic, data] of [
      ['x', 1],
      ['y', 2],
      ['x', 3],
      ['z', 4],
    ] as const)
      stage.publish('a', topic, data)
    stage.next()
    expect(stage.read('b', 'x')).toEqual([1, 3])
    stage.next()
    stage.publish('a', 'x', 5)
    expect(stage.read('b', 'y')).toEqual([2])
    expect(stage.read('b')).toEqual([4])
    stage.next()
    expect(stage.read('b')).toEqual([5])
  })

  test('drops its oldest beyond the limit, counted', () => {
    const stage = new Stage({ a: [], b: ['x'] }, { limit: 3 })
    for (let index = 0; index < 5; index++) stage.publish('a', 'x', index)
    stage.next()
    stage.publish('a', 'x', 5)
    stage.next()
    expect(stage.bus.queues()[1]).toMatchObject({ name: 'b', subscriptions: ['x'], queued: 3, limit: 3, dropped: 3 })
    expect(stage.read('b')).toEqual([3, 4, 5])
    stage.next()
    expect(stage.bus.queues()[1]).toMatchObject({ queued: 0, dropped: 3 })
  })

  test('has a limit of 10 000 by default', () => {
    expect(new Stage({ a: [] }).bus.queues()[0]?.limit).toBe(10_000)
  })
})

describe('[MB3] views', () => {
  test('`every` gives a batch per so many seconds of engine time', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x', every: 0.5 }] })
    const batches: [number, unknown[]][] = []
    for (let frame = 1; frame <= 70; frame++) {
      stage.next()
      const batch = stage.read('b')
      if (batch.length > 0) batches.push([stage.frame, batch])
      if (frame % 20 === 1) stage.publish('a', 'x', frame)
    }
    // Frames 2, 32 and 62 are half a second apart.
    expect(batches).toEqual([
      [2, [1]],
      [32, [21]],
      [62, [41, 61]],
    ])
  })

  test('two readings in one frame are parts of one delivery', () => {
    const stage = new Stage({ a: [], b: [{ topic: '**', every: 1 }] })
    stage.publish('a', 'x', 1)
    stage.publish('a', 'y', 2)
    stage.next()
    expect(stage.read('b', 'x')).toEqual([1])
    expect(stage.read('b', 'y')).toEqual([2])
  })

  test('`latest` gives the newest per topic, the others are gone', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'p:*', latest: true }, 'q'] })
    for (const [topic, data] of [
      ['p:1', 1],
      ['p:2', 2],
      ['q', 3],
      ['p:1', 4],
      ['q', 5],
    ] as const)
      stage.publish('a', topic, data)
    stage.next()
    expect(stage.read('b')).toEqual([2, 3, 4, 5])
    expect(stage.bus.queues()[1]?.queued).toBe(0)
  })

  test('`max` gives so many per reading, the rest stays', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x', max: 2 }] })
    for (let index = 0; index < 5; index++) stage.publish('a', 'x', index)
    stage.next()
    expect(stage.read('b')).toEqual([0, 1])
    expect(stage.read('b')).toEqual([2, 3])
    stage.next()
    expect(stage.read('b')).toEqual([4])
  })

  test('`every` with `latest`: the newest of the batch', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x', every: 1, latest: true }] })
    for (let frame = 1; frame <= 61; frame++) {
      stage.publish('a', 'x', frame)
      stage.next()
      const got = stage.read('b')
      expect(got).toEqual(frame === 1 ? [1] : frame === 61 ? [61] : [])
    }
  })

  test('a message is delivered once, by the first subscription that matches', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x:*', max: 1 }, 'x:1', '**'] })
    stage.publish('a', 'x:1', 1)
    stage.publish('a', 'x:2', 2)
    stage.publish('a', 'y', 3)
    stage.next()
    expect(stage.read('b')).toEqual([1, 3])
    expect(stage.read('b')).toEqual([2])
  })
})

describe('[MB4] data', () => {
  test('is copied at publishing and for each reader', () => {
    const stage = new Stage({ a: [], b: ['x'], c: ['x'] })
    const data = { list: [1], flat: 1 }
    stage.publish('a', 'x', data)
    data.list.push(2)
    stage.next()
    const [first] = stage.bus.port('b').messages()
    Object.assign(Object(first?.data), { flat: 99 })
    expect(stage.read('c')).toEqual([{ list: [1], flat: 1 }])
  })

  test('that state may not hold is refused where it is published', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    expect(() => stage.publish('a', 'x', { f: () => 1 })).toThrow(/^data\.f is a function/)
    expect(() => stage.publish('a', 'tank:*', 1)).toThrow(/wildcards/)
    expect(() => stage.bus.publishOutside('', 1)).toThrow(/must not be empty/)
    stage.next()
    expect(stage.read('b')).toEqual([])
  })
})

describe('after(): a message to oneself', () => {
  test('comes at the first frame of its time, needs no subscription, and nobody else sees it', () => {
    const stage = new Stage({ a: [], b: ['**'] })
    stage.next()
    stage.bus.port('a').after(0.5, 'reload', { shells: 3 })
    for (let frame = 2; frame < 31; frame++) {
      stage.next()
      expect(stage.read('a')).toEqual([])
    }
    stage.next()
    expect(stage.bus.port('a').messages()).toEqual([{ topic: 'reload', data: { shells: 3 }, from: 'a', frame: 1 }])
    expect(stage.read('b')).toEqual([])
  })

  test('comes in order of time, then of asking, after what others sent; 0 seconds is the next frame', () => {
    const stage = new Stage({ a: ['x'], b: [] })
    stage.next()
    const { after } = stage.bus.port('a')
    after(2 / fps, 't', 'second')
    after(0, 't', 'first')
    after(2 / fps, 't', 'third')
    stage.publish('b', 'x', 'other')
    stage.next()
    expect(stage.read('a')).toEqual(['other', 'first'])
    stage.next()
    expect(stage.read('a')).toEqual(['second', 'third'])
  })

  test('is not held back by a view on the same topic', () => {
    const stage = new Stage({ a: [{ topic: 't', every: 10, latest: true }] })
    stage.publish('a', 't', 1)
    stage.next()
    expect(stage.read('a')).toEqual([1])
    stage.bus.port('a').after(0, 't', 2)
    stage.bus.port('a').after(0, 't', 3)
    stage.next()
    expect(stage.read('a')).toEqual([2, 3])
  })

  test('refuses times that are none', () => {
    const { after } = new Stage({ a: [] }).bus.port('a')
    expect(() => after(-1, 't', 0)).toThrow(/0 or more/)
    expect(() => after(NaN, 't', 0)).toThrow(/0 or more/)
    expect(() => after(1, 't:**', 0)).toThrow(/wildcards/)
  })
})

describe('[FL8] a module that throws', () => {
  test('has published nothing, asked nothing and read nothing in that frame', () => {
    const stage = new Stage({ a: [], b: ['x', { topic: 'y', every: 1 }] })
    stage.next()
    stage.bus.port('b').after(2 / fps, 'own', 'before')
    stage.publish('a', 'x', 1)
    stage.publish('a', 'y', 2)
    stage.next()
    expect(stage.read('b')).toEqual([1, 2])
    stage.publish('b', 'x', 'lost')
    stage.bus.port('b').after(0, 'own', 'lost')
    stage.bus.port('b').rollback()
    expect(stage.bus.queues()[1]?.queued).toBe(2)
    stage.next()
    expect(stage.read('b')).toEqual([1, 2, 'before'])
  })

  test('does not undo the frame before', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    stage.publish('a', 'x', 1)
    stage.next()
    stage.read('b')
    stage.publish('b', 'x', 'kept')
    stage.next()
    stage.bus.port('b').rollback()
    expect(stage.read('b')).toEqual(['kept'])
  })
})
