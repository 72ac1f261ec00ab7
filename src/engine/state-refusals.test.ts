// States that can't be brought over, or go by `migrate` (ML5), through the whole engine: what is refused, and that it leaves no trace.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import { module, reload, tanks, words } from './testing-reload.ts'

describe('what is refused', () => {
  test('[ML5] a retyped field, with path, types, advice and a migrate to start from; the state is untouched', async () => {
    const { receipt, state, lab } = await reload(
      module(() => tanks(2, { hp: 3, x: 0 })),
      module(() => tanks(2, { hp: 'full', y: 0 })),
    )
    expect(receipt).toMatchObject({
      outcome: 'rejected',
      phase: 'migrate',
      stateDifferences: [{ module: 'tank', path: 'tanks[].hp', from: 'number', to: 'string' }],
      error: {
        message:
          "the state can't be brought over: state.tanks[].hp is number, the code wants string. Write a `migrate` with `stateVersion: 2`, or reset tank.",
      },
    })
    expect(receipt?.migrateStub).toContain('tank.hp = String(tank.hp) // was number')
    expect(receipt?.migrateStub).toContain('stateVersion: 2')
    expect(JSON.stringify(state)).toBe(JSON.stringify(tanks(2, { hp: 3, x: 0 })))
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }])
  })

  test('[ML5] a field retyped in init is fine where all of the state has the new type already', async () => {
    const { receipt, state } = await reload(
      module(() => ({ target: null as unknown, mode: 1 as unknown })),
      module(() => ({ target: { x: 0, y: 0 }, mode: 'idle' })),
      (live: { target: unknown; mode: unknown }) => {
        live.target = { x: 4 }
        live.mode = 'hunt'
      },
    )
    expect(receipt?.outcome).toBe('committed')
    expect(state).toEqual({ target: { x: 4, y: 0 }, mode: 'hunt' })
  })

  test('[ML5] null in the state where init had null and has a value now', async () => {
    const { receipt } = await reload(
      module(() => ({ target: null })),
      module(() => ({ target: 5 })),
    )
    expect(receipt?.stateDifferences).toEqual([{ module: 'tank', path: 'target', from: 'null', to: 'number' }])
  })

  test.each([
    ['another class', () => new Map(), () => new Set(), '', 'Map<unknown, unknown>', 'Set<unknown>'],
    ['items', () => ({ a: [1] }), () => ({ a: ['x'] }), 'a[]', 'number', 'string'],
    [
      'keys of a map',
      () => ({ m: new Map([[1, 1]]) }),
      () => ({ m: new Map([['a', 1]]) }),
      'm<key>',
      'number',
      'string',
    ],
    ['an object instead of a list', () => ({ a: [1] }), () => ({ a: { b: 1 } }), 'a', 'number[]', '{ b }'],
  ])('[ML5] %s', async (_, before, after, path, from, to) => {
    const { receipt } = await reload(module(before), module(after))
    expect(receipt?.stateDifferences).toEqual([{ module: 'tank', path, from, to }])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no map')
      },
      'migrate',
      /`init` fails, which a reload runs.*: no map/,
    ],
    ['returns a promise', () => Promise.resolve({}), 'migrate', /`init` returned a promise/],
    [
      'makes what no state may hold',
      () => ({ n: 0, f: () => 1 }),
      'validate',
      /`init` made a state where state\.f is a function/,
    ],
  ])('[ML5] a new init that %s', async (_, init, phase, message) => {
    const { receipt, state } = await reload(
      module(() => ({ n: 1 })),
      module(init),
    )
    expect(receipt).toMatchObject({ outcome: 'rejected', phase, error: { message: expect.stringMatching(message) } })
    expect(state).toEqual({ n: 1 })
  })

  test('[ML5] a state that was merged and is then refused is what it was, of the other modules too', async () => {
    const lab = new TestEngine()
    const old = module(() => tanks(2, { id: 1, hp: 3, name: 'x' }))
    await lab.run({ a: old, b: old })
    const before = await lab.execute('stateHash')
    const next = (more: object) => module(() => tanks(2, { id: 1, health: 3, name: 'x', shield: 'on' }), more)
    const seen: unknown[] = []
    const validate = (state: unknown): string => {
      seen.push(JSON.stringify(state))
      return 'no'
    }
    const refused = await lab.run({ a: next({}), b: next({ validate }) })
    expect(refused).toMatchObject([{ outcome: 'rejected', phase: 'validate' }])
    expect(seen).toEqual([JSON.stringify(tanks(2, { id: 1, health: 3, name: 'x', shield: 'on' }))])
    expect(await lab.execute('stateHash')).toBe(before)
    const setup = (): never => {
      throw new Error('no device')
    }
    expect(await lab.run({ a: next({}), b: next({ setup }) })).toMatchObject([{ outcome: 'rejected', phase: 'setup' }])
    expect(await lab.execute('stateHash')).toBe(before)
    expect(await lab.run({ a: next({}), b: next({}) })).toMatchObject([{ outcome: 'committed' }])
  })

  test('[ML5] [ML1] while setup is awaited the old code runs on the old state; the frames between are brought over too', async () => {
    const lab = new TestEngine()
    const keys: string[] = []
    const process = ({ state }: { state: { tanks: object[] } }): void => {
      keys.push(Object.keys(state.tanks[0] ?? {}).join())
      state.tanks.push({ hp: 9 })
    }
    await lab.run({ a: module(() => tanks(1, { hp: 3 }), { process }) })
    let open: (value: unknown) => void = () => undefined
    const passed = new Promise((resolve) => (open = resolve))
    let given: unknown
    const setup = ({ state }: { state: unknown }): unknown => {
      given = state
      return passed
    }
    const pending = lab.run({ a: module(() => tanks(1, { hp: 3, shield: 1 }), { setup }) })
    while (given === undefined) await Promise.resolve()
    await Promise.resolve()
    expect(given).toEqual(tanks(1, { hp: 3, shield: 1 }))
    await lab.execute('step', 2)
    expect(keys).toEqual(['hp', 'hp'])
    open({})
    const [receipt] = await pending
    expect(words(receipt)[0]).toBe('Added shield: 1 to 3 tanks')
    expect(await lab.execute('state', 'a')).toEqual({
      tanks: [
        { hp: 3, shield: 1 },
        { hp: 9, shield: 1 },
        { hp: 9, shield: 1 },
      ],
    })
  })
})

describe('by stateVersion', () => {
  const counter = (stateVersion: number, migrate?: (old: never, from: number) => unknown) =>
    module(() => ({ n: 0 }), { stateVersion, ...(migrate === undefined ? {} : { migrate }) })

  test('[ML5] no migrate: rejected with a stub that goes to the version wanted', async () => {
    const { receipt } = await reload(counter(1), counter(3))
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'migrate' })
    expect(receipt?.migrateStub).toContain('stateVersion: 3')
  })

  test.each([
    ['a number', () => 7, /state is number, in `init` it is \{ n \}/],
    ['null', () => null, /state is null/],
    ['nothing', () => undefined, /returned nothing/],
    ['an empty object', () => ({}), /without state\.n, in `init` it is number/],
    ['another type', () => ({ n: 'x' }), /state\.n is string, in `init` it is number/],
    [
      'a throw',
      () => {
        throw new Error('too old')
      },
      /too old/,
    ],
  ])('[ML5] migrate gives %s: rejected with the path, the state untouched', async (_, migrate, message) => {
    const { receipt, state } = await reload(counter(1), counter(2, migrate))
    expect(receipt).toMatchObject({
      outcome: 'rejected',
      phase: 'migrate',
      error: { message: expect.stringMatching(message) },
    })
    expect(state).toEqual({ n: 0 })
  })

  test('[ML5] a migrate that changes what it gets and throws changes a copy', async () => {
    const { state } = await reload(
      counter(1),
      counter(2, (old: { n: number }) => {
        old.n = 99
        throw new Error('no')
      }),
    )
    expect(state).toEqual({ n: 0 })
  })

  test('[ML5] chained: through a version that ran before, up and down', async () => {
    const lab = new TestEngine()
    const only = (from: number, add: number) => (old: { n: number }, version: number) => {
      if (version !== from) throw new Error(`only from ${from}`)
      return { n: old.n + add }
    }
    const one = { ...counter(1, only(2, 1)), key: 'one' }
    const two = {
      ...counter(2, (old: { n: number }, version: number) => ({ n: old.n + (version === 1 ? 10 : 100) })),
      key: 'two',
    }
    const three = { ...counter(3, only(2, 1000)), key: 'three' }
    await lab.run({ a: one })
    await lab.run({ a: two })
    await lab.run({ a: one })
    expect(await lab.execute('state', 'a')).toEqual({ n: 11 })
    const [up] = await lab.run({ a: three })
    expect(up).toMatchObject({ outcome: 'committed', stateChanges: [{ kind: 'migrated', detail: 'state 1 → 2 → 3' }] })
    expect(await lab.execute('state', 'a')).toEqual({ n: 1021 })
    const [down] = await lab.run({ a: one })
    expect(down?.stateChanges).toMatchObject([{ detail: 'state 3 → 2 → 1' }])
    expect(await lab.execute('state', 'a')).toEqual({ n: 1122 })
    const [nowhere] = await lab.run({ a: counter(9, only(8, 0)) })
    expect(nowhere).toMatchObject({ outcome: 'rejected', error: { message: 'only from 8' } })
  })
})
