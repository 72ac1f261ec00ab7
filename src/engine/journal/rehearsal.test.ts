// One engine asks another to try its new code out first; the two share the memory of captures, as two workers do.

import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; x: number }
  readonly frame: number
}

const counter = (process: (context: Context) => void = () => undefined, more: object = {}): TestModule => ({
  code: () => ({
    default: {
      init: () => ({ n: 0, x: 1 }),
      process: (context: Context) => {
        context.state.n++
        process(context)
      },
      ...more,
    },
  }),
})

const other: TestModule = { ...counter(), key: 'other' }

/** A living engine with another as its standby. */
async function pair(modules: Readonly<Record<string, TestModule>>): Promise<TestEngine> {
  const living = new TestEngine()
  const standby = new TestEngine({ codeOf: living })
  onTestFinished(() => {
    standby.core.dispose()
    living.core.dispose()
  })
  await living.run(modules)
  for (let i = 0; i < 5; i++) await living.execute('step', 1)
  await living.haveStandby(standby)
  return living
}

describe('[ML4] before new code runs, the standby tries it out on the present state', () => {
  test('sound code passes, and the program does not feel it', async () => {
    const living = await pair({ a: counter(), b: other })
    expect(await living.apply(living.revision({ a: counter(({ state }) => (state.x += 1)), b: other }))).toMatchObject([
      { outcome: 'committed' },
    ])
    await living.execute('step', 1)
    expect(await living.execute('state', 'a')).toEqual({ n: 6, x: 2 })
    expect(await living.execute('state', 'b')).toEqual({ n: 6, x: 1 })
  })

  test('a throw in one of the next frames: rejected in phase `rehearse`, at its place', async () => {
    const living = await pair({ a: counter(), b: other })
    const broken = counter(({ state }) => {
      if (state.n === 8) throw new Error('eight')
    })
    expect(await living.apply(living.revision({ a: broken, b: other }))).toMatchObject([
      { outcome: 'rejected', phase: 'rehearse', error: { message: 'eight', file: 'a.ts' } },
    ])
    await living.execute('step', 10)
    expect(await living.execute('modules')).toMatchObject([{ version: 1, missedFrames: 0 }, { version: 1 }])
    expect(living.eventsOf('problems').at(-1)?.problems).toMatchObject([{ id: 'load:a', consequence: 'v1 runs on' }])
  })

  test('a value newly NaN is found, and allowed where the module says so', async () => {
    const living = await pair({ a: counter() })
    const toNaN = ({ state }: Context): void => {
      state.x = Number.NaN
    }
    expect(await living.apply(living.revision({ a: counter(toNaN) }))).toMatchObject([
      { outcome: 'rejected', phase: 'rehearse', error: { message: expect.stringContaining('state.x becomes NaN') } },
    ])
    expect(await living.apply(living.revision({ a: counter(toNaN, { allowNaN: true }) }))).toMatchObject([
      { outcome: 'committed' },
    ])
  })

  test('what the reload finds itself is left to it, with all it has to say', async () => {
    const living = await pair({ a: counter() })
    expect(
      await living.apply(living.revision({ a: counter(undefined, { init: () => ({ n: 'none', x: 1 }) }) })),
    ).toMatchObject([{ outcome: 'rejected', phase: 'migrate', stateDifferences: [{ path: 'n' }] }])
  })

  test('memory taken without measure: in a call, by `init`, or as state; the program goes on', async () => {
    const living = await pair({ a: counter(), b: other })
    // As the dev server rewrites what makes arrays.
    const taking = (more: (take: (size: number) => Float64Array) => object): TestModule => ({
      code: (globals) => {
        const size = globals['__coppice_size__']
        const take = (count: number): Float64Array => {
          if (typeof size === 'function') Reflect.apply(size, undefined, [8, count])
          return new Float64Array(1)
        }
        return { default: { init: () => ({ n: 0, x: 1 }), process: () => undefined, ...more(take) } }
      },
    })
    const inCall = taking((take) => ({ process: () => void take(5e7) }))
    expect(await living.apply(living.revision({ a: inCall, b: other }))).toMatchObject([
      {
        outcome: 'rejected',
        phase: 'rehearse',
        error: { message: expect.stringMatching(/takes 400 MB/), file: 'a.ts' },
      },
    ])
    const inInit = taking((take) => ({ init: () => ({ n: take(5e7).length, x: 1 }) }))
    expect(await living.apply(living.revision({ a: inInit, b: other }))).toMatchObject([
      { outcome: 'rejected', phase: 'rehearse', error: { message: expect.stringMatching(/`init` of a takes 400 MB/) } },
    ])
    const asState = counter(({ state }) => Object.assign(state, { big: new Uint8Array(400e6) }))
    expect(await living.apply(living.revision({ a: asState, b: other }))).toMatchObject([
      {
        outcome: 'rejected',
        phase: 'rehearse',
        error: { message: expect.stringMatching(/grows to more than 256 MB/) },
      },
    ])
    await living.execute('step', 3)
    expect(await living.execute('modules')).toMatchObject([{ version: 1, missedFrames: 0 }, { version: 1 }])
  })

  test('an undo needs no rehearsal', async () => {
    const living = await pair({ a: counter() })
    await living.apply(living.revision({ a: counter(({ state }) => (state.x += 1)) }))
    expect(await living.execute('undoReload', 'a')).toMatchObject({ outcome: 'committed', ms: { rehearse: 0 } })
  })

  describe('what the code that runs would meet as well is not the fault of new code:', () => {
    interface Reading {
      readonly state: { n: number; x: number }
      readonly messages: () => { data: unknown }[]
    }
    const reader = (key: string, more: (state: Reading['state']) => void = () => undefined): TestModule => ({
      key,
      definition: {
        subscribe: ['at'],
        init: () => ({ n: 0, x: 1 }),
        process: ({ state, messages }: Reading) => {
          for (const { data } of messages()) {
            if (typeof data !== 'number') throw new Error('not a number')
            state.x = data
          }
          state.n++
          more(state)
        },
      },
    })

    test.each([
      ['a throw on a message that is on its way', 'garbage'],
      ['a NaN that a message brings', Number.NaN],
    ])('%s', async (_, data) => {
      const living = await pair({ a: counter(), reader: reader('reader 1') })
      await living.execute('publish', 'at', data)
      expect(await living.apply(living.revision({ a: counter(), reader: reader('reader 2') }))).toMatchObject([
        { outcome: 'committed' },
      ])
    })

    test('but what it throws besides is', async () => {
      const living = await pair({ a: counter(), reader: reader('reader 1') })
      await living.execute('publish', 'at', 'garbage')
      // Parked after five missed frames; this one throws in the next of its calls.
      const broken = reader('reader 2', ({ n }) => {
        if (n > 5) throw new Error('six')
      })
      await living.execute('step', 5)
      expect(await living.apply(living.revision({ a: counter(), reader: broken }))).toMatchObject([
        { outcome: 'rejected', phase: 'rehearse', error: { message: 'not a number' } },
      ])
      const other = await pair({ a: counter(), reader: reader('reader 1') })
      await other.execute('publish', 'at', Number.NaN)
      expect(await other.apply(other.revision({ a: counter(), reader: broken }))).toMatchObject([
        { outcome: 'rejected', phase: 'rehearse', error: { message: 'six' } },
      ])
    })
  })
})
