// What leaves by sockets, and what of it is told when its frames are taken back.

import { describe, expect, test } from 'vitest'
import type { ManifestSocket } from '../../protocol/sockets.ts'
import { TestEngine, type TestModule } from '../testing-host.ts'

const socket = (name: string, send: readonly string[]): ManifestSocket => ({
  name,
  kind: 'intra',
  receive: [],
  send,
  coordinator: [],
})

interface Context {
  readonly frame: number
  readonly publish: (topic: string, data: unknown) => void
}

const module = (process: (context: Context) => void, key?: string): TestModule => ({
  definition: { init: () => ({}), process },
  ...(key === undefined ? {} : { key }),
})

const sent = (lab: TestEngine): readonly unknown[] =>
  lab
    .eventsOf('outputs')
    .flatMap(({ moment, outputs }) =>
      outputs.map((output) =>
        output.kind === 'socket'
          ? `${moment.frame} ${output.socket} ${output.topic} ${JSON.stringify(output.data)}`
          : output,
      ),
    )

describe('[MB5] what modules publish', () => {
  test('leaves by each socket whose `send` matches, once, with the frame', async () => {
    const lab = new TestEngine()
    const a = module(({ frame, publish }) => {
      publish('client:7:hit', { frame })
      publish('score', frame)
      publish('own', 1)
    })
    await lab.run(
      { a },
      { sockets: [socket('players', ['client:**', 'client:7:*']), socket('all', ['score', 'client:*:hit'])] },
    )
    await lab.execute('step', 2)
    expect(sent(lab)).toEqual([
      '1 players client:7:hit {"frame":1}',
      '1 all client:7:hit {"frame":1}',
      '1 all score 1',
      '2 players client:7:hit {"frame":2}',
      '2 all client:7:hit {"frame":2}',
      '2 all score 2',
    ])
  })

  test('follows a change of the manifest', async () => {
    const lab = new TestEngine()
    const a = module(({ publish }) => publish('score', 1), 'same')
    await lab.run({ a })
    await lab.execute('step', 1)
    await lab.run({ a }, { sockets: [socket('all', ['score'])] })
    await lab.execute('step', 1)
    await lab.run({ a }, { sockets: [socket('all', [])] })
    await lab.execute('step', 1)
    expect(sent(lab)).toEqual(['2 all score 1'])
    expect(lab.eventsOf('sockets-wanted').map(({ sockets }) => sockets.map(({ send }) => send))).toEqual([
      [],
      [['score']],
      [[]],
    ])
  })

  test('does not leave where the call throws', async () => {
    const lab = new TestEngine()
    const a = module(({ frame, publish }) => {
      publish('score', frame)
      if (frame === 2) throw new Error('no')
    })
    await lab.run({ a }, { sockets: [socket('all', ['score'])] })
    await lab.execute('step', 3)
    expect(sent(lab)).toEqual(['1 all score 1', '3 all score 3'])
  })

  test('and left in frames that are taken back is on the receipt', async () => {
    const lab = new TestEngine()
    const sockets = [socket('all', ['score'])]
    await lab.run({ a: module(({ publish }) => publish('score', 'old')) }, { sockets })
    await lab.execute('step', 4)
    const bad = module(({ frame, publish }) => {
      publish('score', 'new')
      if (frame === 7) throw new Error('no')
    })
    await lab.run({ a: bad }, { sockets })
    await lab.execute('step', 4)
    const receipts = await lab.execute('receipts')
    expect(Array.isArray(receipts) ? receipts.at(-1) : undefined).toMatchObject({
      outcome: 'rolled-back',
      alreadySent: [{ kind: 'socket', module: 'a', what: 'all score', lastFrame: 6, count: 2 }],
    })
    expect(sent(lab)).toEqual([
      ...[1, 2, 3, 4].map((frame) => `${frame} all score "old"`),
      ...[5, 6].map((frame) => `${frame} all score "new"`),
      ...[7, 8].map((frame) => `${frame} all score "old"`),
    ])
  })
})
