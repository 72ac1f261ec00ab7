// One engine has another compute its frames again; the two share the memory of captures, as two workers do.

import { describe, expect, onTestFinished, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; x: number; seen: unknown[] }
  readonly resources: { total: number }
  readonly random: () => number
  readonly frame: number
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
  readonly after: (seconds: number, topic: string, data: unknown) => void
}

/** All that may determine a state is in state, inputs and code. */
const sound = (step = 1): TestModule => ({
  code: () => ({
    default: {
      subscribe: ['**'],
      init: () => ({ n: 0, x: 1, seen: [] }),
      process: ({ state, random, frame, messages, publish, after }: Context) => {
        state.n += step
        state.x += random()
        for (const { data } of messages()) state.seen = [...state.seen, data].slice(-20)
        if (frame % 3 === 0) publish('third', frame)
        if (frame % 5 === 0) after(0.1, 'later', frame)
      },
    },
  }),
})

const leaking: TestModule = {
  code: () => {
    let count = 0
    return {
      default: {
        init: () => ({ n: 0, x: 1, seen: [] }),
        process: ({ state }: Context) => {
          count++
          state.n = count
        },
      },
    }
  },
}

const withResources = (more: object): TestModule => ({
  code: () => ({
    default: {
      init: () => ({ n: 0 }),
      setup: () => ({ total: 0 }),
      process: ({ state, resources }: Context) => {
        resources.total++
        state.n = resources.total
      },
      ...more,
    },
  }),
})

const snapshots = {
  snapshot: ({ total }: { total: number }) => ({ total }),
  restore: (resources: { total: number }, data: { total: number }) => Object.assign(resources, data),
}

/** A living engine with another as its standby, some frames on. */
async function pair(modules: Readonly<Record<string, TestModule>>): Promise<TestEngine> {
  const living = new TestEngine()
  const standby = new TestEngine({ codeOf: living })
  onTestFinished(() => {
    standby.core.dispose()
    living.core.dispose()
  })
  await living.run(modules)
  await living.execute('step', 20)
  await living.haveStandby(standby)
  return living
}

/** Runs on, until frames were computed again so many times. */
async function verified(lab: TestEngine, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    lab.clock.advance(100_000)
    await lab.execute('step', 30)
    for (let turns = 0; turns < 200; turns++) await Promise.resolve()
  }
}

const problemsOf = (lab: TestEngine) => lab.core.problems.list()

describe('[HS6] frames computed again in the standby', () => {
  test('come out the same where all that determines the future is in state, inputs and code', async () => {
    const lab = await pair({ a: sound(), b: sound(2), c: withResources(snapshots) })
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: true })
    await verified(lab, 5)
    await lab.execute('publish', 'x', { y: 1 })
    await lab.execute('setState', 'a', 'n', 17)
    await verified(lab, 5)
    expect(problemsOf(lab)).toEqual([])
    expect(await lab.execute('status')).toMatchObject({ reproducible: true })
  })

  test('a top-level variable that leaks into the state is told, with frame and field, until other code comes out right', async () => {
    const lab = await pair({ a: sound(), b: leaking })
    await verified(lab, 2)
    expect(problemsOf(lab)).toMatchObject([
      {
        id: 'reproducibility:b',
        source: 'replay',
        severity: 'warning',
        module: 'b',
        file: 'b.ts',
        message: expect.stringMatching(
          /^Frame \d+ of b, computed again, came out another way: state\.n is \d+, and was \d+\.$/,
        ),
        consequence: expect.stringContaining('top-level variable'),
      },
    ])
    expect(await lab.execute('status')).toMatchObject({ reproducible: false })
    expect(lab.eventsOf('status').at(-1)?.status.reproducible).toBe(false)
    // It stands while that code runs, and through a reset.
    await verified(lab, 3)
    await lab.execute('reset')
    await verified(lab, 1)
    expect(problemsOf(lab)).toMatchObject([{ id: 'reproducibility:b' }])
    await lab.run({ a: sound(), b: sound(3) })
    await verified(lab, 1)
    expect(await lab.execute('status')).toMatchObject({ reproducible: false })
    await verified(lab, 3)
    expect(problemsOf(lab)).toEqual([])
    expect(await lab.execute('status')).toMatchObject({ reproducible: true })
  })

  test('resources without `snapshot`, and a snapshot that leaves something out', async () => {
    const lab = await pair({ a: withResources({}) })
    await verified(lab, 1)
    expect(problemsOf(lab)).toMatchObject([{ module: 'a', message: expect.stringContaining('state.n is') }])
    const other = await pair({ a: withResources({ ...snapshots, restore: () => undefined }) })
    await verified(other, 1)
    expect(problemsOf(other)).toMatchObject([{ module: 'a' }])
  })

  test('a call that throws when it is made again, and what was published', async () => {
    const jumpy: TestModule = {
      code: () => {
        let last = 0
        return {
          default: {
            init: () => ({ n: 0 }),
            process: ({ frame }: Context) => {
              if (last > 0 && frame !== last + 1) throw new Error('a jump')
              last = frame
            },
          },
        }
      },
    }
    const publisher: TestModule = {
      code: () => {
        let count = 0
        return {
          default: { init: () => ({ n: 0 }), process: ({ publish }: Context) => publish('n', { count: count++ }) },
        }
      },
    }
    const thrower = await pair({ a: sound(), b: jumpy })
    await verified(thrower, 2)
    expect(problemsOf(thrower)).toMatchObject([
      { module: 'b', message: expect.stringContaining('`process` is an error: a jump, and was no error') },
    ])
    const sender = await pair({ a: publisher, b: sound() })
    await verified(sender, 1)
    expect(problemsOf(sender)).toMatchObject([{ message: expect.stringContaining('count') }])
  })

  test('nothing is asked where a setting or the battery speaks against it', async () => {
    const lab = await pair({ a: leaking })
    expect(await lab.execute('setVerifying', false, 'battery')).toMatchObject({ verifyingOff: 'battery' })
    expect(await lab.execute('setVerifying', false, 'setting')).toMatchObject({ verifyingOff: 'setting' })
    await verified(lab, 2)
    expect(problemsOf(lab)).toEqual([])
    await lab.execute('setVerifying', true, 'setting')
    expect(await lab.execute('setVerifying', true, 'battery')).not.toHaveProperty('verifyingOff')
    await verified(lab, 1)
    expect(problemsOf(lab)).toMatchObject([{ module: 'a' }])
    await expect(lab.execute('setVerifying', true, 'mood')).rejects.toMatchObject({ code: 'malformed-command' })
  })

  test('commits, throws and rollbacks in between do not make a sound program look like none', async () => {
    const lab = await pair({ a: sound(), b: sound(2) })
    const sometimes: TestModule = {
      code: () => ({
        default: {
          init: () => ({ n: 0, x: 1, seen: [] }),
          process: ({ state, frame }: Context) => {
            state.n++
            if (frame % 40 === 7) throw new Error('now and then')
          },
        },
      }),
    }
    for (let i = 0; i < 6; i++) {
      await lab.run({ a: sound(i), b: i % 2 === 0 ? sound(2) : sometimes })
      await verified(lab, 2)
    }
    expect(problemsOf(lab).filter(({ source }) => source === 'replay')).toEqual([])
  })
})
