// What happens inside a frame: order, time, messages, inputs, throws, and the globals a module sees.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: Record<string, unknown> & { n: number; seen: unknown[] }
  readonly deps: Readonly<Record<string, unknown>>
  readonly dt: number
  readonly time: number
  readonly frame: number
  readonly random: () => number
  readonly input: { down: (code: string) => boolean; pressed: (code: string) => boolean }
  readonly messages: (topic?: string) => { topic: string; data: unknown; from?: string; frame: number }[]
  readonly publish: (topic: string, data: unknown) => void
  readonly after: (seconds: number, topic: string, data: unknown) => void
  readonly span: (name: string, body: () => unknown) => unknown
  readonly log: { info: (...values: unknown[]) => void }
}

function module(process: (context: Context) => unknown, more: object = {}): TestModule {
  return { definition: { init: () => ({ n: 0, seen: [] }), process, ...more } }
}

async function open(
  modules: Readonly<Record<string, TestModule>>,
  options: Parameters<TestEngine['revision']>[1] = {},
): Promise<TestEngine> {
  const lab = new TestEngine()
  const receipts = await lab.run(modules, options)
  expect(receipts).toMatchObject([{ outcome: 'committed' }])
  return lab
}

const seen = async (lab: TestEngine, name = 'a'): Promise<unknown> => {
  const state = await lab.execute('state', name)
  return typeof state === 'object' && state !== null && 'seen' in state ? state.seen : undefined
}

describe('order and time', () => {
  test('[FL1] modules run in dependency order, otherwise as listed', async () => {
    const ran: string[] = []
    const named = (name: string, dependencies: string[] = []) => module(() => void ran.push(name), { dependencies })
    const lab = await open({ c: named('c', ['a']), b: named('b'), a: named('a') })
    await lab.execute('step', 1)
    expect(ran).toEqual(['a', 'c', 'b'])
  })

  test('[FL2] dt is n / targetFps, and a module runs in frames that are multiples of n', async () => {
    const slow: TestModule = {
      ...module(({ state, dt, frame, time }) => void state.seen.push([frame, dt, time])),
      manifest: { hz: 20 },
    }
    const lab = await open({ a: slow })
    await lab.execute('step', 7)
    expect(await seen(lab)).toEqual([
      [3, 3 / 60, 3 / 60],
      [6, 3 / 60, 6 / 60],
    ])
  })

  test('[FL2] engine time does not jump when the rate changes', async () => {
    const a = { ...module(({ state, time }) => void state.seen.push(time)), key: '1' }
    const lab = await open({ a })
    await lab.execute('step', 2)
    await lab.run({ a }, { targetFps: 120 })
    await lab.execute('step', 2)
    expect(await seen(lab)).toEqual([1 / 60, 2 / 60, 2 / 60 + 1 / 120, 2 / 60 + 2 / 120])
  })

  test('[FL2] random streams depend on seed, module and frame alone', async () => {
    const draw = ({ state, random }: Context) => void state.seen.push(random(), random())
    const one = await open({ x: module(() => undefined), a: module(draw) })
    const two = await open({ a: module(draw) })
    const three = await open({ a: module(draw) }, { seed: 2 })
    for (const lab of [one, two, three]) await lab.execute('step', 3)
    expect(await seen(one)).toEqual(await seen(two))
    expect(await seen(one)).not.toEqual(await seen(three))
  })
})

describe('bus', () => {
  test('[MB1] a message can be read from the next frame on, ordered by module order', async () => {
    const sender = (name: string) => module(({ publish, frame }) => publish(`to:${name}`, frame))
    const reader = module(
      ({ state, messages }) => void state.seen.push(messages().map(({ from, data }) => `${from}${String(data)}`)),
      {
        subscribe: ['to:*'],
        dependencies: ['y'],
      },
    )
    const lab = await open({ y: sender('y'), reader, x: sender('x') })
    await lab.execute('step', 3)
    expect(await seen(lab, 'reader')).toEqual([[], ['y1', 'x1'], ['y2', 'x2']])
  })

  test('[MB1] a message from outside enters with the next frame', async () => {
    const lab = await open({
      a: module(({ state, messages }) => void state.seen.push(messages()), { subscribe: ['hit'] }),
    })
    await lab.execute('step', 1)
    await lab.execute('publish', 'hit', { by: 3 })
    await lab.execute('step', 1)
    expect(await seen(lab)).toEqual([[], [{ topic: 'hit', data: { by: 3 }, frame: 1 }]])
  })

  test('[MB2] what is not read stays; bus tells of queues', async () => {
    const lab = await open({
      a: module(({ frame, publish }) => publish('t', frame)),
      b: module(() => undefined, { subscribe: ['t'] }),
    })
    await lab.execute('step', 5)
    expect(await lab.execute('bus')).toMatchObject({
      modules: [{ name: 'a' }, { name: 'b', subscriptions: ['t'], queued: 4, limit: 10_000, dropped: 0 }],
    })
  })

  test('[MB4] nobody can change what another sees', async () => {
    const payload = { list: [1] }
    const reader = () =>
      module(
        ({ state, messages }) => {
          for (const { data } of messages()) {
            if (typeof data !== 'object' || data === null || !('list' in data) || !Array.isArray(data.list)) continue
            state.seen.push([...data.list])
            data.list.push('changed by a reader')
          }
        },
        { subscribe: ['t'] },
      )
    const lab = await open({
      a: module(({ frame, publish }) => {
        if (frame !== 1) return
        publish('t', payload)
        payload.list.push(2)
      }),
      b: reader(),
      c: reader(),
    })
    await lab.execute('step', 2)
    expect(await seen(lab, 'b')).toEqual([[1]])
    expect(await seen(lab, 'c')).toEqual([[1]])
  })

  test('after is a message to oneself by engine time', async () => {
    const lab = await open({
      a: module(({ state, frame, after, messages }) => {
        if (frame === 1) after(0.05, 'later', 'x')
        for (const message of messages()) state.seen.push([frame, message.data])
      }),
    })
    await lab.execute('step', 10)
    expect(await seen(lab)).toEqual([[4, 'x']])
  })

  test('publish outside of process throws, naming itself', async () => {
    let kept: Context['publish'] = () => undefined
    const lab = await open({ a: module(({ publish }) => void (kept = publish)) })
    await lab.execute('step', 1)
    expect(() => kept('t', 1)).toThrow('`publish` works inside `process` only')
  })
})

describe('dependencies', () => {
  test('deps are what a dependency exposes in this frame, as a copy', async () => {
    const lab = await open({
      map: module(({ state }) => void state.n++, {
        expose: (state: { n: number }) => ({ n: state.n, list: [state.n] }),
      }),
      a: module(
        ({ state, deps }) => {
          const { map } = deps
          if (typeof map !== 'object' || map === null || !('n' in map)) return
          state.seen.push(map.n)
          Object.assign(map, { n: -1 })
        },
        { dependencies: ['map'] },
      ),
      b: module(({ state, deps }) => void state.seen.push(deps['map']), { dependencies: ['map'] }),
    })
    await lab.execute('step', 2)
    expect(await seen(lab)).toEqual([1, 2])
    expect(await seen(lab, 'b')).toEqual([
      { n: 1, list: [1] },
      { n: 2, list: [2] },
    ])
  })

  test('a dependency that runs less often is there from the first frame', async () => {
    const lab = await open({
      map: { ...module(() => undefined, { expose: () => 'ready' }), manifest: { hz: 10 } },
      a: module(({ state, deps }) => void state.seen.push(deps['map']), { dependencies: ['map'] }),
    })
    await lab.execute('step', 1)
    expect(await seen(lab)).toEqual(['ready'])
  })
})

test('an expose that throws is one standing problem; dependents keep what they had', async () => {
  let isBad = false
  const lab = await open({
    map: module(({ state }) => void state.n++, {
      expose: (state: { n: number }) => {
        if (isBad) throw new Error('nothing to show')
        return state.n
      },
    }),
    a: module(({ state, deps }) => void state.seen.push(deps['map']), { dependencies: ['map'] }),
  })
  await lab.execute('step', 2)
  isBad = true
  const before = lab.eventsOf('problems').length
  await lab.execute('step', 3)
  expect(await seen(lab)).toEqual([1, 2, 2, 2, 2])
  expect(lab.eventsOf('problems').length).toBe(before + 1)
  isBad = false
  await lab.execute('step', 1)
  expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
})

describe('state', () => {
  test('what process puts there and may not is reported with its path within a bounded number of frames', async () => {
    const lab = await open({
      a: module(({ state, frame }) => {
        if (frame === 1) state['tanks'] = Array.from({ length: 1000 }, (_, id) => ({ id }))
        if (frame === 5) state['tanks'] = [...Array.from({ length: 1000 }, (_, id) => ({ id })), { onHit: () => 1 }]
        if (frame === 60) state['tanks'] = []
      }),
      b: module(() => undefined),
    })
    await lab.execute('step', 40)
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { id: 'state:a', module: 'a', message: expect.stringContaining('state.tanks[1000].onHit is a function') },
    ])
    await lab.execute('step', 60)
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
  })

  test('[FL5] the hash tells states, queues and configuration apart, and is equal for equal runs', async () => {
    const modules = {
      a: module(
        ({ state, random, publish }) => {
          state.n += random()
          publish('t', state.n)
        },
        { subscribe: ['t'], config: { x: 1 } },
      ),
    }
    const one = await open(modules)
    const two = await open(modules)
    await one.execute('step', 10)
    await two.execute('step', 5)
    expect(await one.execute('stateHash')).not.toBe(await two.execute('stateHash'))
    await two.execute('step', 5)
    const hash = await one.execute('stateHash')
    expect(hash).toMatch(/^[0-9a-f]{16}$/)
    expect(await two.execute('stateHash')).toBe(hash)
    await two.execute('setConfig', 'a', { x: 2 })
    expect(await two.execute('stateHash')).not.toBe(hash)
  })
})

describe('inputs', () => {
  test('[FL1] device input enters at the start of a frame, or of the frame it is aimed at', async () => {
    const lab = await open({
      a: module(({ state, input, frame }) => void (input.pressed('KeyA') && state.seen.push(frame))),
    })
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: true }, { atFrame: 3 })
    await lab.execute('step', 4)
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: false })
    await lab.execute('step', 1)
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: true })
    await lab.execute('step', 1)
    expect(await seen(lab)).toEqual([3, 6])
    await expect(lab.execute('input', { kind: 'blur' }, { atFrame: 6 })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })

  test('the size of a view that fits its panel is an input', async () => {
    const lab = await open({ a: module(() => undefined) }, { view: { width: 100, height: 100, fit: 'panel' } })
    await lab.execute('input', { kind: 'view-size', width: 50, height: 40 })
    await lab.execute('step', 1)
    expect(lab.eventsOf('view').at(-1)).toEqual({ type: 'view', view: { width: 50, height: 40, fit: 'panel' } })
  })
})

test('span returns what its body returns', async () => {
  const lab = await open({ a: module(({ state, span }) => void state.seen.push(span('part', () => 7))) })
  await lab.execute('step', 1)
  expect(await seen(lab)).toEqual([7])
})
