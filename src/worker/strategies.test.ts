// Modules that run beside the engine's thread: the same program, whatever runs each module and whenever that changes.

import { describe, expect, onTestFinished, test } from 'vitest'
import { callData } from '../engine/hosts/call-data.ts'
import type { StartThread } from './side-thread.ts'
import { sideThreadCount } from './side-threads.ts'
import { openingUntil, startHere, type TextModule } from './testing-threads.ts'

const open = openingUntil(onTestFinished)

const module = (definition: string, more: Partial<TextModule> = {}): TextModule => ({
  text: `__vite_ssr_exportName__('default', () => (${definition}))`,
  strategy: 'threaded',
  ...more,
})
const counting = (step: number, rest = ''): string =>
  `{ init: () => ({ n: 0 }), process({ state }) { state.n += ${step}; }, ${rest} }`

describe('[FL5] a threaded module', () => {
  test('runs there, once it is seated; sequential ones here', async () => {
    const lab = open()
    await lab.run({
      a: module(counting(1)),
      b: module(counting(2), { strategy: 'pool' }),
      c: module(counting(3), { strategy: 'sequential' }),
    })
    await lab.execute('step', 3)
    expect(lab.places()).toEqual({ a: 'there', b: 'there', c: 'here' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 3 })
    expect(await lab.execute('modules')).toMatchObject([{ strategy: 'threaded' }, { strategy: 'pool' }, {}])
  })

  test('goes over to another strategy in the running program, state and all', async () => {
    const lab = open()
    await lab.run({ a: module(counting(1), { strategy: 'sequential' }) })
    await lab.execute('step', 2)
    const receipts = await lab.run({ a: module(counting(1)) })
    expect(receipts).toMatchObject([{ outcome: 'committed', modules: [{ name: 'a', from: 1, to: 1 }] }])
    await lab.execute('step', 2)
    expect(lab.places()).toEqual({ a: 'there' })
    await lab.run({ a: module(counting(1), { strategy: 'pool' }) })
    await lab.execute('step', 2)
    expect(lab.places()).toEqual({ a: 'there' })
    await lab.run({ a: module(counting(1), { strategy: 'sequential' }) })
    await lab.execute('step', 2)
    expect(lab.places()).toEqual({ a: 'here' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 8 })
  })

  test('without shared memory runs here, and says so', async () => {
    const lab = open(false)
    await lab.run({ a: module(counting(1)) })
    await lab.execute('step', 2)
    expect(await lab.execute('state', 'a')).toEqual({ n: 2 })
    expect(await lab.execute('modules')).toMatchObject([
      { hostNote: expect.stringContaining('memory can not be shared') },
    ])
  })

  test('sees what its dependencies expose in the same frame, and they what it exposes', async () => {
    const lab = open()
    const dependent = (on: string): string =>
      `{ dependencies: ['${on}'], init: () => ({ n: 0 }), expose: ({ n }) => n, process({ state, deps }) { state.n = deps.${on} + 1 } }`
    await lab.run({
      a: module(`{ init: () => ({ n: 0 }), expose: ({ n }) => n, process({ state, frame }) { state.n = frame * 10 } }`),
      b: module(dependent('a'), { strategy: 'sequential' }),
      c: module(dependent('b')),
    })
    await lab.execute('step', 4)
    expect(lab.places()).toEqual({ a: 'there', b: 'here', c: 'there' })
    expect(await lab.execute('state', 'c')).toEqual({ n: 42 })
  })

  test('keeps an edit of its state, and goes on with it', async () => {
    const lab = open()
    await lab.run({ a: module(counting(1)) })
    await lab.execute('step', 2)
    await lab.execute('setState', 'a', 'n', 100)
    expect(lab.places()).toEqual({ a: 'here' })
    await lab.execute('step', 1)
    expect(lab.places()).toEqual({ a: 'there' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 101 })
  })

  test('[FL10] lets out what it would here: sounds and saved data, not those of a frame that does not count', async () => {
    const text = module(
      `{ init: () => ({}), process({ frame, sound, publish }) { sound.play('./hit.wav', { volume: 0.5 }); publish('save:best', { frame }); if (frame === 2) throw new Error('no') } }`,
    )
    const outputs: unknown[] = []
    for (const lab of [open(false), open()]) {
      await lab.run({ a: text })
      await lab.execute('step', 3)
      outputs.push(lab.events.filter(({ type }) => type === 'outputs'))
    }
    expect(outputs[1]).toEqual(outputs[0])
    expect(outputs[1]).toMatchObject([
      {
        moment: { frame: 1 },
        outputs: [
          { kind: 'sound', file: 'hit.wav' },
          { kind: 'save', key: 'best', data: { frame: 1 } },
        ],
      },
      { moment: { frame: 3 } },
    ])
  })

  test('an instance of a class it does not know is read here, and the row says so', async () => {
    const lab = open()
    const sender = `class Ball { constructor() { this.x = 1 } }
__coppice_classes__([['Ball', Ball, false]])
__vite_ssr_exportName__('default', () => ({ init: () => ({}), process({ publish, frame }) { if (frame === 2) publish('ball', new Ball()) } }))`
    await lab.run({
      a: { text: sender, strategy: 'threaded' },
      b: module(
        `{ subscribe: ['ball'], init: () => ({ got: 0 }), process({ state, messages }) { for (const { data } of messages()) state.got += data.x } }`,
      ),
    })
    await lab.execute('step', 4)
    expect(await lab.execute('state', 'b')).toEqual({ got: 1 })
    expect(lab.places()).toEqual({ a: 'there', b: 'here' })
    expect(await lab.execute('modules')).toMatchObject([{}, { hostNote: expect.stringContaining('Ball') }])
  })

  test('[MB2] of a long queue a call takes what arrived since the last one, not all of it', async () => {
    const lab = open()
    await lab.run({
      a: module(
        `{ init: () => ({}), process({ publish, frame }) { for (let i = 0; i < 3; i++) publish('x', frame) } }`,
      ),
      b: module(
        `{ subscribe: [{ topic: 'x', max: 1 }], init: () => ({ got: [] }), process({ state, messages }) { state.got.push(...messages().map(({ data }) => data)) } }`,
      ),
    })
    await lab.execute('step', 50)
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
    expect(await lab.execute('bus')).toMatchObject({ modules: [{}, { queued: 98 }] })
    const { program } = lab.core
    const reader = program.module('b')
    const told = reader && callData(reader, program, { config: false, devices: false, queue: false })
    expect(told).toMatchObject({ frame: 50 })
    expect(told).not.toHaveProperty('queue')
    // Edited, read here and called there again, all of it goes there once.
    await lab.execute('setState', 'b', 'got', [])
    await lab.execute('step', 4)
    expect(await lab.execute('state', 'b')).toEqual({ got: [17, 17, 18, 18] })
  })

  test('writes to the log at the place in its source', async () => {
    const lab = open()
    await lab.run({
      a: module(`{ init: () => ({}), process({ log, frame }) { log.info('frame', frame); console.warn('so') } }`),
    })
    await lab.execute('step', 1)
    expect(lab.core.logBook.filter({ module: 'a' })).toMatchObject([
      { level: 'info', text: 'frame 1', moment: { frame: 1 }, position: { file: 'a.ts', line: 1 } },
      { level: 'warning', text: 'so' },
    ])
  })
})

describe('[FL8] a throw in another thread', () => {
  const throwing = `{
    init: () => ({ n: 0, list: [] }),
    setup: () => ({ total: 0 }),
    snapshot: (resources) => resources.total,
    restore: (resources, total) => { resources.total = total },
    process({ state, frame, resources, publish }) {
      state.n++
      state.list.push(frame)
      state.total = ++resources.total
      publish('n', state.n)
      if (frame === 3) throw new Error('not this time')
    },
  }`

  test('leaves nothing of its frame, is told at its place, and the module runs on there', async () => {
    const lab = open()
    await lab.run({
      a: module(throwing),
      b: module(
        `{ subscribe: ['n'], init: () => ({ got: [] }), process({ state, messages }) { state.got.push(...messages().map(({ data }) => data)) } }`,
      ),
    })
    await lab.execute('step', 3)
    expect(await lab.execute('state', 'a')).toEqual({ n: 2, list: [1, 2], total: 2 })
    expect(lab.core.problems.get('run:a')).toMatchObject({ message: 'not this time', file: 'a.ts', line: 11 })
    await lab.execute('step', 2)
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 4, list: [1, 2, 4, 5], total: 4 })
    expect(await lab.execute('state', 'b')).toEqual({ got: [1, 2, 3] })
    expect(lab.core.problems.get('run:a')).toBeUndefined()
    expect(await lab.execute('modules')).toMatchObject([{ missedFrames: 1 }, { missedFrames: 0 }])
  })

  test('[ML8] on trial takes the reload back; the version before is seated again', async () => {
    const lab = open()
    const [reference, healthy] = [open(false), counting(1)]
    for (const one of [lab, reference]) {
      await one.run({ a: module(healthy), b: module(counting(5)) })
      await one.execute('step', 5)
      await one.run({
        a: module(counting(100).replace('state.n +=', "if (state.n > 250) throw new Error('no'); state.n +=")),
        b: module(counting(5)),
      })
      await one.execute('step', 10)
      await one.seated()
      await one.execute('step', 2)
    }
    expect(lab.core.receipts.list().at(-1)).toMatchObject({ outcome: 'rolled-back' })
    expect(await lab.execute('state', 'a')).toEqual({ n: 17 })
    expect(lab.core.program.hash()).toBe(reference.core.program.hash())
    expect(lab.places()).toEqual({ a: 'there', b: 'there' })
  })
})

test.each([
  [1, 1],
  [2, 1],
  [4, 3],
  [64, 8],
])('[TK1] on a machine of %d cores, %d threads share tasks and `pool` modules', (cores, threads) => {
  expect(sideThreadCount(cores)).toBe(threads)
})

test('[FL5] `pool` modules share the threads there are, each `threaded` one has its own', async () => {
  let started = 0
  const start: StartThread = () => {
    started++
    return startHere()
  }
  const lab = open(true, { start, poolSize: 2 })
  const names = Array.from({ length: 7 }, (_, index) => `m${index}`)
  await lab.run(
    Object.fromEntries(
      names.map((name, index) => [name, module(counting(1), { strategy: index < 5 ? 'pool' : 'threaded' })]),
    ),
  )
  await lab.execute('step', 2)
  expect(started).toBe(4)
  expect(new Set(Object.values(lab.places()))).toEqual(new Set(['there']))
})

describe('what can not be handed over', () => {
  test('a state that may not be kept runs here, and the row says why', async () => {
    const lab = open()
    await lab.run({
      a: module(
        `{ init: () => ({ n: 0 }), process({ state, frame }) { state.n++; if (frame === 3) state.f = () => 1 } }`,
      ),
    })
    await lab.execute('step', 5)
    expect(lab.core.program.module('a')?.seen).toMatchObject({ n: 5 })
    expect(lab.places()).toEqual({ a: 'here' })
    expect(await lab.execute('modules')).toMatchObject([{ hostNote: expect.stringMatching(/^state\.f is a function/) }])
  })

  test('setup that fails there leaves the module here', async () => {
    let calls = 0
    Reflect.set(globalThis, 'coppiceTestCalls', () => ++calls)
    const lab = open()
    await lab.run({
      a: module(
        `{ init: () => ({ n: 0 }), setup() { if (coppiceTestCalls() > 1) throw new Error('once only') }, process({ state }) { state.n++ } }`,
      ),
    })
    await lab.execute('step', 2)
    expect(await lab.execute('state', 'a')).toEqual({ n: 2 })
    expect(await lab.execute('modules')).toMatchObject([{ hostNote: expect.stringContaining('once only') }])
    Reflect.deleteProperty(globalThis, 'coppiceTestCalls')
  })
})

test('[FL4] a reset leaves the states of the program before where they are; undone, they go on', async () => {
  const lab = open()
  await lab.run({ a: module(counting(1)), b: module(counting(2), { strategy: 'pool' }) })
  await lab.execute('step', 5)
  await lab.execute('reset')
  await lab.seated()
  await lab.execute('step', 2)
  expect(await lab.execute('state', 'a')).toEqual({ n: 2 })
  await lab.execute('undoReset')
  await lab.seated()
  await lab.execute('step', 1)
  expect(await lab.execute('state', 'a')).toEqual({ n: 6 })
  expect(await lab.execute('state', 'b')).toEqual({ n: 12 })
})

describe('[HS1] captures of modules in other threads', () => {
  const large = `class Ball { constructor(x) { this.x = x; this.name = 'ball ' + x } }
__coppice_classes__([['Ball', Ball, false]])
__vite_ssr_exportName__('default', () => ({
  init: () => ({ balls: Array.from({ length: 60 }, (_, i) => new Ball(i)), field: new Float32Array(50), seen: new Map() }),
  expose: ({ balls }) => balls.length,
  setup: () => ({ total: 0 }),
  snapshot: ({ total }) => ({ total, text: 'total ' + total }),
  restore: (resources, { total }) => { resources.total = total },
  process({ state, frame, random, resources }) {
    for (const ball of state.balls) ball.x += random()
    if (frame % 4 === 0) state.balls.push(new Ball(frame))
    if (frame % 9 === 0) state.balls.splice(3, 2)
    state.field[frame % 50] = random()
    state.seen.set('frame ' + frame, [frame, state.balls[frame % 60]])
    resources.total += state.balls.length
    if (frame === 31) throw new Error('not this time')
  },
}))`
  const reader = `{ dependencies: ['a'], init: () => ({ sum: 0 }), process({ state, deps }) { state.sum += deps.a } }`

  test('are taken as they were packed there; another engine goes on from them with the same states', async () => {
    const lab = open()
    const modules = { a: { text: large, strategy: 'threaded' as const }, b: module(reader) }
    await lab.run(modules)
    const texts = lab.revision(modules)
    for (let frame = 1; frame <= 40; frame++) {
      await lab.execute('step', 1)
      if (frame % 8 !== 0) continue
      expect(lab.core.program.module('a')?.packed).toBeDefined()
      const other = open(false)
      const { captures, entries } = {
        captures: lab.core.history.capture.store.buffer,
        entries: structuredClone(lab.core.history.journal.since(0)),
      }
      await other.execute('takeOver', { revision: texts, texts: texts.texts, entries, captures })
      await other.execute('step', 1)
      expect(other.core.program.frame).toBe(frame)
      expect(other.core.program.hash()).toBe(lab.core.program.hash())
    }
  })

  test('stay within the byte limit, also when the module has left', async () => {
    const lab = open()
    await lab.run({ a: { text: large, strategy: 'threaded' }, b: module(reader) })
    const { store } = lab.core.history.capture
    await lab.execute('step', 300)
    expect(store.usedBytes).toBeLessThanOrEqual(2 ** 22)
    expect(lab.core.history.capture.lastComplete?.frame).toBe(lab.core.program.frame)
    await lab.run({ b: module('{ init: () => ({}), process() {} }') })
    expect(await lab.execute('modules')).toMatchObject([{ name: 'b' }])
    await lab.execute('step', 3)
    expect(lab.core.history.capture.lastComplete?.frame).toBe(lab.core.program.frame)
  })
})
