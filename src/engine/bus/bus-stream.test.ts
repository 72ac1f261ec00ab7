// What a watcher sees of the bus, and that it is bounded.

import { describe, expect, test } from 'vitest'
import { timelineId, frameNumber } from '../../protocol/values.ts'
import { BusStream } from './bus-stream.ts'
import { Stage } from './testing-stage.ts'

class Watched {
  now = 0
  line = 1
  readonly stream: BusStream = new BusStream({
    now: () => this.now,
    moment: () => ({ timeline: timelineId(0), frame: frameNumber(this.stage.frame) }),
    time: () => this.stage.frame / 60,
    callSite: () => ({ file: 'a.ts', line: this.line, column: 1 }),
  })
  readonly stage = new Stage({ a: [], b: ['tank:**'], c: ['tank:hit', 'score'] }, { tap: () => this.stream.tap() })

  constructor() {
    this.stream.ask({})
    this.stage.next()
  }
}

describe('[MB2] who watches the bus', () => {
  test('sees each message with sender, readers, moment, data and the line that published it', () => {
    const { stage, stream } = new Watched()
    stage.publish('a', 'tank:hit', { by: 3 })
    stage.bus.publishOutside('score', [1, 2])
    stage.bus.port('c').after(0, 'soon', undefined)
    stage.next()
    expect(stream.ask({})).toEqual({
      lines: [
        {
          id: 1,
          topic: 'tank:hit',
          from: 'a',
          readers: ['b', 'c'],
          moment: { timeline: 0, frame: 2 },
          preview: '{ by: 3 }',
          position: { file: 'a.ts', line: 1, column: 1 },
        },
        { id: 2, topic: 'score', readers: ['c'], moment: { timeline: 0, frame: 2 }, preview: '[1, 2]' },
        { id: 3, topic: 'soon', from: 'c', readers: ['c'], moment: { timeline: 0, frame: 2 }, preview: 'undefined' },
      ],
      leftOut: 0,
      topics: [
        { topic: 'tank:hit', count: 1 },
        { topic: 'score', count: 1 },
        { topic: 'soon', count: 1 },
      ],
      publishers: [{ from: 'a', count: 1 }, { count: 1 }, { from: 'c', count: 1 }],
      edges: [
        { from: 'a', to: 'b', count: 1 },
        { from: 'a', to: 'c', count: 1 },
        { to: 'c', count: 1 },
        { from: 'c', to: 'c', count: 1 },
      ],
      seconds: 2 / 60,
    })
    expect(stream.ask({})).toMatchObject({ lines: [], topics: [], edges: [] })
    expect(stream.dataOf(1)).toBe('{ by: 3 }')
    expect(stream.dataOf(4)).toBeUndefined()
  })

  test.each([
    [{ topic: 'tank:*' }, ['tank:hit', 'tank:hit']],
    [{ module: 'a' }, ['tank:hit', 'score', 'tank:hit']],
    [{ module: 'c' }, ['tank:hit', 'score', 'tank:hit', 'score']],
    [{ text: 'RED' }, ['tank:hit']],
    [{ text: 'score' }, ['score', 'score']],
    [{ topic: 'score', module: 'a', text: '7' }, ['score']],
    [{ topic: 'nothing' }, []],
  ])('with %j sees what that lets through; counts are of all', (filter, topics) => {
    const { stage, stream } = new Watched()
    stream.ask(filter)
    stage.next()
    stage.publish('a', 'tank:hit', { colour: 'red' })
    stage.publish('a', 'score', 7)
    stage.publish('a', 'tank:hit', { colour: 'blue' })
    stage.bus.publishOutside('score', 8)
    stage.next()
    const traffic = stream.ask(filter)
    expect(traffic.lines.map(({ topic }) => topic)).toEqual(topics)
    expect(traffic.topics).toEqual([
      { topic: 'tank:hit', count: 2 },
      { topic: 'score', count: 2 },
    ])
  })

  test('is refused a bad pattern, and goes on with the filter it had', () => {
    const { stage, stream } = new Watched()
    expect(() => stream.ask({ topic: '**:x' })).toThrow(/before its end/)
    stage.publish('a', 'x')
    stage.next()
    expect(stream.ask({}).lines).toHaveLength(1)
  })

  test('gets the newest 100 lines of a flood, and is told how many there were besides', () => {
    const { stage, stream } = new Watched()
    for (let index = 0; index < 12_345; index++) stage.publish('a', `tank:${index}`, index)
    stage.next()
    const traffic = stream.ask({})
    expect(traffic.lines.map(({ preview }) => preview)).toEqual(
      Array.from({ length: 100 }, (_, index) => String(12_245 + index)),
    )
    expect(traffic.leftOut).toBe(12_245)
    expect(traffic.topics).toHaveLength(100)
    // Only the first of a frame cost a look at the stack.
    expect(traffic.lines.some(({ position }) => position !== undefined)).toBe(false)
    stream.ask({ text: '1' })
    for (let index = 0; index < 5000; index++) stage.publish('a', 'x', index)
    stage.next()
    const found = stream.ask({ text: '1' })
    expect(found.lines).toHaveLength(100)
    expect(found.leftOut).toBeGreaterThanOrEqual(4000)
  })

  test('who stops asking is shown nothing and costs nothing', () => {
    const { stage, stream } = new Watched()
    const watched = new Watched()
    watched.now = 2001
    watched.stage.publish('a', 'tank:hit', 1)
    watched.stage.next()
    expect(watched.stream.tap()).toBeUndefined()
    expect(watched.stream.ask({}).lines).toEqual([])
    expect(stream.tap()).toBe(stream)
    stage.next()
  })
})
