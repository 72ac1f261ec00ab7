// Whose reload is taken back where a module with new code throws on what another one sends: the one it comes from.

import { describe, expect, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; seen: unknown }
  readonly frame: number
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

/** Counts, and sends its count on; `fault` comes after that. */
const sender = (name: string, version: number, fault: (context: Context) => void = () => undefined): TestModule => ({
  key: `${name} ${String(version)}`,
  definition: {
    init: () => ({ n: 0, seen: 0 }),
    process: (context: Context) => {
      context.state.n++
      if (context.frame % 3 === 0) context.publish(`${name}:at`, context.state.n)
      fault(context)
    },
  },
})

/** Takes numbers only. */
const reader = (
  version: number,
  fault: (context: Context) => void = () => undefined,
  more: object = {},
): TestModule => ({
  key: `reader ${String(version)}`,
  definition: {
    subscribe: ['*:at'],
    init: () => ({ n: 0, seen: 0 }),
    process: (context: Context) => {
      const { state, messages } = context
      for (const { data } of messages()) {
        if (typeof data !== 'number') throw new Error('not a number')
        state.seen = data
      }
      state.n++
      fault(context)
    },
    ...more,
  },
})

const garbage =
  (topic: string, at: number) =>
  ({ frame, publish }: Context): void => {
    if (frame === at) publish(topic, 'garbage')
  }

type Modules = Readonly<Record<string, TestModule>>

const sound: Modules = { a: sender('a', 1), b: sender('b', 1), reader: reader(1) }

/** Each is saved at the end of its frame. */
interface Save {
  readonly frame: number
  readonly modules: Modules
}

async function run(saves: readonly Save[], frames: number, codeOf?: TestEngine): Promise<TestEngine> {
  const lab = new TestEngine(codeOf === undefined ? {} : { codeOf })
  let modules = sound
  await lab.run(modules)
  for (let frame = 1; frame <= frames; frame++) {
    await lab.execute('step', 1)
    for (const save of saves) {
      if (save.frame !== frame) continue
      modules = { ...modules, ...save.modules }
      await lab.run(modules)
    }
  }
  return lab
}

const outcomesOf = (lab: TestEngine): readonly string[] =>
  lab.core.receipts.list().map(({ outcome, modules }) => `${modules.map(({ name }) => name).join()} ${outcome}`)

/** The present is what it would be had only `saves` come. */
async function expectAsIf(lab: TestEngine, saves: readonly Save[]): Promise<void> {
  const plain = await run(saves, lab.core.program.frame, lab)
  expect(lab.core.program.hash()).toBe(plain.core.program.hash())
}

describe('[ML8] where a module throws on what another one sends,', () => {
  test('new code of it that came while that was on its way stays, and the reload it came from is taken back', async () => {
    const good = { frame: 20, modules: { reader: reader(2) } }
    const lab = await run([{ frame: 10, modules: { a: sender('a', 2, garbage('a:at', 20)) } }, good], 30)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'a rolled-back', 'reader committed'])
    await expectAsIf(lab, [good])
    expect(lab.core.receipts.list()[1]?.error?.message).toBe('reader throws on what a gives it now: not a number')
    expect(lab.core.problems.list()).toMatchObject([{ id: 'load:a' }])
    expect(await lab.execute('modules')).toMatchObject([
      { version: 1 },
      { version: 1 },
      { version: 2, status: 'trial', missedFrames: 0 },
    ])
  })

  test('also where the sender got good code at the same time', async () => {
    const good = { frame: 20, modules: { a: sender('a', 3), reader: reader(2) } }
    const lab = await run([{ frame: 10, modules: { a: sender('a', 2, garbage('a:at', 20)) } }, good], 30)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'a rolled-back', 'a,reader committed'])
    await expectAsIf(lab, [good])
    expect(lab.core.problems.list()).toEqual([])
    await lab.execute('step', 120)
    expect(await lab.execute('modules')).toMatchObject([
      { version: 3, status: 'running' },
      { version: 1 },
      { version: 2, status: 'running' },
    ])
  })

  test('two reloads that both send garbage are both taken back, and the reader stays', async () => {
    const good = { frame: 20, modules: { reader: reader(2) } }
    const bad = (name: string, frame: number): Save => ({
      frame,
      modules: { [name]: sender(name, 2, garbage(`${name}:at`, 20)) },
    })
    const lab = await run([bad('a', 10), bad('b', 12), good], 30)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'a rolled-back', 'b rolled-back', 'reader committed'])
    await expectAsIf(lab, [good])
    expect(lab.core.problems.list().map(({ id }) => id)).toEqual(['load:b', 'load:a'])
  })

  test('a reader that throws besides is taken back as well; one that has nothing to do with it stays', async () => {
    const other = { frame: 15, modules: { b: sender('b', 2) } }
    const throwing = reader(2, () => {
      throw new Error('at once')
    })
    const bad = { frame: 10, modules: { a: sender('a', 2, garbage('a:at', 20)) } }
    const lab = await run([bad, other, { frame: 20, modules: { reader: throwing } }], 30)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'a rolled-back', 'b committed', 'reader rolled-back'])
    await expectAsIf(lab, [other])
  })

  test('what went through a third one is blamed on where it came from', async () => {
    const relay = (version: number): TestModule => ({
      key: `b ${String(version)}`,
      definition: {
        subscribe: ['raw'],
        init: () => ({ n: 0 }),
        process: ({ messages, publish }: Context) => {
          for (const { data } of messages()) publish('b:at', data)
        },
      },
    })
    const bad = { frame: 10, modules: { a: sender('a', 2, garbage('raw', 20)) } }
    const saves = [
      { frame: 5, modules: { b: relay(2) } },
      { frame: 21, modules: { reader: reader(2) } },
    ]
    const lab = await run([...saves, bad], 30)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'b committed', 'a rolled-back', 'reader committed'])
    await expectAsIf(lab, saves)
  })

  test('also in a past that is computed again without another reload', async () => {
    const noisy: TestModule = sender('a', 2, ({ frame, publish }) => {
      if (frame === 15) publish('quiet', true)
      if (frame === 30) throw new Error('not this time')
    })
    // Sends garbage where nobody told it to be quiet: in the other past nobody does.
    const listening: TestModule = {
      key: 'b listens',
      definition: {
        subscribe: ['quiet'],
        init: () => ({ n: 0, seen: 0 }),
        process: ({ state, frame, messages, publish }: Context) => {
          state.n++
          if (messages().length > 0) state.seen = 'quiet'
          if (frame === 20 && state.seen !== 'quiet') publish('b:at', 'garbage')
        },
      },
    }
    const saves = [
      { frame: 10, modules: { a: noisy } },
      { frame: 12, modules: { b: listening } },
    ]
    const lab = await run(saves, 40)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'a rolled-back', 'b rolled-back'])
    await expectAsIf(lab, [])
    expect(await lab.execute('modules')).toMatchObject([{}, {}, { status: 'running', missedFrames: 0 }])
  })

  test("what comes from outside is no reload's fault: the frame is missed, as it would have been", async () => {
    const lab = await run([{ frame: 10, modules: { reader: reader(2) } }], 12)
    await lab.execute('publish', 'outside:at', 'garbage')
    await lab.execute('step', 130)
    expect(outcomesOf(lab)).toEqual(['a,b,reader committed', 'reader committed'])
    expect(await lab.execute('modules')).toMatchObject([{}, {}, { version: 2, status: 'failed', missedFrames: 5 }])
    expect(lab.core.problems.list()).toMatchObject([{ id: 'run:reader', message: 'not a number' }])
    expect(lab.core.trials.areOpen).toBe(false)
  })

  test('what `expose` throws, and would have before, is not its fault either', async () => {
    const expose = ({ seen }: { seen: unknown }): number => {
      if (seen === -1) throw new Error('not to be seen')
      return 1
    }
    const exposing = (version: number): TestModule => reader(version, undefined, { expose })
    const dependent: TestModule = {
      key: 'b depends',
      definition: { dependencies: ['reader'], init: () => ({}), process: () => undefined },
    }
    const before = { frame: 2, modules: { b: dependent, reader: exposing(2) } }
    const lab = await run([before, { frame: 130, modules: { reader: exposing(3) } }], 133)
    await lab.execute('publish', 'odd:at', -1)
    await lab.execute('step', 1)
    expect(lab.core.problems.list()).toMatchObject([{ id: 'run:reader', message: 'not to be seen' }])
    await lab.execute('step', 130)
    expect(outcomesOf(lab).at(-1)).toBe('reader committed')
    expect(lab.core.trials.areOpen).toBe(false)
  })
})
