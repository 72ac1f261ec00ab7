// A getter in a state that does not come to an end when the state is read: the engine that goes on never reads it.

import { describe, expect, test } from 'vitest'
import type { ProgramRevision } from '../../protocol/code.ts'
import type { TakeOver } from '../../protocol/journal.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; tanks: object[] }
  readonly frame: number
}

/** Every read of the getter that the module puts into its state in that frame. */
const makesGetter = (at: number, reads: unknown[]): TestModule => ({
  definition: {
    init: () => ({ n: 0, tanks: [{ x: 1 }] }),
    process: ({ state, frame }: Context) => {
      state.n++
      const get = (): number => reads.push(frame)
      if (frame === at) Object.defineProperty(state.tanks[0], 'area', { get, enumerable: true, configurable: true })
    },
  },
})

const counts: TestModule = {
  key: 'counts',
  definition: {
    init: () => ({ n: 0, tanks: [{ x: 1 }] }),
    process: ({ state }: Context) => {
      state.n++
    },
  },
}

const message = 'Reading the state of a did not come to an end (a getter?) within 1 s in frame 12'

function sourceOf(
  lab: TestEngine,
  revision: ProgramRevision,
  more: Pick<TakeOver, 'at' | 'reached'>,
  texts: readonly ProgramRevision[] = [],
): TakeOver {
  return {
    ...structuredClone({
      revision,
      texts: texts.flatMap((one) => one.texts),
      entries: lab.core.history.journal.since(0),
      receipts: lab.core.receipts.list(),
    }),
    captures: lab.core.history.capture.store.buffer,
    guilty: { module: 'a', phase: 'capture', error: { message, file: 'a.ts' } },
    ...more,
  }
}

describe('[ML9] a state that can not be read to its end', () => {
  test.each([
    ['while the program stood, after the frame that made it so', { at: 'boundary' }],
    ['as the next frame began, and captures are older', { at: 'start', reached: 13 }],
  ] as const)('%s: the version before goes on from the state of the frame before', async (_, more) => {
    const reads: unknown[] = []
    const lab = new TestEngine()
    const first = lab.revision({ a: counts, b: counts })
    const second = lab.revision({ a: makesGetter(12, reads), b: counts })
    await lab.apply(first)
    await lab.execute('step', 10)
    await lab.apply(second)
    await lab.execute('step', 2)

    const other = new TestEngine({ codeOf: lab })
    const source = sourceOf(lab, second, {}, [first])
    await other.execute('takeOver', { ...source, ...more })
    expect(await other.execute('modules')).toMatchObject([{ version: 1, status: 'running' }, {}])
    expect(await other.execute('state', 'a')).toEqual({ n: 11, tanks: [{ x: 1 }] })
    await other.execute('step', 5)
    const { frame } = other.core.program
    expect(await other.execute('state', 'a')).toMatchObject({ n: frame - 1 })
    expect(await other.execute('state', 'b')).toMatchObject({ n: frame })
    await other.execute('stateHash')
    expect(reads).toEqual([])
    const told = `${message}: state.tanks[0].area is an accessor (get or set): use a plain property, and compute in \`process\``
    expect(other.core.problems.list()).toMatchObject([{ id: 'load:a', message: told, consequence: 'v1 runs on' }])
    expect(other.core.receipts.list().map(({ outcome }) => outcome)).toEqual(['committed', 'rolled-back', 'committed'])
    // Its line, found later, is told with it.
    await other.execute('locateError', message, { file: 'a.ts', line: 4, column: 2 })
    expect(other.core.problems.list()).toMatchObject([{ message: told, line: 4 }])
    expect(other.core.receipts.list()[1]).toMatchObject({ error: { message: told, line: 4 } })
    // What is computed from captures of before has the missed call too.
    const made = other.core.history.journal.after(other.core.program.timeline, 0)
    expect(made.filter(({ input }) => input.kind === 'missed')).toMatchObject([{ frame: 12, input: { module: 'a' } }])
  })

  test('with no version before: it is stopped with that state, until good code comes', async () => {
    const reads: unknown[] = []
    const lab = new TestEngine()
    const revision = lab.revision({ a: makesGetter(12, reads), b: counts })
    await lab.apply(revision)
    await lab.execute('step', 12)
    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', sourceOf(lab, revision, { at: 'boundary' }))
    await other.execute('step', 5)
    expect(await other.execute('state', 'a')).toMatchObject({ n: 11 })
    expect(await other.execute('modules')).toMatchObject([{ status: 'failed' }, { status: 'running' }])
    expect(await other.apply(lab.revision({ a: counts, b: counts }))).toMatchObject([{ outcome: 'committed' }])
    await other.execute('step', 5)
    expect(await other.execute('state', 'a')).toMatchObject({ n: 16 })
    expect(reads).toEqual([])
  })

  test("whoever reads it, it is shown as that module's call", async () => {
    const calls: string[] = []
    let call = ''
    const pulse = {
      enter: (module: string, phase: string) => void (call = `${module} ${phase}`),
      leave: () => void (call = 'nobody'),
      frame: () => undefined,
    }
    const lab = new TestEngine({ pulse })
    const get = (): number => calls.push(call)
    const definition = {
      init: () => ({ n: 0 }),
      process: ({ state, frame }: Context) =>
        frame === 3 && Object.defineProperty(state, 'odd', { get, enumerable: true, configurable: true }),
    }
    await lab.run({ a: { definition }, b: counts })
    await lab.execute('step', 3)
    const done = lab.execute('waitFor', { module: 'a', path: 'odd', equals: -1 }, { timeoutFrames: 1 })
    await lab.execute('state', 'a')
    await lab.execute('stateHash')
    await lab.execute('stateHash', 'a', 'odd')
    await lab.execute('findState', 'a', 'odd = 5')
    await lab.execute('inspect', { module: 'a', expanded: [{ path: [] }] })
    await lab.execute('step', 2)
    await done.catch(() => undefined)
    expect(calls.length).toBeGreaterThan(5)
    expect([...new Set(calls)]).toEqual(['a capture'])
  })
})
