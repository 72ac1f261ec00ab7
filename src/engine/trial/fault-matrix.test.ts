// Every fault of a save that the engine can meet without another thread, in every situation a save comes in: the other modules are
// exactly where they would be without it, the guilty one has its last good code and state, the user is told where and why, and the
// next good save recovers. And a thousand and more frames of random faults.

import { describe, expect, test } from 'vitest'
import { createRandom } from '../random.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; tanks: { x: number; hp: number }[]; [field: string]: unknown }
  readonly frame: number
  readonly random: () => number
  readonly input: { readonly pressed: (code: string) => boolean }
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

const file = 'guilty.ts'

/** What the guilty module does when nothing is wrong; `more` lies over it. */
function guilty(key: string, more: object = {}, fault: (context: Context) => void = () => undefined): TestModule {
  return {
    key: `guilty ${key}`,
    definition: {
      subscribe: ['news:*'],
      init: () => ({ n: 0, tanks: Array.from({ length: 20 }, (_, i) => ({ x: i, hp: 3 })) }),
      process: (context: Context) => {
        const { state, random, messages, publish, frame } = context
        state.n += 1 + messages().length
        for (const tank of state.tanks) tank.x += random()
        if (frame % 4 === 0) publish('guilty:at', state.n)
        fault(context)
      },
      ...more,
    },
  }
}

/** Goes by its own count and by what comes from outside and from its like; never by the guilty one. */
function healthy(key: string, name: string): TestModule {
  return {
    key: `${name} ${key}`,
    definition: {
      subscribe: ['news:*', 'outside'],
      init: () => ({ n: 0, heard: 0, tanks: Array.from({ length: 20 }, (_, i) => ({ x: i, hp: 3 })) }),
      process: ({ state, random, input, messages, publish, frame }: Context) => {
        const heard = messages().length
        state['heard'] = Number(state['heard']) + heard
        state.n += random() + (input.pressed('KeyA') ? 10 : 0)
        for (const tank of state.tanks) tank.x += state.n
        if (frame % 3 === 0) publish(`news:${name}`, state.n)
      },
    },
  }
}

/** Depends on the guilty one, so that its faults reach it. */
const reader: TestModule = {
  key: 'reader',
  definition: {
    subscribe: ['guilty:at'],
    init: () => ({ n: 0, seen: 0 }),
    process: ({ state, messages }: Context) => {
      for (const { data } of messages()) {
        if (typeof data !== 'number') throw new Error('not a number')
        state['seen'] = data
      }
      state.n++
    },
  },
}

interface Fault {
  readonly name: string
  readonly module: () => TestModule
  /** Refused before it runs, or taken back after it ran; or neither: told of only. */
  readonly ends: 'rejected' | 'rolled-back' | 'committed'
  readonly message: RegExp
}

/** In that frame of the version's life; the same when the frame is computed again. */
const later = (frames: number, fault: (context: Context) => void) => {
  let first: number | undefined
  return (context: Context): void => {
    first ??= context.frame
    if (context.frame === first + frames - 1) fault(context)
  }
}
const fail = (message: string) => (): never => {
  throw new Error(message)
}
const deep = (): number => 1 + deep()

const faults: readonly Fault[] = [
  {
    name: 'a syntax error',
    module: () => ({ error: { message: 'Unexpected token', file, line: 4, column: 2 } }),
    ends: 'rejected',
    message: /Unexpected token/,
  },
  {
    name: 'a throw at load',
    module: () => ({ code: fail('not today') }),
    ends: 'rejected',
    message: /not today/,
  },
  {
    name: 'a bad definition',
    module: () => guilty('bad', { process: 5 }),
    ends: 'rejected',
    message: /`process` must be a function/,
  },
  {
    name: 'a cyclic dependency',
    module: () => guilty('cycle', { dependencies: ['guilty'] }),
    ends: 'rejected',
    message: /in a circle/,
  },
  {
    name: 'an init that throws',
    module: () => guilty('init', { init: fail('no seeds') }),
    ends: 'rejected',
    message: /no seeds/,
  },
  {
    name: 'a migrate that throws',
    module: () => guilty('migrate', { stateVersion: 2, migrate: fail('too old') }),
    ends: 'rejected',
    message: /too old/,
  },
  {
    name: 'a migrate that returns garbage',
    module: () => guilty('garbage', { stateVersion: 2, migrate: () => 5 }),
    ends: 'rejected',
    message: /returned another state/,
  },
  {
    name: 'a field of another type',
    module: () => guilty('retyped', { init: () => ({ n: 'none', tanks: [] }) }),
    ends: 'rejected',
    message: /state\.n is a number|can't be brought over/,
  },
  {
    name: 'a validate that refuses at once',
    module: () => guilty('validate', { validate: () => 'never' }),
    ends: 'rejected',
    message: /never/,
  },
  {
    name: 'a setup that throws',
    module: () => guilty('setup', { setup: fail('no ground') }),
    ends: 'rejected',
    message: /no ground/,
  },
  {
    name: 'a setup that rejects',
    module: () => guilty('setup rejects', { setup: () => Promise.reject(new Error('no water')) }),
    ends: 'rejected',
    message: /no water/,
  },
  {
    name: 'a throw on the first frame',
    module: () => guilty('first', {}, fail('first frame')),
    ends: 'rolled-back',
    message: /first frame/,
  },
  {
    name: 'a throw on frame 60',
    module: () => guilty('sixty', {}, later(60, fail('frame 60'))),
    ends: 'rolled-back',
    message: /frame 60/,
  },
  {
    name: 'a stack overflow',
    module: () =>
      guilty(
        'stack',
        {},
        later(5, () => void deep()),
      ),
    ends: 'rolled-back',
    message: /call stack/,
  },
  {
    name: 'a promise from process',
    module: () => guilty('promise', { process: () => Promise.resolve() }),
    ends: 'rolled-back',
    message: /returned a promise/,
  },
  {
    name: 'a field turned NaN',
    module: () =>
      guilty(
        'nan',
        {},
        later(7, ({ state }) => void (state.tanks[3] = { x: NaN, hp: 3 })),
      ),
    ends: 'rolled-back',
    message: /state\.tanks\[3\]\.x is NaN/,
  },
  {
    name: 'a state made illegal',
    module: () =>
      guilty(
        'illegal',
        {},
        later(5, ({ state }) => void (state['onHit'] = () => 1)),
      ),
    ends: 'rolled-back',
    message: /onHit is a function/,
  },
  {
    name: 'a state that validate refuses later',
    module: () =>
      guilty('validate later', {
        validate: ({ n, added }: { n: number; added?: number }) => (n - (added ?? 0) > 1e6 ? 'too many' : undefined),
        process: later(5, ({ state }) => void (state.n += 1e9)),
      }),
    ends: 'rolled-back',
    message: /too many/,
  },
  {
    name: 'garbage published that makes another throw',
    module: () =>
      guilty(
        'publishes',
        {},
        later(6, ({ publish }) => publish('guilty:at', 'garbage')),
      ),
    ends: 'rolled-back',
    message: /reader throws on what guilty gives it now: not a number/,
  },
  {
    name: 'an expose that throws',
    module: () => guilty('expose', { expose: fail('nothing to see') }),
    ends: 'rolled-back',
    message: /nothing to see/,
  },
]

const modules = (module: TestModule, others: string = '1') => ({
  one: healthy('1', 'one'),
  guilty: module,
  two: healthy(others, 'two'),
  reader,
  seer: {
    key: 'seer',
    definition: { dependencies: ['guilty'], init: () => ({}), process: () => undefined },
  },
})

/** Frames with inputs at fixed places. */
async function drive(lab: TestEngine, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    const frame = lab.core.program.frame + 1
    if (frame % 6 === 0) await lab.execute('input', { kind: 'key', code: 'KeyA', down: frame % 12 === 0 })
    if (frame % 9 === 0) await lab.execute('publish', 'outside', frame)
    await lab.execute('step', 1)
  }
}

const isSettled = 100

type Situation = (lab: TestEngine, module: TestModule | undefined, next: () => TestModule) => Promise<void>

/** Each does its frames whether `module` comes or not, so that the two runs can be compared. */
const situations: Readonly<Record<string, Situation>> = {
  'while running': async (lab, module) => {
    await drive(lab, 10)
    if (module !== undefined) await lab.run(modules(module))
    await drive(lab, isSettled)
  },
  'while paused, at a boundary with edits': async (lab, module) => {
    await drive(lab, 10)
    await lab.execute('setState', 'one', 'n', 5)
    if (module !== undefined) await lab.run(modules(module))
    await lab.execute('publish', 'outside', 'at the same boundary')
    await drive(lab, isSettled)
  },
  'while another is on trial': async (lab, module) => {
    await drive(lab, 10)
    await lab.run(modules(guilty('0'), '2'))
    await drive(lab, 10)
    if (module !== undefined) await lab.run(modules(module, '2'))
    await drive(lab, isSettled)
  },
  'in twenty saves in one second': async (lab, module, next) => {
    await drive(lab, 10)
    for (let save = 0; save < 20; save++) {
      if (module !== undefined) {
        const one = save === 0 ? module : next()
        await lab.run(modules('key' in one ? { ...one, key: `${String(one.key)} save ${String(save)}` } : one))
      }
      await drive(lab, 3)
    }
    await drive(lab, isSettled)
  },
}

/** States of all but the guilty one and who lives by it. */
async function othersOf(lab: TestEngine): Promise<readonly unknown[]> {
  return Promise.all(['one', 'two'].map((name) => lab.execute('state', name)))
}

for (const [situation, run] of Object.entries(situations)) {
  describe(`[ML8] a fault ${situation}`, () => {
    test.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
      const lab = new TestEngine()
      await lab.run(modules(guilty('0')))
      await run(lab, fault.module(), fault.module)
      const plain = new TestEngine({ codeOf: lab })
      await plain.run(modules(guilty('0')))
      await run(plain, undefined, fault.module)

      // Nobody else noticed, and the guilty one is as if nothing had been.
      expect(await othersOf(lab)).toEqual(await othersOf(plain))
      expect(await lab.execute('state', 'guilty')).toEqual(await plain.execute('state', 'guilty'))
      expect(lab.core.program.hash()).toBe(plain.core.program.hash())
      // It is told where and why.
      const told = lab
        .eventsOf('problems')
        .at(-1)
        ?.problems.find(({ module }) => module === 'guilty')
      const receipt = lab.core.receipts.list().findLast(({ outcome }) => outcome === fault.ends)
      expect(receipt?.error?.message).toMatch(fault.message)
      expect(receipt?.error?.file).toBeDefined()
      if (fault.name !== 'a syntax error') expect(told?.message).toMatch(fault.message)
      // The next good save recovers, on the state that was.
      const before = await lab.execute('state', 'guilty')
      expect(await lab.run(modules(guilty('good'), situation.includes('trial') ? '2' : '1'))).toMatchObject([
        { outcome: 'committed' },
      ])
      expect(await lab.execute('state', 'guilty')).toEqual(before)
      await drive(lab, 130)
      expect(lab.core.problems.list()).toEqual([])
      expect(lab.core.program.module('guilty')?.missedFrames).toBe(0)
    })
  })
}

test('[ML8] chaos: 1 800 frames, each with 5 % chance of a random fault, leave the healthy modules where they would be', async () => {
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))
  const random = createRandom(seed, 'chaos', 'test', 0)
  const lab = new TestEngine({ history: { byteLimit: 2 ** 23 } })
  await lab.run(modules(guilty('0')))
  let count = 0
  for (let frame = 0; frame < 1800; frame++) {
    if (random() < 0.05) {
      const fault = random.pick(faults).module()
      await lab.run(modules('key' in fault ? { ...fault, key: `${String(fault.key)} ${String(++count)}` } : fault))
    }
    await drive(lab, 1)
  }
  const plain = new TestEngine({ codeOf: lab })
  await plain.run(modules(guilty('0')))
  await drive(plain, 1800)
  expect(await othersOf(lab), `CHAOS_SEED=${String(seed)}`).toEqual(await othersOf(plain))
  expect(await lab.run(modules(guilty('good')))).toMatchObject([{ outcome: 'committed' }])
  await drive(lab, 130)
  expect(lab.core.problems.list(), `CHAOS_SEED=${String(seed)}`).toEqual([])
}, 60_000)
