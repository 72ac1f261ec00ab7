// Sockets over a real NATS server, which is killed and started again.

import { headers as createHeaders, wsconnect } from '@nats-io/nats-core'
import fc from 'fast-check'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { NatsServer } from '../../../e2e/nats-server.ts'
import type { SocketInfo } from '../../protocol/sockets.ts'
import { openNetworkSocket } from './network-socket.ts'
import type { IncomingMessage, Socket } from './socket.ts'

/** One for the tests that leave it alone. */
const server = await NatsServer.open()
afterAll(() => server.dispose())

/** One end, with what it was told. */
class End {
  readonly received: IncomingMessage[] = []
  readonly refused: string[] = []
  readonly states: string[] = []
  missed = 0
  state: SocketInfo['state'] = 'connecting'
  readonly socket: Socket

  constructor(id: string, receive: readonly string[], url = server.url, credentials: { readonly token?: string } = {}) {
    this.socket = openNetworkSocket({
      id,
      url,
      receive,
      credentials,
      received: (message) => this.received.push(message),
      refused: (why) => this.refused.push(why),
      missed: (count) => {
        this.missed += count
      },
      changed: (state, detail) => {
        this.state = state
        this.states.push(`${state} ${detail}`)
      },
    })
    onTestFinished(() => this.socket.dispose())
  }

  /** What came, `topic data`. */
  get seen(): readonly string[] {
    return this.received.map(({ topic, data }) => `${topic} ${JSON.stringify(data)}`)
  }
}

async function opened(end: End): Promise<void> {
  await expect.poll(() => end.state, { timeout: 15_000 }).toBe('open')
}

async function settled(end: End): Promise<void> {
  await expect.poll(() => end.socket.figures().queued, { timeout: 15_000 }).toBe(0)
}

describe('[MB5] a network socket', () => {
  test('maps topics one to one, carries what JSON can’t, and hears nothing of itself', async () => {
    const one = new End('one', ['game:**', 'game:*', 'score'])
    const two = new End('two', ['game:**'])
    await Promise.all([one, two].map(opened))
    const data = { list: [1, undefined, NaN], map: new Map([['a', new Uint8Array([1, 2])]]), $own: 1n }
    two.socket.send({ topic: 'game:7', data })
    two.socket.send({ topic: 'game:7:hit', data: undefined })
    two.socket.send({ topic: 'other', data: 1 })
    two.socket.send({ topic: 'score', data: 5 })
    await expect.poll(() => one.received.length).toBe(3)
    expect(one.received).toEqual([
      { topic: 'game:7', data, from: 'two' },
      { topic: 'game:7:hit', data: undefined, from: 'two' },
      { topic: 'score', data: 5, from: 'two' },
    ])
    expect(two.received).toEqual([])
    await settled(two)
    expect(two.socket.figures()).toEqual({ sent: 4, queued: 0, dropped: 0, reconnects: 0 })
  })

  test('understands whoever speaks plain JSON, answers requests, and refuses the rest', async () => {
    const end = new End('one', ['client:**'])
    await opened(end)
    const plain = await wsconnect({ servers: server.url })
    onTestFinished(() => plain.close())
    plain.publish('client.7.move', '{"x": 1}')
    plain.publish('client.7.move', 'no json')
    plain.publish('client..move', '1')
    const answer = plain.request('coordinator.status')
    await expect.poll(() => end.received.length).toBe(2)
    expect(end.received[0]).toEqual({ topic: 'client:7:move', data: { x: 1 } })
    end.received[1]?.reply?.({ ok: true })
    expect((await answer).json()).toEqual({ ok: true })
    expect(end.refused).toEqual([expect.stringMatching(/^client:7:move is no JSON/)])
  })

  test('whatever bytes, headers and subjects come, each is received or refused, and it listens on', async () => {
    const end = new End('one', ['client:**'])
    await opened(end)
    const plain = await wsconnect({ servers: server.url })
    onTestFinished(() => plain.close())
    const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', '7', 'ä', '-', '$') })
    const text = fc.oneof(word, fc.constantFrom('0', '-1', '1e9', 'NaN', 'one'))
    const posted = fc.record({
      subject: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => ['client', ...words].join('.')),
      payload: fc.oneof(
        fc.uint8Array(),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      headers: fc.dictionary(
        fc.constantFrom('Coppice-From', 'Coppice-Sequence', 'Coppice-Topic-Sequence', 'Other'),
        text,
      ),
    })
    const all = fc.sample(posted, 200)
    for (const { subject, payload, headers } of all) {
      const sent = createHeaders()
      for (const [name, value] of Object.entries(headers)) sent.set(name, value)
      plain.publish(subject, payload, { headers: sent })
    }
    plain.publish('client.last', '"here"')
    await expect.poll(() => end.seen.at(-1), { timeout: 15_000 }).toBe('client:last "here"')
    expect(end.state).toBe('open')
    // Those that say they came before are left out.
    expect(end.received.length + end.refused.length).toBeLessThanOrEqual(all.length + 1)
    expect(end.received.length).toBeGreaterThan(20)
    expect(end.refused.length).toBeGreaterThan(20)
  })

  test('says why a topic can’t cross, or data can’t be sent', async () => {
    const end = new End('one', [])
    await opened(end)
    end.socket.send({ topic: 'a.b:c', data: 1 })
    const circle: { self?: unknown } = {}
    circle.self = circle
    end.socket.send({ topic: 'a', data: circle })
    expect(end.refused).toEqual([expect.stringMatching(/"a\.b" contains/), expect.stringMatching(/in a circle/)])
  })

  test('1 000 messages a turn, from two ends, lose and reorder nothing', async () => {
    const ends = [new End('one', ['n:**']), new End('two', ['n:**'])]
    const reader = new End('reader', ['n:**'])
    await Promise.all([...ends, reader].map(opened))
    for (let count = 0; count < 5000; count++) {
      for (const [index, end] of ends.entries()) end.socket.send({ topic: `n:${index}`, data: count })
      if (count % 1000 === 999) await Promise.all(ends.map(settled))
    }
    await expect.poll(() => reader.received.length, { timeout: 20_000 }).toBe(10_000)
    for (const topic of ['n:0', 'n:1']) {
      const numbers = reader.received.filter((message) => message.topic === topic).map(({ data }) => data)
      expect(numbers).toEqual(Array.from({ length: 5000 }, (_, index) => index))
    }
    expect(reader.missed).toBe(0)
  })
})

describe('[MB5] a server that is killed and started again', () => {
  test('is stated; what was sent meanwhile arrives, once, in order, or is counted', async () => {
    const own = await NatsServer.open()
    onTestFinished(() => own.dispose())
    const writer = new End('writer', [], own.url)
    const reader = new End('reader', ['n'], own.url)
    await Promise.all([writer, reader].map(opened))
    let count = 0
    const send = (): void => writer.socket.send({ topic: 'n', data: count++ })
    for (let index = 0; index < 100; index++) send()
    await expect.poll(() => reader.received.length).toBe(100)
    // Some are under way as it dies.
    for (let index = 0; index < 50; index++) send()
    await own.kill()
    await expect.poll(() => writer.state).toBe('connecting')
    await expect.poll(() => reader.state).toBe('connecting')
    for (let index = 0; index < 300; index++) send()
    expect(writer.socket.figures().queued).toBeGreaterThanOrEqual(300)
    await own.start()
    await Promise.all([writer, reader].map(opened))
    await settled(writer)
    send()
    await expect.poll(() => reader.received.at(-1)?.data, { timeout: 15_000 }).toBe(count - 1)
    const numbers = reader.received.map(({ data }) => Number(data))
    expect(numbers).toEqual([...new Set(numbers)].toSorted((left, right) => left - right))
    // Those that reached the server before the reader was back are lost, and it knows how many.
    expect(numbers.length + reader.missed).toBe(count)
    expect(writer.states).toContainEqual(expect.stringMatching(/^connecting .*the connection broke/))
    expect(writer.socket.figures()).toMatchObject({ dropped: 0, reconnects: 1 })
  })

  test('a flood while it is away is bounded, and what is given up is counted', async () => {
    const own = await NatsServer.open()
    onTestFinished(() => own.dispose())
    const writer = new End('writer', [], own.url)
    await opened(writer)
    await own.kill()
    await expect.poll(() => writer.state).toBe('connecting')
    for (let index = 0; index < 12_000; index++) writer.socket.send({ topic: 'n', data: index })
    expect(writer.socket.figures()).toMatchObject({ queued: 5000, dropped: 7000 })
  })

  test('one that is not there yet is waited for, and a wrong token is told', async () => {
    const own = await NatsServer.open({ token: 'secret' })
    onTestFinished(() => own.dispose())
    const wrong = new End('wrong', [], own.url, { token: 'guess' })
    const right = new End('right', [], own.url, { token: 'secret' })
    await opened(right)
    await expect.poll(() => wrong.states.at(-1), { timeout: 15_000 }).toMatch(/authorization/i)
    expect(wrong.state).toBe('connecting')
    await own.kill()
    const late = new End('late', [], own.url, { token: 'secret' })
    await expect.poll(() => late.states.length).toBeGreaterThan(1)
    await own.start()
    await opened(late)
  })
})
