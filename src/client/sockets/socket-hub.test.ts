// The page's sockets joined to a whole engine: what comes in, what goes out, and what coordinators may do.

import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine, type TestModule } from '../../engine/testing-host.ts'
import type { CoordinatorCommand, ManifestSocket } from '../../protocol/sockets.ts'
import { SocketHub } from './socket-hub.ts'

interface Context {
  readonly state: { readonly seen: unknown[] }
  readonly frame: number
  readonly messages: () => readonly { readonly topic: string; readonly data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

/** Keeps what clients send, and answers each. */
const echo: TestModule = {
  definition: {
    config: { loud: false },
    subscribe: ['client:*:*'],
    init: () => ({ seen: [] }),
    process: ({ state, frame, messages, publish }: Context) => {
      for (const { topic, data } of messages()) {
        state.seen.push(`${frame} ${topic} ${JSON.stringify(data)}`)
        publish(`${topic}:echo`, data)
      }
    },
  },
}

const described = (changes: Partial<ManifestSocket> = {}): ManifestSocket => ({
  name: 'players',
  kind: 'intra',
  receive: ['client:**'],
  send: ['client:**'],
  coordinator: [],
  ...changes,
})

/** An engine and the hub beside it, joined as join-sockets.ts joins them on the page. */
class Page {
  readonly lab = new TestEngine()
  readonly hub: SocketHub
  readonly notes: string[] = []
  #told = 0

  constructor(id = 'tab') {
    this.hub = new SocketHub({
      id,
      command: async (name, ...args) => {
        if (name === 'note') this.notes.push(args.map(String).join(' '))
        const result: unknown = await this.lab.execute(name, ...args)
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine answers by the map of commands
        return result as never
      },
      credentials: () => Promise.resolve({}),
      changed: () => undefined,
    })
    onTestFinished(() => this.hub.dispose())
  }

  async open(sockets: readonly ManifestSocket[], reader = echo): Promise<void> {
    await this.lab.run({ echo: reader }, { sockets })
    this.tell()
  }

  /** What the engine told since the last time reaches the hub. */
  tell(): void {
    for (const event of this.lab.events.slice(this.#told)) {
      if (event.type === 'sockets-wanted') this.hub.configure('game', event.sockets)
      else if (event.type === 'journal') this.hub.journal(event.entries)
      else if (event.type === 'status') this.hub.status(event.status)
      else if (event.type === 'outputs')
        for (const output of event.outputs) if (output.kind === 'socket') this.hub.send(output.socket, output)
    }
    this.#told = this.lab.events.length
  }

  async step(frames = 1): Promise<void> {
    for (let count = 0; count < frames; count++) {
      await this.lab.execute('step', 1)
      this.tell()
      // What the hub hands over now is there before the next frame.
      await this.lab.execute('status')
    }
  }

  client(id: string) {
    const end = this.hub.connect('players', id)
    if (end === undefined) throw new Error('no such socket')
    return end
  }
}

describe('[MB5] an `intra` socket', () => {
  test('brings messages in, lets answers out, and counts both', async () => {
    const page = new Page()
    await page.open([described()])
    const end = page.client('7')
    const heard: unknown[] = []
    end.on((message) => heard.push(message))
    end.send('client:7:move', { x: 1 })
    await page.lab.execute('status')
    await page.step(2)
    expect(await page.lab.execute('state', 'echo')).toEqual({ seen: ['1 client:7:move {"x":1}'] })
    expect(heard).toEqual([{ topic: 'client:7:move:echo', data: { x: 1 } }])
    expect(page.hub.infos()).toMatchObject([
      { name: 'players', state: 'open', received: 1, sent: 1, clients: [{ client: '7', entered: 1, waiting: 0 }] },
    ])
    end.close()
    expect(() => end.send('client:7:move', 1)).toThrow(/closed/)
  })

  test('a flood of one client waits, in order, and delays nobody else; beyond 10 000 the oldest are dropped, which is told', async () => {
    const page = new Page()
    await page.open([described()])
    const loud = page.client('loud')
    for (let index = 0; index < 10_500; index++) loud.send('client:loud:n', index)
    page.client('quiet').send('client:quiet:n', 'here')
    await page.lab.execute('status')
    await page.step(3)
    const clients = page.hub.infos()[0]?.clients
    expect(clients).toEqual([
      { client: 'loud', entered: 15, waiting: 9985, dropped: 500, pace: 'dropping' },
      { client: 'quiet', entered: 1, waiting: 0, dropped: 0, pace: 'fine' },
    ])
    await page.step(2000)
    const state = await page.lab.execute('state', 'echo')
    const seen: readonly string[] =
      typeof state === 'object' && state !== null && 'seen' in state ? asTexts(state.seen) : []
    expect(seen[5]).toBe('1 client:quiet:n "here"')
    const numbers = seen.filter((line) => line.includes('loud')).map((line) => Number(line.split(' ')[2]))
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, index) => 500 + index))
    const ofLoud = 'Socket players: client loud'
    expect(page.notes.filter((note) => note.includes('loud'))).toEqual([
      `warning ${ofLoud} sends more than the program takes, 5 a frame: 8000 messages wait.`,
      expect.stringMatching(new RegExp(`^error ${ofLoud} .*: the oldest are dropped, 1 so far. Send less`)),
      expect.stringMatching(/^info .* is no longer late: \d+ messages wait/),
    ])
    expect(page.hub.healthHistory).toMatchObject([
      { module: 'players', subject: 'socket', status: 'warning', message: '8000 messages of client loud wait' },
      { status: 'error' },
      { status: 'ok', moment: { frame: expect.any(Number) } },
    ])
  })

  test('topics that are not among those it receives are refused, and said so', async () => {
    const page = new Page()
    await page.open([described({ receive: ['client:*:move'] })])
    page.client('7').send('client:7:fire', 1)
    expect(() => page.client('7').send('client:*:x', 1)).toThrow(/wildcards/)
    await page.step()
    expect(page.hub.infos()).toMatchObject([{ received: 1, refused: 1, clients: [] }])
    expect(page.notes).toContainEqual(expect.stringMatching(/client:7:fire is not among the topics/))
  })

  test('messages in the hands of an engine that is gone are handed to the next', async () => {
    const page = new Page()
    await page.open([described()])
    const end = page.client('7')
    for (let index = 0; index < 30; index++) end.send('client:7:n', index)
    await page.lab.execute('status')
    await page.step(1)
    // Another engine, which knows of nothing that was handed over.
    const next = new Page()
    await next.open([described()])
    const again: number[] = []
    const hub = page.hub
    hub.engineChanged()
    for (const { waiting, entered } of hub.infos()[0]?.clients ?? []) again.push(waiting, entered)
    expect(again).toEqual([25, 5])
  })
})

describe('[MB5] sockets follow engine.json', () => {
  test('those described as before stay open, others are closed and opened', async () => {
    const page = new Page()
    await page.open([described(), described({ name: 'other' })])
    const end = page.client('7')
    await page.open([described(), described({ name: 'third', send: [] })])
    end.send('client:7:x', 1)
    expect(page.hub.infos().map(({ name }) => name)).toEqual(['players', 'third'])
    expect(page.hub.connect('other', '7')).toBeUndefined()
    await page.open([])
    expect(page.hub.infos()).toEqual([])
    expect(() => end.send('client:7:x', 1)).toThrow(/closed/)
  })
})

describe('[MB5] a `local` socket', () => {
  test('joins two pages: each hears the other, not itself, and strangers are told what is wrong', async () => {
    const one = new Page('one')
    const two = new Page('two')
    const local = described({ name: 'tabs', kind: 'local', channel: `test-${Math.random()}` })
    await one.open([local])
    await two.open([local])
    const stranger = new BroadcastChannel(local.channel ?? '')
    onTestFinished(() => stranger.close())
    stranger.postMessage({ topic: 'client:9:move', data: { x: 1 } })
    for (const wrong of [1, null, {}, { topic: 3 }, { topic: 'a:*' }, { topic: 'a', from: 1 }])
      stranger.postMessage(wrong)
    await expect.poll(() => one.hub.infos()[0]?.received).toBe(1)
    await expect.poll(() => one.hub.infos()[0]?.refused).toBe(6)
    await one.step()
    await expect.poll(() => two.hub.infos()[0]?.received).toBe(2)
    expect(one.hub.infos()).toMatchObject([{ sent: 1, received: 1 }])
    await two.step(2)
    expect(await two.lab.execute('state', 'echo')).toEqual({
      seen: ['1 client:9:move {"x":1}'],
    })
  })
})

describe('[MB5] a coordinator', () => {
  const ask = (page: Page, command: string, data?: unknown): Promise<unknown> =>
    new Promise((answered) => page.client('boss').send(`coordinator:${command}`, data, answered))
  const open = async (coordinator: readonly CoordinatorCommand[]): Promise<Page> => {
    const page = new Page()
    await page.open([described({ coordinator })])
    return page
  }

  test('may do what engine.json allows', async () => {
    const page = await open(['status', 'pause', 'resume', 'step', 'reload', 'setConfig'])
    expect(await ask(page, 'status')).toMatchObject({
      ok: true,
      result: { frame: 0, paused: true, hasCoordinator: true },
    })
    expect(await ask(page, 'step', 3)).toMatchObject({ ok: true, result: { frame: 3 } })
    expect(await ask(page, 'setConfig', { module: 'echo', changes: { loud: true } })).toEqual({
      ok: true,
      result: { applied: true },
    })
    expect(await page.lab.execute('config', 'echo')).toEqual({ loud: true })
    expect(await ask(page, 'reload', 'echo')).toMatchObject({ ok: true, result: { outcome: 'committed' } })
    expect(await ask(page, 'resume')).toMatchObject({ ok: true, result: { running: true } })
    expect(await ask(page, 'pause')).toMatchObject({ ok: true, result: { running: false } })
    expect(page.hub.infos()[0]?.coordinator).toMatchObject({ run: 6, waiting: 0 })
  })

  test('is refused all else, with what to do', async () => {
    const page = await open(['status'])
    expect(await ask(page, 'pause')).toEqual({
      ok: false,
      error: {
        code: 'forbidden',
        message: 'engine.json does not allow it: add "pause" to "coordinator" of socket "players".',
      },
    })
    expect(await ask(page, 'fly')).toMatchObject({ ok: false, error: { code: 'unknown-command' } })
    expect(page.hub.infos()[0]?.refused).toBe(2)
    expect(page.notes.filter((note) => note.includes('refused'))).toHaveLength(2)
  })

  test.each([
    ['step', 'x', 'malformed-command'],
    ['step', -1, 'malformed-command'],
    ['reload', 7, 'malformed-command'],
    ['reload', 'nobody', 'unknown-module'],
    ['setConfig', null, 'malformed-command'],
    ['setConfig', { module: 'echo', changes: [1] }, 'malformed-command'],
    ['setConfig', { module: 'nobody', changes: {} }, 'unknown-module'],
  ])('that asks %s wrongly (%j) is told so', async (command, data, code) => {
    const page = await open(['step', 'reload', 'setConfig'])
    expect(await ask(page, command, data)).toMatchObject({ ok: false, error: { code } })
  })

  test('enters at most ten commands a frame; the rest waits for the next', async () => {
    const page = await open(['status', 'resume'])
    await ask(page, 'resume')
    const answers: number[] = []
    for (let index = 0; index < 24; index++)
      page.client('boss').send('coordinator:status', undefined, () => answers.push(index))
    const { clock } = page.lab
    const ran = async (): Promise<number> => {
      for (let turn = 0; turn < 200; turn++) await Promise.resolve()
      return answers.length
    }
    // `resume` was the first of this frame.
    expect(await ran()).toBe(9)
    expect(page.hub.infos()[0]?.coordinator.waiting).toBe(15)
    for (const count of [19, 24]) {
      // The page hears of frames about ten times a second.
      clock.advance(250)
      page.tell()
      expect(await ran()).toBe(count)
    }
  })

  test('that shuts the program down pauses it and closes all sockets', async () => {
    const page = await open(['shutdown', 'resume'])
    await ask(page, 'resume')
    expect(await ask(page, 'shutdown')).toMatchObject({ ok: true, result: { paused: true } })
    await expect.poll(() => page.hub.infos()).toEqual([])
    expect(page.notes.at(-1)).toMatch(/shutdown/)
  })
})

test('[MB5] whatever comes by a socket, the page and the engine stay as they are', async () => {
  const page = new Page()
  const local = described({
    name: 'tabs',
    kind: 'local',
    channel: `test-${Math.random()}`,
    coordinator: ['step', 'setConfig', 'reload'],
  })
  await page.open([local], {
    definition: { subscribe: ['**'], init: () => ({}), process: ({ messages }: Context) => void messages() },
  })
  const stranger = new BroadcastChannel(local.channel ?? '')
  onTestFinished(() => stranger.close())
  const topic = fc.oneof(
    fc.constantFrom('client:1:x', 'coordinator:step', 'coordinator:setConfig', 'coordinator:reload'),
    fc.string(),
  )
  const data = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        data,
        fc.record(
          { topic, data, from: fc.oneof(fc.string(), data), replyTo: fc.oneof(topic, data) },
          { requiredKeys: [] },
        ),
      ),
      async (posted) => {
        const before = page.hub.infos()[0]
        stranger.postMessage(posted)
        await expect
          .poll(
            () => {
              const after = page.hub.infos()[0]
              return (after?.received ?? 0) + (after?.refused ?? 0) - (before?.received ?? 0) - (before?.refused ?? 0)
            },
            { interval: 1 },
          )
          .toBeGreaterThanOrEqual(1)
      },
    ),
    { numRuns: 150 },
  )
  await page.step()
  expect(page.lab.core.problems.list()).toEqual([])
  expect(page.hub.infos()).toMatchObject([{ state: 'open' }])
})

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
