// What modules let out leaves once, when its frame first becomes the present, whatever is computed again.

import { describe, expect, test } from 'vitest'
import type { Output } from '../protocol/outputs.ts'
import { TestEngine } from './testing-host.ts'
import type { TestModule } from './testing-host.ts'

interface Context {
  readonly state: { n: number }
  readonly frame: number
  readonly sound: { readonly play: (file: unknown, options?: unknown) => void }
}

/** Plays a sound of its name and version in every third frame. */
function player(name: string, key: string, fault: (context: Context) => void = () => undefined): TestModule {
  return {
    key: `${name}${key}`,
    definition: {
      init: () => ({ n: 0 }),
      process: (context: Context) => {
        context.state.n += 1
        if (context.frame % 3 === 0) context.sound.play(`./${name}-${key}.wav`, { volume: 0.5 })
        fault(context)
      },
    },
  }
}

const throwing =
  (at: number) =>
  ({ frame }: Context): void => {
    if (frame === at) throw new Error('not this time')
  }

/** What left, as `frame:file`. */
function left(lab: TestEngine): readonly string[] {
  return lab
    .eventsOf('outputs')
    .flatMap(({ moment, outputs }) => outputs.map((output) => `${moment.frame}:${nameOf(output)}`))
}

function nameOf(output: Output): string {
  return output.kind === 'sound' ? output.file.replace('.wav', '') : output.kind
}

describe('[FL10] outputs', () => {
  test('leave when the frame has run, in module order, each as it was asked', async () => {
    const lab = new TestEngine()
    await lab.run({ b: player('b', '1'), a: { ...player('a', '1'), manifest: { path: 'sounds/a.ts' } } })
    await lab.execute('step', 4)
    expect(lab.eventsOf('outputs')).toEqual([
      {
        type: 'outputs',
        moment: { timeline: 0, frame: 3 },
        outputs: [
          { kind: 'sound', module: 'b', file: 'b-1.wav', volume: 0.5, rate: 1 },
          { kind: 'sound', module: 'a', file: 'sounds/a-1.wav', volume: 0.5, rate: 1 },
        ],
      },
    ])
  })

  test('a call that throws lets nothing out; the others do', async () => {
    const lab = new TestEngine()
    await lab.run({ a: player('a', '1', throwing(6)), b: player('b', '1') })
    await lab.execute('step', 9)
    expect(left(lab)).toEqual(['3:a-1', '3:b-1', '6:b-1', '9:a-1', '9:b-1'])
  })

  test('of frames computed again for a rollback nothing leaves; the frame in which it happens leaves once, of the new past', async () => {
    const lab = new TestEngine()
    await lab.run({ a: player('a', '1'), b: player('b', '1') })
    await lab.execute('step', 4)
    await lab.run({ a: player('a', '2', throwing(12)), b: player('b', '1') })
    await lab.execute('step', 10)
    expect(left(lab)).toEqual(['3:a-1', '3:b-1', '6:a-2', '6:b-1', '9:a-2', '9:b-1', '12:a-1', '12:b-1'])
  })

  test('the receipt of a rollback lists what had left and is not in the new past', async () => {
    const lab = new TestEngine()
    await lab.run({ a: player('a', '1'), b: player('b', '1') })
    await lab.execute('step', 4)
    await lab.run({ a: player('a', '2', throwing(11)), b: player('b', '1') })
    await lab.execute('step', 10)
    expect((await receipts(lab)).at(-1)).toMatchObject({
      outcome: 'rolled-back',
      alreadySent: [
        { kind: 'sound', module: 'a', what: 'a-2.wav', moment: { timeline: 0, frame: 6 }, lastFrame: 9, count: 2 },
      ],
    })
  })

  test('the receipt lists nothing where the new past lets out the same', async () => {
    const lab = new TestEngine()
    const same = { ...player('a', '1', throwing(11)), key: 'other' }
    await lab.run({ a: player('a', '1') })
    await lab.execute('step', 4)
    await lab.run({ a: same })
    await lab.execute('step', 10)
    const receipt = (await receipts(lab)).at(-1)
    expect(receipt).toMatchObject({ outcome: 'rolled-back' })
    expect(receipt).not.toHaveProperty('alreadySent')
    expect(left(lab)).toEqual(['3:a-1', '6:a-1', '9:a-1', '12:a-1'])
  })

  test('paused at the failing frame: that frame has left, and does not again when it is taken back', async () => {
    const lab = new TestEngine()
    await lab.run({ a: player('a', '1'), b: player('b', '1') })
    await lab.execute('setPauseOnFailure', true)
    await lab.execute('step', 4)
    await lab.run({ a: player('a', '2', throwing(6)), b: player('b', '1') })
    await lab.execute('step', 2)
    expect(left(lab)).toEqual(['3:a-1', '3:b-1', '6:b-1'])
    await lab.execute('step', 3)
    expect(left(lab)).toEqual(['3:a-1', '3:b-1', '6:b-1', '9:a-1', '9:b-1'])
  })

  test('a reset lets its own frames out, and undoing it those that follow', async () => {
    const lab = new TestEngine()
    await lab.run({ a: player('a', '1') })
    await lab.execute('step', 4)
    await lab.execute('reset')
    await lab.execute('step', 3)
    await lab.execute('undoReset')
    await lab.execute('step', 2)
    expect(lab.eventsOf('outputs').map(({ moment }) => [moment.timeline, moment.frame])).toEqual([
      [0, 3],
      [1, 3],
      [0, 6],
    ])
  })
})

describe('[FL10] another engine takes over', () => {
  const source = (lab: TestEngine, revision: ReturnType<TestEngine['revision']>, more: object): object => ({
    revision,
    texts: [],
    entries: lab.core.history.journal.since(0),
    captures: lab.core.history.capture.store.buffer,
    ...more,
  })

  test('a frame whose rest it runs leaves; one that had left does not leave again', async () => {
    const lab = new TestEngine()
    const revision = lab.revision({ a: player('a', '1') })
    await lab.apply(revision)
    await lab.execute('step', 6)
    const moment = { timeline: 0, frame: 6 }
    const hung = new TestEngine({ codeOf: lab })
    await hung.execute('takeOver', source(lab, revision, { outputsLeft: { timeline: 0, frame: 3 } }))
    await hung.execute('step', 1)
    expect(left(hung)).toEqual(['6:a-1'])
    const late = new TestEngine({ codeOf: lab })
    await late.execute('takeOver', source(lab, revision, { outputsLeft: moment }))
    await late.execute('step', 4)
    expect(left(late)).toEqual(['9:a-1'])
  })

  test('a frame that had ended, and not let out, does so at once', async () => {
    const lab = new TestEngine()
    const revision = lab.revision({ a: player('a', '1') })
    await lab.apply(revision)
    await lab.execute('step', 6)
    const ended = { at: 'boundary', outputsLeft: { timeline: 0, frame: 3 } }
    const other = new TestEngine({ codeOf: lab })
    await other.execute('takeOver', source(lab, revision, ended))
    expect(left(other)).toEqual(['6:a-1'])
    const told = new TestEngine({ codeOf: lab })
    await told.execute('takeOver', source(lab, revision, { ...ended, outputsLeft: { timeline: 0, frame: 6 } }))
    expect(left(told)).toEqual([])
  })
})

describe('sound.play', () => {
  const played = async (...args: readonly unknown[]): Promise<unknown> => {
    const lab = new TestEngine()
    const module = {
      manifest: { path: 'world/a.ts' },
      definition: { init: () => ({}), process: ({ sound }: Context) => Reflect.apply(sound.play, undefined, args) },
    }
    await lab.run({ a: module })
    await lab.execute('step', 1)
    const [event] = lab.eventsOf('outputs')
    return event?.outputs[0] ?? lab.core.program.module('a')?.error?.message
  }

  test('takes files relative to the module, and URLs as they are', async () => {
    const full = { kind: 'sound', module: 'a', volume: 1, rate: 1 }
    expect(await played('./hit.wav')).toEqual({ ...full, file: 'world/hit.wav' })
    expect(await played('hit.wav')).toEqual({ ...full, file: 'world/hit.wav' })
    expect(await played('../hit.wav', { rate: 2 })).toEqual({ ...full, file: 'hit.wav', rate: 2 })
    expect(await played('/@fs/x/hit.wav?v=1')).toEqual({ ...full, file: '/@fs/x/hit.wav?v=1' })
    expect(await played('data:audio/wav;base64,AA')).toEqual({ ...full, file: 'data:audio/wav;base64,AA' })
  })

  test('refuses everything else on the line that asked', async () => {
    expect(await played('../../hit.wav')).toBe('sound.play: "../../hit.wav" lies outside the workspace.')
    expect(await played(3)).toMatch(/must be the path of a file, not the number 3/)
    expect(await played('./hit.wav', 3)).toMatch(/the options must be an object/)
    expect(await played('./hit.wav', { volume: 2 })).toMatch(
      /`volume` must be a number from 0 to 1, but is the number 2/,
    )
    expect(await played('./hit.wav', { rate: Number.NaN })).toMatch(/`rate` must be a number from 0.1 to 10/)
  })
})

async function receipts(lab: TestEngine): Promise<readonly object[]> {
  const list: unknown = await lab.execute('receipts')
  return Array.isArray(list) ? list.filter((item): item is object => typeof item === 'object' && item !== null) : []
}
