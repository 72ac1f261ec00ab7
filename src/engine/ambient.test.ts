// The globals a module sees, in a running engine (FL5, FL6).

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { readonly seen: unknown[] }
  readonly log: { info: (...values: unknown[]) => void }
}

async function open(modules: Readonly<Record<string, TestModule>>): Promise<TestEngine> {
  const lab = new TestEngine()
  await lab.run(modules)
  return lab
}

describe('globals of a module', () => {
  const withGlobals = (body: (globals: Readonly<Record<string, unknown>>, context: Context) => void): TestModule => ({
    code: (globals) => ({
      default: { init: () => ({ n: 0, seen: [] }), process: (context: Context) => body(globals, context) },
    }),
  })
  const member = (object: unknown, name: string): unknown =>
    typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
  const call = (target: unknown, ...args: unknown[]): unknown => {
    if (typeof target !== 'function') throw new TypeError('not a function')
    return Reflect.apply(target, undefined, args)
  }

  test('[FL5] Date is engine time', async () => {
    const lab = await open({
      a: withGlobals(({ Date: EngineDate }, { state }) => {
        if (typeof EngineDate === 'function') state.seen.push(Number(Reflect.construct(EngineDate, [])))
      }),
    })
    await lab.execute('step', 61)
    const state = await lab.execute('state', 'a')
    const dates: unknown = typeof state === 'object' && state !== null && 'seen' in state ? state.seen : undefined
    expect(Array.isArray(dates) && Number(dates[60]) - Number(dates[0])).toBe(1000)
  })

  test('[FL5] Math.random and setTimeout name what to use', async () => {
    const lab = await open({
      a: withGlobals(({ Math: EngineMath }) => call(member(EngineMath, 'random'))),
      b: withGlobals(({ setTimeout }) => call(setTimeout, () => undefined, 10)),
    })
    await lab.execute('step', 1)
    expect(await lab.execute('modules')).toMatchObject([
      { error: { message: expect.stringContaining('`random`') } },
      { error: { message: expect.stringContaining('after(') } },
    ])
  })

  test('[FL6] console and log carry moment, module and level, repeats folded', async () => {
    const lab = await open({
      a: withGlobals(({ console }, { log }) => {
        call(member(console, 'warn'), 'careful', { x: 1 })
        log.info('n is', 3)
      }),
      b: withGlobals(({ console }) => call(member(console, 'log'), 'same')),
    })
    await lab.execute('step', 1)
    expect(await lab.execute('logs', {})).toMatchObject([
      { module: 'a', level: 'warning', text: 'careful { x: 1 }', moment: { timeline: 0, frame: 1 } },
      { module: 'a', level: 'info', text: 'n is 3' },
      { module: 'b', level: 'info', text: 'same' },
    ])
    expect(await lab.execute('logs', { level: 'warning' })).toHaveLength(1)
  })
})
