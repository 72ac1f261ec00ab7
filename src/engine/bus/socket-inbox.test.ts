// Messages of sockets as they enter frames, in a whole engine.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SocketMessage } from '../../protocol/sockets.ts'
import { TestEngine, type TestModule } from '../testing-host.ts'
import { SocketInbox } from './socket-inbox.ts'

const socket = { name: 'players', kind: 'intra', receive: ['client:**'], send: [], coordinator: [] } as const

interface Context {
  readonly state: { readonly seen: unknown[] }
  readonly frame: number
  readonly messages: () => readonly { readonly topic: string; readonly data: unknown }[]
}

const reader: TestModule = {
  definition: {
    subscribe: ['client:**'],
    init: () => ({ seen: [] }),
    process: ({ state, frame, messages }: Context) => {
      for (const { topic, data } of messages()) state.seen.push(`${frame} ${topic} ${String(data)}`)
    },
  },
}

async function open(): Promise<TestEngine> {
  const lab = new TestEngine()
  await lab.run({ reader }, { sockets: [socket] })
  return lab
}

const message = (sequence: number, client: string, topic = `client:${client}:move`): SocketMessage => ({
  sequence,
  socket: 'players',
  client,
  topic,
  data: sequence,
})

describe('[MB5] messages of clients', () => {
  test('enter five a client and frame, in order; the rest waits', async () => {
    const lab = await open()
    const sent = [
      ...Array.from({ length: 12 }, (_, index) => message(index + 1, 'a')),
      ...Array.from({ length: 2 }, (_, index) => message(index + 13, 'b')),
    ]
    expect(await lab.execute('socketMessages', sent)).toEqual([])
    await lab.execute('step', 4)
    expect(await lab.execute('state', 'reader')).toEqual({
      seen: [
        ...[1, 2, 3, 4, 5].map((data) => `1 client:a:move ${data}`),
        ...[13, 14].map((data) => `1 client:b:move ${data}`),
        ...[6, 7, 8, 9, 10].map((data) => `2 client:a:move ${data}`),
        ...[11, 12].map((data) => `3 client:a:move ${data}`),
      ],
    })
  })

  test('are inputs: told by the journal before a module sees them, by number', async () => {
    const lab = await open()
    await lab.execute('socketMessages', [message(7, 'a')])
    expect(
      lab.eventsOf('journal').flatMap(({ entries }) => entries.filter(({ input }) => input.kind === 'publish')),
    ).toEqual([])
    await lab.execute('step', 1)
    const entries = lab.eventsOf('journal').flatMap((event) => event.entries)
    expect(entries.filter(({ input }) => input.kind === 'publish')).toMatchObject([
      { frame: 1, input: { topic: 'client:a:move', data: 7, via: { socket: 'players', sequence: 7 } } },
    ])
  })

  test.each([
    [{ topic: 'score' }, /"score" is not among the topics socket "players" may receive/],
    [{ topic: 'client:*:x' }, /wildcards are for subscriptions/],
    [{ topic: '' }, /must not be empty/],
    [{ socket: 'other' }, /there is no socket "other" in engine.json/],
    [{ data: { f: /x/ } }, /data\.f is a RegExp/],
  ])('that may not come in are refused by number: %j', async (wrong, why) => {
    const lab = await open()
    const refused = await lab.execute('socketMessages', [{ ...message(3, 'a'), ...wrong }, message(4, 'a')])
    expect(refused).toEqual([{ sequence: 3, message: expect.stringMatching(why) }])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'reader')).toEqual({ seen: ['1 client:a:move 4'] })
  })

  test('whatever is handed over, the engine answers and runs on', async () => {
    const lab = await open()
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.record({
        sequence: fc.oneof(fc.nat(), fc.anything()),
        socket: fc.oneof(fc.constant('players'), fc.anything()),
        client: fc.oneof(fc.string(), fc.anything()),
        topic: fc.oneof(fc.constant('client:a:x'), fc.string(), fc.anything()),
        data: fc.anything(),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, fc.array(anything, { maxLength: 3 })), async (argument) => {
        await lab.execute('socketMessages', argument).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'malformed-command' })
        })
        await lab.execute('step', 1)
      }),
      { numRuns: 200 },
    )
    expect(lab.core.problems.list()).toEqual([])
  })
})

test('[MB5] more than a thousand waiting messages of one client are refused', () => {
  const inbox = new SocketInbox()
  for (let index = 0; index < 1000; index++) expect(inbox.add(message(index, 'a'))).toBe(true)
  expect(inbox.add(message(1000, 'a'))).toBe(false)
  expect(inbox.add(message(1000, 'b'))).toBe(true)
  expect(inbox.take()).toHaveLength(6)
})
