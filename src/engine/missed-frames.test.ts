// What a throw in `process` leaves behind: nothing but a missed frame; and when a module is not called any more.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { n: number; seen: unknown[] }
  readonly deps: Readonly<Record<string, unknown>>
  readonly frame: number
  readonly messages: (topic?: string) => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

function module(process: (context: Context) => unknown, more: object = {}): TestModule {
  return { definition: { init: () => ({ n: 0, seen: [] }), process, ...more } }
}

async function open(modules: Readonly<Record<string, TestModule>>): Promise<TestEngine> {
  const lab = new TestEngine()
  await lab.run(modules)
  return lab
}

const seen = async (lab: TestEngine, name = 'a'): Promise<unknown> => {
  const state = await lab.execute('state', name)
  return typeof state === 'object' && state !== null && 'seen' in state ? state.seen : undefined
}

describe('a module that throws', () => {
  const failing = (at: (frame: number) => boolean) =>
    module(({ state, frame, publish }) => {
      state.n++
      publish('t', frame)
      if (at(frame)) throw new Error(`bad frame`)
    })

  test('is skipped for that frame, marked and told of; the others miss none; it recovers', async () => {
    const lab = await open({
      x: module(({ state }) => void state.n++),
      a: failing((frame) => frame === 100),
      b: module(({ state, messages }) => state.seen.push(...messages().map(({ data }) => data)), { subscribe: ['t'] }),
    })
    await lab.execute('step', 100)
    expect(await lab.execute('modules')).toMatchObject([
      { missedFrames: 0 },
      { missedFrames: 1, error: { message: 'bad frame' } },
      { missedFrames: 0 },
    ])
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { id: 'run:a', source: 'run', module: 'a', file: 'a.ts', moment: { frame: 100 } },
    ])
    expect(await lab.execute('logs', { level: 'error' })).toMatchObject([
      { module: 'a', text: 'bad frame', moment: { frame: 100 } },
    ])
    await lab.execute('step', 2)
    expect(await lab.execute('state', 'x')).toMatchObject({ n: 102 })
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
    // What it published in the missed frame is discarded.
    expect(await seen(lab, 'b')).toEqual([...Array.from({ length: 99 }, (_, index) => index + 1), 101])
  })

  test('[FL8] keeps the messages it read in the missed frame, and nothing of what it wrote', async () => {
    let isBad = true
    const lab = await open({
      a: module(
        ({ state, messages }) => {
          state.seen.push(...messages().map(({ data }) => data))
          if (isBad) throw new Error('no')
        },
        { subscribe: ['t'], init: () => ({ n: 0, seen: [] }) },
      ),
    })
    await lab.execute('publish', 't', 1)
    await lab.execute('step', 1)
    isBad = false
    await lab.execute('step', 1)
    expect(await seen(lab)).toEqual([1])
  })

  test('one that returns a promise misses its frame', async () => {
    const lab = await open({ a: module(() => Promise.resolve()) })
    await lab.execute('step', 1)
    expect(await lab.execute('modules')).toMatchObject([
      { missedFrames: 1, error: { message: expect.stringContaining('`process` returned a promise') } },
    ])
  })

  test('[FL8] one that throws in every frame is one problem and one folded line, and is parked after five', async () => {
    const lab = await open({ a: failing(() => true) })
    const before = lab.eventsOf('problems').length
    await lab.execute('step', 50)
    // Told when it began, and when it was parked.
    expect(lab.eventsOf('problems').length).toBe(before + 2)
    expect(await lab.execute('logs', {})).toMatchObject([{ count: 5, text: 'bad frame' }])
    expect(await lab.execute('modules')).toMatchObject([{ status: 'failed', missedFrames: 5 }])
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { id: 'run:a', moment: { frame: 1 }, consequence: expect.stringContaining('stopped after 5 missed frames') },
    ])
  })

  test('[FL8] a parked one keeps its last good state, its queue fills, dependents see what it exposed last', async () => {
    const a = (isBad: (frame: number) => boolean) =>
      module(
        ({ state, frame, messages }) => {
          state.n++
          state.seen.push(...messages().map(({ data }) => data))
          if (isBad(frame)) throw new Error('no')
        },
        { subscribe: ['t'], expose: ({ n }: { n: number }) => n },
      )
    const others = {
      b: { ...module(({ state, deps }) => void state.seen.push(deps['a']), { dependencies: ['a'] }), key: 'b' },
      c: { ...module(({ frame, publish }) => publish('t', frame)), key: 'c' },
    }
    const lab = await open({ a: a((frame) => frame > 3), ...others })
    await lab.execute('step', 12)
    expect(await lab.execute('state', 'a')).toEqual({ n: 3, seen: [1, 2] })
    expect(await seen(lab, 'b')).toEqual([1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3])
    expect(await lab.execute('bus')).toMatchObject({ modules: [{ name: 'a', queued: 9 }, {}, {}] })
    await lab.run({ a: a(() => false), ...others })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toEqual({ n: 4, seen: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] })
    expect(await lab.execute('modules')).toMatchObject([{ status: 'trial', missedFrames: 0 }, {}, {}])
  })

  test('[FL8] an edit of its state starts a parked one again', async () => {
    const lab = await open({
      a: module(({ state }) => {
        if (state.n === 0) throw new Error('nothing to divide by')
        state.n++
      }),
    })
    await lab.execute('step', 9)
    await lab.execute('setState', 'a', 'n', 5)
    await lab.execute('step', 3)
    expect(await lab.execute('state', 'a')).toMatchObject({ n: 8 })
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
  })

  test('[FL8] resources go back to the start of the frame with the state', async () => {
    const lab = await open({
      a: module(() => undefined, {
        setup: () => ({ log: [] as number[] }),
        snapshot: ({ log }: { log: number[] }) => [...log],
        restore: (resources: { log: number[] }, log: number[]) => void (resources.log = [...log]),
        process: ({ resources, frame }: { resources: { log: number[] }; frame: number }) => {
          resources.log.push(frame)
          if (frame === 3) throw new Error('no')
        },
        query: () => undefined,
      }),
    })
    await lab.execute('step', 2)
    const before = lab.core.program.modules[0]?.resources.value
    await lab.execute('step', 2)
    expect(before).toEqual({ log: [1, 2, 4] })
  })
})
