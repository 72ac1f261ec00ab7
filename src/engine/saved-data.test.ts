// What modules save, and find in `init`.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyForSaving } from './saved-data.ts'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { best: number }
  readonly frame: number
  readonly publish: (topic: string, data: unknown) => void
}

/** Saves its frame in every fifth, and begins with the best there was. */
const keeper = (key = 'one', more: object = {}): TestModule => ({
  key,
  definition: {
    init: ({ saved }: { saved: Readonly<Record<string, unknown>> }) => ({ best: Number(saved['best'] ?? 0) }),
    process: ({ state, frame, publish }: Context) => {
      if (frame % 5 !== 0) return
      state.best += frame
      publish('save:best', state.best)
    },
    ...more,
  },
})

const best = async (lab: TestEngine): Promise<unknown> => {
  const state: unknown = await lab.execute('state', 'a')
  return typeof state === 'object' && state !== null && 'best' in state ? state.best : undefined
}

describe('[SV1] saved data', () => {
  test('is an output of the frame, and found at the next reset', async () => {
    const lab = new TestEngine()
    await lab.run({ a: keeper() })
    await lab.execute('step', 11)
    expect(lab.eventsOf('outputs').map(({ moment, outputs }) => [moment.frame, outputs])).toEqual([
      [5, [{ kind: 'save', module: 'a', key: 'best', data: 5 }]],
      [10, [{ kind: 'save', module: 'a', key: 'best', data: 15 }]],
    ])
    await lab.execute('reset')
    expect(await best(lab)).toBe(15)
  })

  test('comes from outside before the program opens; a module changes its own copy alone', async () => {
    const lab = new TestEngine()
    await lab.execute('setSaved', { a: { best: 7, list: [1] }, other: { best: 1 } })
    const greedy = keeper('greedy', {
      init: ({ saved }: { saved: { best: number; list: number[] } }) => {
        saved.list.push(2)
        return { best: saved.best, list: saved.list }
      },
    })
    await lab.run({ a: greedy })
    expect(await lab.execute('state', 'a')).toEqual({ best: 7, list: [1, 2] })
    await lab.execute('reset')
    expect(await lab.execute('state', 'a')).toEqual({ best: 7, list: [1, 2] })
  })

  test('is an input of frame 0: another engine makes the same state of it, whatever was saved since', async () => {
    const lab = new TestEngine()
    await lab.execute('setSaved', { a: { best: 7 } })
    const revision = lab.revision({ a: keeper() })
    await lab.apply(revision)
    await lab.execute('step', 12)
    await lab.execute('resetModule', 'a')
    await lab.execute('step', 3)
    const other = new TestEngine({ codeOf: lab })
    const captures = lab.core.history.capture.store.buffer
    const source = { revision, texts: revision.texts, entries: lab.core.history.journal.since(0), captures }
    await other.execute('takeOver', structuredCloneBut(source))
    await other.execute('step', 1)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
    expect(await best(other)).toBe(await best(lab))
  })

  test('a rollback computes the past with what had been saved then', async () => {
    const lab = new TestEngine()
    await lab.execute('setSaved', { a: { best: 7 } })
    await lab.run({ a: keeper() })
    await lab.execute('step', 6)
    await lab.execute('resetModule', 'a')
    const bad = (context: Context): void => {
      if (context.frame === 12) throw new Error('not this time')
      context.publish('save:bad', context.frame)
    }
    await lab.run({ a: keeper('two', { process: bad }) })
    await lab.execute('step', 8)
    expect(await best(lab)).toBe(12 + 10)
    expect(await lab.execute('receipts')).toMatchObject([
      {},
      {},
      { outcome: 'rolled-back', alreadySent: [{ kind: 'save', module: 'a', what: 'bad', count: 5, lastFrame: 11 }] },
    ])
  })

  test('a reload keeps the state whatever was saved', async () => {
    const lab = new TestEngine()
    await lab.execute('setSaved', { a: { best: 7 } })
    await lab.run({ a: keeper() })
    await lab.execute('step', 5)
    const [receipt] = await lab.run({ a: keeper('two') })
    expect(receipt).toMatchObject({ outcome: 'committed' })
    expect(await best(lab)).toBe(12)
  })
})

test('[SV1] whatever comes as saved data, it is found as it came or refused, and the program runs on', async () => {
  const lab = new TestEngine()
  await lab.run({
    a: {
      definition: {
        init: ({ saved }: { saved: Readonly<Record<string, unknown>> }) => ({ found: { ...saved }, n: 0 }),
        process: ({ state }: { state: { n: number } }) => void state.n++,
      },
    },
  })
  const values = fc.dictionary(fc.string(), fc.jsonValue())
  const given = fc.oneof(
    fc.record({ a: values }),
    fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue()),
    fc.anything(),
  )
  await fc.assert(
    fc.asyncProperty(given, async (saved) => {
      const refused: unknown = await lab.execute('setSaved', saved).then(
        () => undefined,
        (error: unknown) => error,
      )
      const isTaken = refused === undefined
      if (!isTaken) expect(refused).toMatchObject({ code: 'malformed-command' })
      const before = await lab.execute('state', 'a')
      await lab.execute('resetModule', 'a')
      const found: unknown = Reflect.get(Object(isTaken ? saved : undefined), 'a') ?? {}
      if (isTaken) expect(await lab.execute('state', 'a')).toEqual({ found, n: 0 })
      else expect(before).toBeDefined()
      await lab.execute('step', 1)
      expect(await lab.execute('state', 'a')).toMatchObject({ n: 1 })
      expect(lab.core.problems.list()).toEqual([])
    }),
    { numRuns: 100 },
  )
})

describe('[SV2] what can be saved', () => {
  const refusal = (data: unknown): string => {
    try {
      copyForSaving('save:game', data)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    return ''
  }

  test('is what JSON holds, and comes back as it was', () => {
    const data = { n: 1.5, text: 'x', yes: true, none: null, list: [[1], { a: 1 }], ['__proto__x']: 1 }
    expect(copyForSaving('save:game', { ...data, gone: undefined })).toEqual(data)
    expect(copyForSaving('save:game', 3)).toBe(3)
  })

  test('all else is refused, with its place', () => {
    const cycle: { self?: object } = {}
    cycle.self = cycle
    expect(refusal({ players: new Map() })).toMatch(
      /^save:game: data.players is a Map\. Saved data holds what JSON can/,
    )
    expect(refusal({ list: [1, Number.NaN] })).toMatch(/data\.list\[1\] is NaN/)
    expect(refusal([undefined])).toMatch(/data\[0\] is undefined/)
    expect(refusal({ 'a b': () => 1 })).toMatch(/data\["a b"\] is a function/)
    expect(refusal(1n)).toMatch(/data is the bigint 1/)
    expect(refusal(cycle)).toMatch(/data\.self holds itself/)
    expect(refusal(new Date(0))).toMatch(/data is a Date/)
  })

  test('a refusal is an error of the call, and saves nothing', async () => {
    const lab = new TestEngine()
    const process = ({ publish }: Context): void => publish('save:x', new Map())
    await lab.run({ a: keeper('bad', { process }) })
    await lab.execute('step', 1)
    expect(lab.eventsOf('outputs')).toEqual([])
    expect(lab.core.program.module('a')?.error?.message).toMatch(/save:x: data is a Map/)
  })
})

/** Captures are shared memory; all else is cloned on its way to another worker. */
function structuredCloneBut<Source extends { readonly captures: unknown }>(source: Source): Source {
  const { captures, ...rest } = source
  return { ...source, ...structuredClone(rest), captures }
}
