// One module begins anew, or goes on to a version that was undone; the others do not notice.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { n: number; seen: unknown[] }
  readonly resources: { total: number }
  readonly random: () => number
  readonly frame: number
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

const counter = (key: string, step = 1, more: object = {}): TestModule => ({
  key,
  definition: {
    init: ({ random }: { random: () => number }) => ({ n: random(), seen: [] }),
    process: ({ state, random }: Context) => void (state.n += step + random()),
    ...more,
  },
})

const hashOf = (lab: TestEngine): string => lab.core.program.hash()

describe('[ML5] resetModule', () => {
  const world = {
    setup: ({ state }: { state: { n: number } }) => ({ total: state.n }),
    snapshot: ({ total }: { total: number }) => ({ total }),
    restore: (resources: { total: number }, data: { total: number }) => Object.assign(resources, data),
    process: ({ resources, state }: Context) => {
      resources.total += 1
      state.n = resources.total
    },
  }

  test('makes state and resources as a reset does; the others go on', async () => {
    const lab = new TestEngine()
    const other = counter('b')
    await lab.run({ a: counter('a', 1, world), b: other })
    const fresh = await lab.execute('state', 'a')
    await lab.execute('step', 10)
    const b = await lab.execute('state', 'b')
    const receipt = await lab.execute('resetModule', 'a')
    expect(receipt).toMatchObject({
      outcome: 'committed',
      title: 'reset a',
      stateChanges: [
        { kind: 'reset', words: 'Reset a: its state is as `init` makes it' },
        { kind: 'resources-rebuilt' },
      ],
    })
    expect(await lab.execute('state', 'a')).toEqual(fresh)
    expect(await lab.execute('state', 'b')).toEqual(b)
    await lab.execute('step', 1)
    expect(await lab.execute('status')).toMatchObject({ frame: 11, timeline: 0 })
  })

  test('is an input of its frame: computed again, it comes out the same', async () => {
    const lab = new TestEngine()
    await lab.run({ a: counter('a'), b: counter('b') })
    await lab.execute('step', 10)
    await lab.execute('resetModule', 'a')
    await lab.execute('step', 5)
    const { history, program } = lab.core
    const [first] = history.capture.store.moments
    const base = first === undefined ? undefined : history.capture.find(first)
    if (base === undefined) throw new Error('no capture')
    const entries = history.journal.after(program.timeline, 0)
    const { result, giveBack } = history.compute(program, base, entries, { frame: 15, at: 'end' })
    expect(result.kind === 'reached' && result.program.hash()).toBe(hashOf(lab))
    giveBack()
  })

  test('starts a parked module again', async () => {
    const lab = new TestEngine()
    const process = ({ state }: Context): void => {
      state.n += 1
      if (state.n > 4) throw new Error('too many')
    }
    await lab.run({ a: counter('a', 1, { process }) })
    await lab.execute('step', 20)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'failed' }])
    await lab.execute('resetModule', 'a')
    await lab.execute('step', 2)
    expect(await lab.execute('modules')).toMatchObject([{ status: 'running', missedFrames: 0 }])
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
  })

  test('runs the present text where its state could not be brought over', async () => {
    const lab = new TestEngine()
    await lab.run({ a: counter('a1') })
    await lab.execute('step', 3)
    const retyped = { init: () => ({ n: 'none', seen: [] }), process: ({ state }: Context) => void (state.seen = [1]) }
    const after = { a: counter('a2', 1, retyped) }
    expect(await lab.run(after)).toMatchObject([{ outcome: 'rejected', phase: 'migrate' }])
    expect(await lab.execute('resetModule', 'a')).toMatchObject({ outcome: 'committed', modules: [{ from: 1, to: 2 }] })
    expect(await lab.execute('state', 'a')).toEqual({ n: 'none', seen: [] })
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
    expect(await lab.run(after)).toEqual([])
  })

  test('does not bring back a text that failed its trial', async () => {
    const lab = new TestEngine()
    await lab.run({ a: counter('a1') })
    await lab.run({
      a: counter('a2', 1, {
        process: () => {
          throw new Error('no')
        },
      }),
    })
    await lab.execute('step', 3)
    await lab.execute('resetModule', 'a')
    expect(await lab.execute('modules')).toMatchObject([{ version: 1 }])
  })

  test('is refused where there is no such module, and where init throws: nothing changes then', async () => {
    const lab = new TestEngine()
    let isBad = false
    const init = () => {
      if (isBad) throw new Error('not today')
      return { n: 0, seen: [] }
    }
    await lab.run({ a: counter('a', 1, { init }) })
    await lab.execute('step', 2)
    isBad = true
    const before = hashOf(lab)
    expect(await lab.execute('resetModule', 'a')).toMatchObject({
      outcome: 'rejected',
      error: { message: 'not today' },
    })
    expect(hashOf(lab)).toBe(before)
    await expect(lab.execute('resetModule', 'z')).rejects.toMatchObject({ code: 'unknown-module' })
  })
})

describe('[ML11] redoReload', () => {
  test('goes on to what undo left, back and forth', async () => {
    const lab = new TestEngine()
    const version = async (): Promise<unknown> => lab.core.program.module('a')?.version
    for (const key of ['a1', 'a2', 'a3']) await lab.run({ a: counter(key) })
    await lab.execute('undoReload', 'a')
    await lab.execute('undoReload', 'a')
    expect(await version()).toBe(1)
    expect(await lab.execute('redoReload', 'a')).toMatchObject({ title: 'redo a', modules: [{ from: 1, to: 2 }] })
    await lab.execute('redoReload', 'a')
    expect(await version()).toBe(3)
    await expect(lab.execute('redoReload', 'a')).rejects.toMatchObject({ code: 'nothing-to-undo' })
    await lab.execute('undoReload', 'a')
    expect(await version()).toBe(2)
  })

  test('has nothing to go on to once other code came', async () => {
    const lab = new TestEngine()
    for (const key of ['a1', 'a2']) await lab.run({ a: counter(key) })
    await lab.execute('undoReload', 'a')
    await lab.run({ a: counter('a3') })
    await expect(lab.execute('redoReload', 'a')).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })
})
