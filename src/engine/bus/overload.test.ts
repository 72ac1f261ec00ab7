// More messages than are read: what is lost is counted, the others do not feel it, and who is to know is told.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Subscription } from '../../protocol/module.ts'
import { TestEngine, type TestModule } from '../testing-host.ts'
import { Mailbox } from './mailbox.ts'
import { PayloadCopies } from './payload-copies.ts'
import { subscriptionView } from './subscription-view.ts'
import { fps, Stage } from './testing-stage.ts'

const flood = 50_000

interface Context {
  readonly frame: number
  readonly publish: (topic: string, data: unknown) => void
  readonly messages: () => unknown
}

function module(process: (context: Context) => void, subscribe: readonly Subscription[] = []): TestModule {
  return { definition: { init: () => ({}), process, subscribe } }
}

describe('[MB2] overload', () => {
  test('50 000 messages a frame to a module that reads 100: bounded, drops counted exactly, the newest stay', () => {
    const stage = new Stage({ a: [], b: [{ topic: 'x', max: 100 }], c: ['y'] })
    let published = 0
    let read = 0
    for (let frame = 0; frame < 20; frame++) {
      stage.next()
      const got = stage.read('b')
      expect(got).toHaveLength(frame === 0 ? 0 : 100)
      read += got.length
      // What other modules send arrives, every frame.
      expect(stage.read('c')).toEqual(frame === 0 ? [] : [frame - 1])
      for (let index = 0; index < flood; index++) stage.publish('a', 'x', published++)
      stage.publish('a', 'y', frame)
      const queue = stage.bus.queues()[1]
      expect(queue?.queued).toBe(frame === 0 ? 0 : 9900)
      // All but the newest frame's have been delivered.
      expect((queue?.dropped ?? 0) + (queue?.queued ?? 0) + read).toBe(published - flood)
    }
    stage.next()
    expect(stage.bus.contents().modules[1]?.mailbox.messages).toHaveLength(10_000)
    expect(stage.read('b')[0]).toBe(published - 10_000)
  })

  test('a module that publishes without end is stopped by an error, and the frame takes it back', () => {
    const stage = new Stage({ a: [], b: ['x'] })
    stage.next()
    const { publish } = stage.bus.port('a')
    for (let index = 0; index < 100_000; index++) publish('x', index)
    expect(() => publish('x', 0)).toThrow(
      'publish("x"): a published 100000 messages in this frame, which is the most it may.',
    )
    stage.bus.port('a').rollback()
    stage.next()
    expect(stage.read('b')).toEqual([])
  })
})

describe('[MB2] health of a queue', () => {
  test('tells how many messages came in a second, and whether some are being dropped', () => {
    const stage = new Stage({ a: [], b: ['x'] }, { limit: 100 })
    const queue = () => stage.bus.queues()[1]
    for (let frame = 0; frame < 125; frame++) {
      stage.publish('a', 'x', frame)
      stage.publish('a', 'x', frame)
      stage.next()
      stage.read('b')
    }
    expect(queue()).toMatchObject({ queued: 0, dropping: false, dropped: 0 })
    expect(queue()?.rate).toBeCloseTo(120, 5)
    for (let index = 0; index < 130; index++) stage.publish('a', 'x', index)
    stage.next()
    expect(queue()).toMatchObject({ queued: 100, dropping: true, dropped: 30 })
    stage.next(120)
    expect(queue()).toMatchObject({ queued: 100, dropping: false, dropped: 30, rate: 0 })
  })

  test('from 80 % on is a problem and one line of the log; dropping is told of once more; both go when it is read', async () => {
    const lab = new TestEngine()
    await lab.run({
      a: module(({ frame, publish }) => {
        for (let index = 0; index < (frame <= 60 ? 200 : 0); index++) publish('x', index)
      }),
      b: module(({ frame, messages }) => void (frame > 90 ? messages() : undefined), ['x']),
    })
    const told = async (): Promise<unknown> => ({
      problems: lab.core.problems.list().map(({ id, severity }) => [id, severity]),
      log: await lab.execute('logs', { module: 'b' }),
    })
    await lab.execute('step', 30)
    expect(await told()).toEqual({ problems: [], log: [] })
    await lab.execute('step', 30)
    const once = [{ level: 'error', count: 1, text: expect.stringMatching(/^b reads too slowly: its queue is full/) }]
    expect(await told()).toMatchObject({ problems: [['queue:b', 'error']], log: once })
    await lab.execute('step', 90)
    expect(await told()).toMatchObject({ problems: [], log: once })
  })

  test('a failed module’s queue keeps filling to its limit', async () => {
    const lab = new TestEngine()
    await lab.run({
      a: module(({ publish }) => {
        for (let index = 0; index < 1000; index++) publish('x', index)
      }),
      b: module(() => {
        throw new Error('no')
      }, ['x']),
    })
    await lab.execute('step', 16)
    expect(lab.core.program.module('b')?.isParked).toBe(true)
    expect(await lab.execute('bus')).toMatchObject({ modules: [{}, { queued: 10_000, dropped: 5000, dropping: true }] })
  })
})

/** A queue as the rules say it, with nothing clever in it. */
class PlainQueue {
  #messages: { readonly topic: string; readonly data: number; isTaken: boolean }[] = []
  dropped = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  begin(arrived: readonly (readonly [string, number])[]): void {
    this.#messages = this.#messages.filter(({ isTaken }) => !isTaken)
    for (const [topic, data] of arrived) this.#messages.push({ topic, data, isTaken: false })
    const excess = Math.max(0, this.#messages.length - this.#limit)
    this.#messages.splice(0, excess)
    this.dropped += excess
  }

  read(topic: string | undefined, max: number): number[] {
    const left = this.#messages.filter((message) => !message.isTaken && (topic ?? message.topic) === message.topic)
    return left.slice(0, max).map((message) => {
      message.isTaken = true
      return message.data
    })
  }

  rollback(): void {
    for (const message of this.#messages) message.isTaken = false
  }
}

test('[MB2] a queue does what the rules say, whatever is written, read and given back', () => {
  const topic = fc.constantFrom('x', 'y')
  const action = fc.oneof(
    fc.record({ kind: fc.constant('read' as const), topic: fc.option(topic, { nil: undefined }) }),
    fc.record({ kind: fc.constant('rollback' as const) }),
  )
  const frame = fc.record({ published: fc.array(topic, { maxLength: 9 }), actions: fc.array(action, { maxLength: 4 }) })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.option(fc.constant(2), { nil: Infinity }), (story, max) => {
      const view: Subscription = max === Infinity ? '**' : { topic: '**', max }
      const stage = new Stage({ a: [], b: [view] }, { limit: 6 })
      const plain = new PlainQueue(6)
      let arriving: (readonly [string, number])[] = []
      let count = 0
      for (const { published, actions } of story) {
        stage.next()
        plain.begin(arriving)
        for (const step of actions) {
          if (step.kind === 'read') expect(stage.read('b', step.topic)).toEqual(plain.read(step.topic, max))
          else {
            stage.bus.port('b').rollback()
            plain.rollback()
          }
        }
        arriving = published.map((name) => [name, count++])
        for (const [name, data] of arriving) stage.publish('a', name, data)
        expect(stage.bus.queues()[1]?.dropped).toBe(plain.dropped)
      }
    }),
  )
})

test('[MB2] a mailbox elsewhere that is told of arrivals alone holds the same, whatever is read, given back and dropped', () => {
  const topic = fc.constantFrom('x', 'y', 'z')
  const frame = fc.record({
    published: fc.array(topic, { maxLength: 9 }),
    reads: fc.array(fc.option(topic, { nil: undefined }), { maxLength: 3 }),
    end: fc.constantFrom('mirrored', 'mirrored', 'mirrored', 'given back', 'not called'),
  })
  const subscriptions: readonly Subscription[] = [
    { topic: 'x', max: 2 },
    { topic: 'y', every: 0.05, latest: true },
    'z',
  ]
  let arrivalsTold = 0
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 15 }), (story) => {
      const stage = new Stage({ a: [], b: subscriptions }, { limit: 12 })
      const there = new Mailbox(Infinity, new PayloadCopies({ root: 'data' }))
      there.setViews(subscriptions.map((subscription) => subscriptionView('b', subscription)))
      const { mailbox, after } = stage.bus.port('b')
      let isMirrored = false
      let count = 0
      for (const { published, reads, end } of story) {
        stage.next()
        if (end !== 'not called') {
          const { arrivals } = mailbox
          if (!isMirrored || arrivals === undefined) there.restore(mailbox.contents())
          there.beginFrame()
          if (isMirrored && arrivals !== undefined) {
            there.arrive(arrivals)
            arrivalsTold++
          }
          isMirrored = false
          const time = stage.frame / fps
          for (const read of reads) expect(there.read(read, time)).toEqual(stage.bus.port('b').messages(read))
          if (end === 'given back') stage.bus.port('b').rollback()
          else {
            mailbox.follow()
            isMirrored = true
            expect({ ...there.contents(), dropped: 0 }).toEqual({ ...mailbox.contents(), dropped: 0 })
          }
        }
        for (const name of published) stage.publish('a', name, count++)
        if (count % 4 === 0) after(0.05, 'own', count)
      }
    }),
  )
  expect(arrivalsTold).toBeGreaterThan(50)
})
