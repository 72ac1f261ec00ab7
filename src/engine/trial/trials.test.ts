// A reload that fails in its first frames is taken back, and the present is as if it had never been.

import { describe, expect, test } from 'vitest'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { busy, drive, good, rolledBack, throwing } from './testing-busy.ts'
import type { Context } from './testing-busy.ts'

interface Script {
  readonly before?: Readonly<Record<string, TestModule>>
  readonly after: Readonly<Record<string, TestModule>>
  readonly history?: NonNullable<ConstructorParameters<typeof TestEngine>[0]>['history']
}

/** Ten frames of `before`, then `after`, up to 60 frames in all; and the same without the reload. */
async function compare({
  before = good,
  after,
  history = {},
}: Script): Promise<{ lab: TestEngine; plain: TestEngine }> {
  const lab = new TestEngine({ history })
  await lab.run(before)
  await drive(lab, 10)
  await lab.run(after)
  await drive(lab, 50)
  const plain = new TestEngine({ codeOf: lab })
  await plain.run(before)
  await drive(plain, 60)
  return { lab, plain }
}

describe('[ML8] a reload on trial that', () => {
  test('throws is taken back: the present is as if it had never been, and the user is told where and why', async () => {
    const { lab, plain } = await compare({ after: { ...good, a: busy('a2', throwing(25)) } })
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
    expect(rolledBack(lab)).toMatchObject([
      { id: 2, phase: 'trial', moment: { frame: 10 }, error: { message: 'not this time', file: 'a.ts' } },
    ])
    expect(lab.core.receipts.list().map(({ outcome }) => outcome)).toEqual(['committed', 'rolled-back'])
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      {
        id: 'load:a',
        message: 'not this time',
        moment: { frame: 25 },
        consequence: expect.stringMatching(/^v1 runs again/),
      },
    ])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running', missedFrames: 0 }, {}, {}])
    expect(await lab.execute('logs', { text: 'Taken back' })).toMatchObject([
      { text: 'Taken back to v1: not this time' },
    ])
    // The text is left out until it changes; the next good one runs.
    expect(await lab.run({ ...good, a: busy('a2', throwing(25)) })).toEqual([])
    expect(await lab.run({ ...good, a: busy('a3') })).toMatchObject([{ outcome: 'committed' }])
    await drive(lab, 130)
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ version: 3, status: 'running' }, {}, {}])
  })

  test('stands for 120 frames and ten calls is a trial no more: what it replaced is disposed then', async () => {
    const disposed: number[] = []
    const world = (version: number) => ({
      setup: ({ onDispose }: { onDispose: (dispose: () => void) => void }) => {
        onDispose(() => disposed.push(version))
        return version
      },
    })
    const lab = new TestEngine()
    await lab.run({ a: { ...busy('a1', undefined, world(1)), text: '1' } })
    await lab.run({
      a: { ...busy('a2', undefined, { ...world(2), setup: (context: never) => world(2).setup(context) }) },
    })
    await lab.execute('step', 119)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'trial' }])
    expect(disposed).toEqual([])
    await lab.execute('step', 1)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'running' }])
    expect(disposed).toEqual([1])
  })

  test('is called seldom is on trial for ten calls', async () => {
    const slow = (key: string) => ({ ...busy(key), manifest: { hz: 3 } })
    const lab = new TestEngine()
    await lab.run({ a: slow('a1') })
    await lab.run({ a: slow('a2') })
    await lab.execute('step', 199)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'trial' }])
    await lab.execute('step', 1)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'running' }])
  })

  test('makes a NaN where none was is taken back, and the field is named', async () => {
    const spoil = ({ state, frame }: Context): void => {
      if (frame === 20) state['bodies'] = [{ x: 1 }, { x: NaN }]
    }
    const { lab, plain } = await compare({ after: { ...good, a: busy('a2', spoil) } })
    expect(rolledBack(lab)).toMatchObject([
      {
        error: {
          message: expect.stringMatching(/^state\.bodies\[1\]\.x is NaN, which it was not before\..*allowNaN: true/),
        },
      },
    ])
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
  })

  test('goes on with a NaN that was there, or allows them, stays', async () => {
    const spoil = ({ state }: Context): void => void (state['x'] = NaN)
    const before = { ...good, a: busy('a1', spoil) }
    const one = await compare({ before, after: { ...good, a: busy('a2', spoil) } })
    const two = await compare({ after: { ...good, a: busy('a2', spoil, { allowNaN: true }) } })
    for (const { lab } of [one, two]) expect(rolledBack(lab)).toEqual([])
  })

  test('makes a state that `validate` refuses is taken back', async () => {
    const validate = ({ n }: { n: number }): string | undefined => (n > 30 ? `n is ${Math.floor(n)}` : undefined)
    const { lab, plain } = await compare({ after: { ...good, a: busy('a2', undefined, { validate }) } })
    expect(rolledBack(lab)).toMatchObject([
      { error: { message: expect.stringMatching(/`validate` refuses the state: n is \d\d/), file: 'a.ts' } },
    ])
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
  })

  test('makes another module throw, which reads what it sends, is taken back', async () => {
    const strict = busy('c1', ({ state }) => {
      for (const item of state.seen) if (Array.isArray(item) && item[0] === 'garbage') throw new Error('garbage in')
    })
    const before = { ...good, c: strict }
    const { lab, plain } = await compare({
      before,
      after: { ...before, a: busy('a2', ({ publish, frame }) => frame === 30 && publish('n', 'garbage')) },
    })
    expect(rolledBack(lab)).toMatchObject([
      { modules: [{ name: 'a' }], error: { message: 'c throws on what a gives it now: garbage in', file: 'c.ts' } },
    ])
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([{ id: 'load:a' }])
  })

  test('is innocent of what a reader throws anyway stays', async () => {
    const before = { ...good, c: busy('c1', throwing(30)) }
    const { lab } = await compare({ before, after: { ...before, a: busy('a2') } })
    expect(rolledBack(lab)).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ version: 2 }, {}, { missedFrames: 1 }])
  })

  test('throws while another came after it: the later one is done again in the new past', async () => {
    const lab = new TestEngine()
    await lab.run(good)
    await drive(lab, 10)
    const failing = busy('a2', throwing(30))
    await lab.run({ ...good, a: failing })
    await drive(lab, 5)
    const newer = busy('c2', ({ state }) => void (state['newer'] = true), {
      init: () => ({ n: 0, seen: [], added: 5 }),
    })
    await lab.run({ ...good, a: failing, c: newer })
    await drive(lab, 45)
    const plain = new TestEngine({ codeOf: lab })
    await plain.run(good)
    await drive(plain, 15)
    await plain.run({ ...good, c: newer })
    await drive(plain, 45)
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
    expect(lab.core.receipts.list().map(({ outcome }) => outcome)).toEqual(['committed', 'rolled-back', 'committed'])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }, {}, { version: 2, status: 'trial' }])
  })

  test.each<[string, (context: Context) => void]>([
    ['what no state may hold', ({ state, frame }) => void (frame === 30 && (state['how'] = () => 1))],
    ['NaN', ({ state, frame }) => void (frame === 30 && (state['x'] = NaN))],
  ])('leaves %s in the frame before a good one comes is taken back, and the good one stays', async (_, fault) => {
    const lab = new TestEngine()
    await lab.run(good)
    await drive(lab, 10)
    await lab.run({ ...good, a: busy('a2', fault) })
    await drive(lab, 20)
    const repaired = { ...good, a: busy('a3') }
    await lab.run(repaired)
    await drive(lab, 150)
    const plain = new TestEngine({ codeOf: lab })
    await plain.run(good)
    await drive(plain, 30)
    await plain.run(repaired)
    await drive(plain, 150)
    expect(lab.core.receipts.list().map(({ outcome }) => outcome)).toEqual(['committed', 'rolled-back', 'committed'])
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
    expect(await lab.execute('modules')).toMatchObject([{ version: 3, status: 'running' }, {}, {}])
  })

  test('throws after twenty saves in a row, all of them bad: the last good version runs, nothing else changed', async () => {
    const lab = new TestEngine()
    await lab.run(good)
    await drive(lab, 10)
    for (let save = 0; save < 20; save++) {
      await lab.run({ ...good, a: busy(`bad ${String(save)}`, throwing(31)) })
      await drive(lab, 1)
    }
    await drive(lab, 30)
    const plain = new TestEngine({ codeOf: lab })
    await plain.run(good)
    await drive(plain, 60)
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
    expect(rolledBack(lab)).toHaveLength(20)
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }, {}, {}])
  })

  test('throws when the reload before it would have been proven, had it run: that one is on trial as it comes back', async () => {
    const lab = new TestEngine()
    await lab.run({ a: busy('a1'), c: good.c })
    await drive(lab, 10)
    const old = (save: string, end: number) =>
      busy(save, ({ state }: Context): void => {
        const age = state['of'] === save ? Number(state['age']) + 1 : 1
        Object.assign(state, { of: save, age })
        if (age === end) throw new Error(`${save} is old`)
      })
    await lab.run({ a: old('a2', 60), c: good.c })
    await drive(lab, 50)
    await lab.run({ a: old('a3', 90), c: good.c })
    await drive(lab, 100)
    // The first throws in the past without the second.
    expect(rolledBack(lab)).toMatchObject([
      { id: 3, error: { message: 'a3 is old' } },
      { id: 2, error: { message: 'a2 is old' } },
    ])
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running', missedFrames: 0 }, {}])
  })

  test('fails while failures are to pause stays at the failing frame, and is taken back on the way on', async () => {
    const lab = new TestEngine()
    await lab.execute('setPauseOnFailure', true)
    await lab.run(good)
    await drive(lab, 10)
    await lab.run({ ...good, a: busy('a2', throwing(25)) })
    await lab.execute('resume')
    lab.clock.advance(1000)
    expect(await lab.execute('status')).toMatchObject({ paused: true, frame: 25, pausesOnFailure: true })
    expect(await lab.execute('modules')).toMatchObject([{ version: 2, status: 'trial', missedFrames: 1 }, {}, {}])
    expect(rolledBack(lab)).toEqual([])
    await lab.execute('setState', 'b', 'n', 5)
    await lab.execute('step', 1)
    expect(rolledBack(lab)).toHaveLength(1)
    const plain = new TestEngine({ codeOf: lab })
    await plain.run(good)
    await drive(plain, 10)
    await plain.execute('step', 15)
    await plain.execute('setState', 'b', 'n', 5)
    await plain.execute('step', 1)
    expect(lab.core.program.hash()).toBe(plain.core.program.hash())
  })

  test('is undone by hand is on trial no more', async () => {
    const lab = new TestEngine()
    await lab.run(good)
    await lab.execute('step', 5)
    await lab.run({ ...good, a: busy('a2') })
    await lab.execute('step', 5)
    await lab.execute('undoReload', 'a')
    expect(await lab.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}, {}])
  })
})
