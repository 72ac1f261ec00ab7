// One engine runs, another computes its run again from frame 0 with the code of now: the same, another because of reloads, or another
// because something is not recorded.

import { describe, expect, onTestFinished, test } from 'vitest'
import type { ReplayResult } from '../../protocol/replay.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import { TestEngine } from '../testing-host.ts'
import type { TestModule } from '../testing-host.ts'
import { drive, replayIn } from './testing-replay.ts'

interface Context {
  readonly state: { n: number; heard: number }
  readonly config: { speed: number }
  readonly frame: number
  readonly random: () => number
  readonly input: { readonly pressed: (code: string) => boolean }
  readonly messages: () => { data: unknown }[]
}

/** Counts by its configuration, keys and messages; `more` lies over it. */
const counter = (
  key: string,
  process: (context: Context) => void = () => undefined,
  more: object = {},
): TestModule => ({
  key,
  definition: {
    config: { speed: 1 },
    subscribe: ['note'],
    init: () => ({ n: 0, heard: 0 }),
    process: (context: Context) => {
      const { state, config, random, input, messages } = context
      state.n += config.speed + random() + (input.pressed('KeyA') ? 10 : 0)
      state.heard += messages().length
      process(context)
    },
    ...more,
  },
})
const double = ({ state }: Context): void => void (state.n += 1)

function opened(history: NonNullable<ConstructorParameters<typeof TestEngine>[0]>['history'] = {}): TestEngine {
  const lab = new TestEngine({ history })
  onTestFinished(() => lab.core.dispose())
  return lab
}

/** Replays what ran so far in an engine of its own. */
async function replayed(lab: TestEngine, dropped = 0, captures?: CaptureBuffer): Promise<ReplayResult> {
  const other = new TestEngine({ codeOf: lab })
  onTestFinished(() => other.core.dispose())
  return replayIn(other.core, lab, dropped, captures)
}

describe('[ML11] a run replayed from frame 0 with the code of now', () => {
  test('is the same where nothing was reloaded, whatever a user did', async () => {
    const lab = opened()
    const throwing = counter('1', ({ frame }) => {
      if (frame % 6 === 4) throw new Error('a bad frame')
    })
    await lab.run({ a: throwing, b: counter('1') })
    await drive(lab, 12)
    await lab.execute('setConfig', 'a', { speed: 3 })
    await lab.execute('setState', 'b', 'n', 40)
    await drive(lab, 9)
    await lab.execute('resetModule', 'b')
    await drive(lab, 20)
    expect(await replayed(lab)).toMatchObject({ kind: 'same', moment: { timeline: 0, frame: 41 }, reloads: 0 })
  })

  test('is the same where reloads left nothing behind, a rename among them', async () => {
    const plain = (key: string): TestModule =>
      counter(key, () => undefined, { process: ({ state, config }: Context) => void (state.n += config.speed) })
    const lab = opened()
    await lab.run({ a: plain('1'), b: counter('1') })
    await lab.execute('setState', 'a', 'heard', 7)
    await drive(lab, 10)
    await lab.run({ a: plain('2'), b: counter('2') })
    await drive(lab, 10)
    await lab.run({ b: counter('2'), renamed: { ...plain('2'), manifest: { path: 'a.ts' } } })
    await drive(lab, 10)
    expect(await replayed(lab)).toMatchObject({ kind: 'same', reloads: 2 })
  })

  test('names the first field that differs, and that reloads are why', async () => {
    const lab = opened()
    await lab.run({ a: counter('1'), b: counter('1') })
    await drive(lab, 10)
    await lab.run({ a: counter('1'), b: counter('2', double) })
    await drive(lab, 10)
    expect(await replayed(lab)).toMatchObject({
      kind: 'differs',
      moment: { frame: 20 },
      difference: { module: 'b', path: 'state.n', running: expect.any(String), replayed: expect.any(String) },
      cause: { kind: 'reloads', reloads: 1 },
    })
  })

  test('says that something is not recorded where not even the reloads lead to it', async () => {
    const lab = opened()
    let outside = 0
    const leaking = ({ state }: Context): void => void (state.heard = outside++)
    await lab.run({ a: counter('1', leaking) })
    await drive(lab, 5)
    expect(await replayed(lab)).toMatchObject({
      kind: 'differs',
      difference: { module: 'a', path: 'state.heard' },
      cause: { kind: 'unrecorded' },
    })
    await lab.run({ a: counter('2', leaking) })
    await drive(lab, 5)
    expect(await replayed(lab)).toMatchObject({ kind: 'differs', cause: { kind: 'unrecorded' } })
  })

  test('says where the code of now throws from frame 0 on', async () => {
    const lab = opened()
    await lab.run({ a: counter('1') })
    await drive(lab, 6)
    const throwing = counter('2', ({ frame }) => {
      if (frame === 3) throw new Error('three')
    })
    await lab.run({ a: throwing })
    await drive(lab, 4)
    expect(await replayed(lab)).toMatchObject({
      kind: 'threw',
      module: 'a',
      moment: { frame: 3 },
      error: { message: 'three', file: 'a.ts' },
      cause: { kind: 'reloads' },
    })
  })

  test('begins at a reset, with the live configuration it kept', async () => {
    const lab = opened()
    await lab.run({ a: counter('1') })
    await drive(lab, 6)
    await lab.execute('setConfig', 'a', { speed: 9 })
    await lab.run({ a: counter('2', double) })
    await lab.execute('reset')
    await drive(lab, 6)
    expect(await replayed(lab)).toMatchObject({ kind: 'same', moment: { timeline: 1, frame: 6 }, reloads: 0 })
  })

  test('a reload that was taken back never was', async () => {
    const lab = opened()
    await lab.run({ a: counter('1') })
    await drive(lab, 6)
    const throwing = counter('2', ({ frame }) => {
      if (frame === 9) throw new Error('nine')
    })
    await lab.run({ a: throwing })
    await drive(lab, 20)
    expect(lab.core.receipts.list().at(-1)?.outcome).toBe('rolled-back')
    expect(await replayed(lab)).toMatchObject({ kind: 'same', reloads: 0 })
  })

  test('says so where the journal no longer reaches frame 0', async () => {
    const lab = opened()
    await lab.run({ a: counter('1') })
    await drive(lab, 10)
    expect(await replayed(lab, 2)).toMatchObject({
      kind: 'impossible',
      reason: expect.stringMatching(/^its first inputs are kept no more.*20 000 after a hang\. Reset the program/),
    })
    await lab.execute('reset')
    await drive(lab, 10)
    expect(await replayed(lab, 2)).toMatchObject({ kind: 'same', moment: { timeline: 1, frame: 10 } })
  })

  test('is compared with a copy of the captures where memory is not shared', async () => {
    const lab = opened({ copies: true })
    await lab.run({ a: counter('1'), b: counter('1') })
    for (let i = 0; i < 12; i++) {
      lab.clock.advance(100)
      await drive(lab, 1)
    }
    await lab.run({ a: counter('2', double), b: counter('1') })
    await drive(lab, 3)
    const copies = lab.eventsOf('captures')
    expect(await replayed(lab, 0, copies.at(-1)?.captures)).toMatchObject({ kind: 'same', moment: { frame: 11 } })
    lab.clock.advance(1000)
    await drive(lab, 1)
    const newest = lab.eventsOf('captures').at(-1)
    expect(newest?.moment.frame).toBeGreaterThan(15)
    expect(await replayed(lab, 0, newest?.captures)).toMatchObject({ kind: 'differs', cause: { kind: 'reloads' } })
  })

  test('goes over a hang: the engine that took over knows the whole run', async () => {
    const lab = opened()
    const first = lab.revision({ a: counter('1'), b: counter('1') })
    const second = lab.revision({ a: counter('2', double), b: counter('1') })
    await lab.apply(first)
    await drive(lab, 10)
    await lab.apply(second)
    await drive(lab, 5)
    const taken = async (guilty: object): Promise<TestEngine> => {
      const other = new TestEngine({ codeOf: lab })
      onTestFinished(() => other.core.dispose())
      const entries = lab.core.history.journal.since(0)
      const known = { revision: second, texts: first.texts, entries, receipts: lab.core.receipts.list(), ...guilty }
      await other.execute('takeOver', { ...structuredClone(known), captures: lab.core.history.capture.store.buffer })
      await drive(other, 10)
      return other
    }
    // Only what the newer version did to the state in the frames it ran is left.
    const back = await taken({ guilty: { module: 'a', phase: 'process', error: { message: 'hangs' } } })
    expect(await replayed(back)).toMatchObject({ kind: 'differs', cause: { kind: 'reloads' } })
    // Its last call, which left what could not be read, was never made.
    const unread = await taken({
      guilty: { module: 'b', phase: 'capture', error: { message: 'hangs' } },
      at: 'boundary',
    })
    expect(unread.core.history.journal.since(0).filter(({ input }) => input.kind === 'missed')).toHaveLength(1)
    await unread.execute('undoReload', 'a', { state: 'before' })
    expect(await replayed(unread)).toMatchObject({ kind: 'same' })
  })
})
