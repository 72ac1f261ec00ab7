// A second engine goes on with the program of a first, from its captures, its journal and the texts alone.

import { describe, expect, test } from 'vitest'
import type { ProgramRevision } from '../../protocol/code.ts'
import type { TakeOver } from '../../protocol/journal.ts'
import { statusOf } from '../program-report.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'

interface Context {
  readonly state: { n: number; seen: unknown[]; items?: object[] }
  readonly resources: { total: number }
  readonly frame: number
  readonly random: () => number
  readonly input: { readonly down: (code: string) => boolean }
  readonly messages: () => { data: unknown }[]
  readonly publish: (topic: string, data: unknown) => void
}

class Item {
  x = 1
}

const counter = (step: number, more: object = {}): TestModule => ({
  code: (_globals, { classes }) => {
    classes(Item)
    return {
      default: {
        config: { speed: 1 },
        subscribe: ['**'],
        init: () => ({ n: 0, seen: [], items: [new Item()] }),
        process: ({ state, random, input, messages, publish, frame }: Context) => {
          state.n += step + random() + (input.down('KeyA') ? 100 : 0)
          state.seen = [...state.seen, ...messages().map(({ data }) => data)].slice(-20)
          if (frame % 7 === 0) state.items = [...(state.items ?? []), new Item()].slice(-5)
          publish('n', state.n)
        },
        ...more,
      },
    }
  },
})

const world = (prepare: () => Promise<void> = () => Promise.resolve()) => ({
  setup: async () => {
    await prepare()
    return { total: 0 }
  },
  snapshot: ({ total }: { total: number }) => ({ total }),
  restore: (resources: { total: number }, data: { total: number }) => Object.assign(resources, data),
  process: ({ state, resources }: Context) => {
    resources.total += 1
    state.n = resources.total
  },
})

/** Runs the program of one engine and gives what is kept of it outside; everything goes through a structured clone. */
function sourceOf(lab: TestEngine, revision: ProgramRevision, texts: readonly ProgramRevision[] = []): TakeOver {
  const entries = lab.core.history.journal.since(0)
  return {
    ...structuredClone({ revision, texts: texts.flatMap((one) => one.texts), entries }),
    captures: lab.core.history.capture.store.buffer,
    receipts: structuredClone(lab.core.receipts.list()),
  }
}

describe('[ML9] another engine takes over', () => {
  test('at the start of the frame captured last, whose rest runs next: nothing is lost, nothing doubled', async () => {
    const lab = new TestEngine()
    const first = lab.revision({ a: counter(1), b: counter(2, world()) })
    await lab.apply(first)
    await lab.execute('step', 10)
    const second = lab.revision({ a: counter(5), b: { ...counter(2, world()) } })
    await lab.apply(second)
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: true })
    await lab.execute('setConfig', 'a', { speed: 3 })
    await lab.execute('step', 10)
    await lab.execute('publish', 'x', 1)
    await lab.execute('step', 1)

    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', sourceOf(lab, second, [first]))
    expect(await other.execute('status')).toMatchObject({ frame: 21, paused: true })
    expect(other.core.program.isFrameOpen).toBe(true)
    await other.execute('step', 1)
    expect(other.core.program.frame).toBe(21)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
    expect(await other.execute('modules')).toMatchObject([{ version: 2 }, { version: 2 }])
    for (const engine of [lab, other]) {
      await engine.execute('input', { kind: 'key', code: 'KeyA', down: false })
      await engine.execute('step', 30)
    }
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
    // Saves go on, and so do the numbers of receipts.
    expect(await other.apply(lab.revision({ a: counter(7), b: { ...counter(2, world()) } }))).toMatchObject([
      { outcome: 'committed', id: 3, modules: [{ name: 'a', from: 2, to: 3 }, { name: 'b' }] },
    ])
  })

  test.each(['start', 'boundary'] as const)(
    'of one that is gone before its first frame, too: at its %s',
    async (at) => {
      const lab = new TestEngine()
      const revision = lab.revision({ a: counter(1), b: counter(2, world()) })
      await lab.apply(revision)
      await lab.execute('step', 20)
      const other = new TestEngine({ codeOf: lab })
      await other.execute('takeOver', { ...sourceOf(lab, revision), at })
      const third = new TestEngine({ codeOf: lab })
      await third.execute('takeOver', { ...sourceOf(other, revision, [revision]), at })
      expect(await third.execute('status')).toMatchObject({ frame: 20 })
      // The rest of frame 20 counts as a step.
      await third.execute('step', at === 'start' ? 11 : 10)
      await lab.execute('step', 10)
      expect(third.core.program.hash()).toBe(lab.core.program.hash())
    },
  )

  test('where not all was captured in every frame, what lies between is computed', async () => {
    let now = 0
    const clock = { now: () => (now += 0.02), callAt: () => () => undefined }
    const lab = new TestEngine({ clock, history: { budgetShare: 0.001 } })
    const revision = lab.revision({ a: counter(1), b: counter(2) })
    await lab.apply(revision)
    for (let i = 0; i < 200; i++) await lab.execute('step', 1)
    expect(lab.core.history.capture.periodOf('a')).toBeGreaterThan(1)
    await lab.execute('publish', 'x', 1)
    for (let i = 0; i < 3; i++) await lab.execute('step', 1)
    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', sourceOf(lab, revision))
    await other.execute('step', 1)
    expect(other.core.program.hash()).toBe(lab.core.program.hash())
  })

  test('the guilty module goes back a version, in the frame it ended the engine in; the text is left out until it changes', async () => {
    const lab = new TestEngine()
    const first = lab.revision({ a: counter(1), b: { ...counter(2), key: 'b' } })
    const second = lab.revision({ a: counter(1000), b: { ...counter(2), key: 'b' } })
    await lab.apply(first)
    await lab.execute('step', 5)
    await lab.apply(second)
    await lab.execute('step', 1)
    const plain = new TestEngine({ codeOf: lab })
    await plain.apply(first)
    await plain.execute('step', 20)

    const other = new TestEngine({ codeOf: lab })
    const error = { message: 'a did not come to an end', file: 'a.ts', line: 3 }
    await other.execute('takeOver', { ...sourceOf(lab, second, [first]), guilty: { module: 'a', error } })
    await other.execute('step', 15)
    expect(other.core.program.frame).toBe(20)
    expect(other.core.program.hash()).toBe(plain.core.program.hash())
    expect(other.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { id: 'load:a', message: error.message, line: 3, consequence: 'v1 runs on' },
    ])
    expect(other.core.receipts.list().at(-1)).toMatchObject({ trigger: 'hang', outcome: 'committed' })
    expect(await other.apply({ ...second, trigger: 'save' })).toEqual([])
  })

  test('[ML8] a reload on trial goes on being tried, for the frames that are left', async () => {
    const lab = new TestEngine()
    const later = (context: Context): void => {
      context.state.n += 1000
      if (context.frame === 40) throw new Error('late')
    }
    const first = lab.revision({ a: counter(1), b: { ...counter(2), key: 'b' } })
    const second = lab.revision({ a: counter(1, { process: later }), b: { ...counter(2), key: 'b' } })
    await lab.apply(first)
    await lab.execute('step', 10)
    await lab.apply(second)
    await lab.execute('step', 5)
    const plain = new TestEngine({ codeOf: lab })
    await plain.apply(first)
    await plain.execute('step', 60)

    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', sourceOf(lab, second, [first]))
    expect(await other.execute('modules')).toMatchObject([{ status: 'trial', version: 2 }, { status: 'running' }])
    await other.execute('step', 46)
    expect(other.core.program.frame).toBe(60)
    expect(other.core.receipts.list().at(-1)).toMatchObject({ outcome: 'rolled-back', error: { message: 'late' } })
    expect(other.core.program.hash()).toBe(plain.core.program.hash())
    // One that stands the rest of its trial is proven.
    const sound = new TestEngine({ codeOf: lab })
    await sound.execute('takeOver', sourceOf(lab, second, [first]))
    await sound.execute('setState', 'a', 'n', 0)
    expect(await sound.execute('modules')).toMatchObject([{ status: 'trial' }, {}])
  })

  test('a reset can be undone as before', async () => {
    const lab = new TestEngine()
    const revision = lab.revision({ a: counter(1), b: counter(2, world()) })
    await lab.apply(revision)
    await lab.execute('step', 10)
    const left = lab.core.program.hash()
    await lab.execute('reset')
    await lab.execute('step', 5)
    const { resetFrom } = statusOf(lab.core)
    expect(resetFrom).toEqual({ timeline: 0, frame: 10 })

    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', {
      ...sourceOf(lab, revision),
      timeline: lab.core.program.timeline,
      ...(resetFrom === undefined ? {} : { resetFrom }),
    })
    expect(await other.execute('status')).toMatchObject({ frame: 5, canUndoReset: true, resetFrom })
    await other.execute('undoReset')
    expect(other.core.program.hash()).toBe(left)
    expect(await other.execute('status')).toMatchObject({ frame: 10, canUndoReset: false })
    await other.execute('step', 3)
    expect(await other.execute('modules')).toMatchObject([{ missedFrames: 0 }, { missedFrames: 0 }])
  })

  test('a guilty module with no version before is not called any more, and said so', async () => {
    const lab = new TestEngine()
    const revision = lab.revision({ a: counter(1), b: counter(2) })
    await lab.apply(revision)
    await lab.execute('step', 5)
    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', {
      ...sourceOf(lab, revision),
      guilty: { module: 'a', error: { message: 'hangs' } },
    })
    await other.execute('step', 5)
    expect(await other.execute('modules')).toMatchObject([{ status: 'failed', error: { message: 'hangs' } }, {}])
  })

  test('is refused where a program runs, and where there is no capture', async () => {
    const lab = new TestEngine()
    const revision = lab.revision({ a: counter(1) })
    const empty = sourceOf(lab, revision)
    await expect(lab.execute('takeOver', empty)).rejects.toMatchObject({ code: 'not-supported' })
    await lab.apply(revision)
    await expect(lab.execute('takeOver', empty)).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(lab.execute('takeOver', {})).rejects.toMatchObject({ code: 'malformed-command' })
  })

  test('[HS2] entries are told about ten times a second, each once', async () => {
    const lab = new TestEngine()
    await lab.run({ a: counter(1) })
    await lab.execute('input', { kind: 'key', code: 'KeyA', down: true })
    await lab.execute('step', 1)
    lab.clock.advance(200)
    await lab.execute('step', 1)
    const told = lab.eventsOf('journal').flatMap((event) => event.entries)
    expect(told).toEqual(lab.core.history.journal.since(0))
    expect(await lab.execute('journal', 1)).toEqual(told.slice(1))
  })
})
