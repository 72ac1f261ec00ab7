// Commands: one answer each, errors with codes, edits at the boundary.

import { describe, expect, test } from 'vitest'
import { createEngine } from './engine.ts'
import { TestEngine } from './testing-host.ts'

const tank = {
  config: { speed: 5 },
  validateConfig: ({ speed }: { speed: number }) => (speed < 0 ? 'speed must not be negative' : undefined),
  init: () => ({ n: 0, tanks: [{ hp: 3 }] }),
  process: ({ state, publish }: { state: { n: number }; publish: (topic: string, data: unknown) => void }) => {
    state.n++
    if (state.n === 3) publish('third', state.n)
  },
  query: (state: { n: number }, question: unknown) => ({ n: state.n, question }),
  health: (state: { n: number }) => ({ status: state.n > 2 ? 'warning' : 'ok', message: `n is ${state.n}` }),
}

async function open(): Promise<TestEngine> {
  const lab = new TestEngine()
  await lab.run({ tank: { definition: tank } })
  return lab
}

describe('link', () => {
  const refused: readonly (readonly [string, readonly unknown[], string])[] = [
    ['fly', [], 'unknown-command'],
    ['constructor', [], 'unknown-command'],
    ['step', [0], 'malformed-command'],
    ['step', ['3'], 'malformed-command'],
    ['setSpeed', [20], 'invalid-argument'],
    ['setSpeed', [NaN], 'malformed-command'],
    ['state', ['nobody'], 'unknown-module'],
    ['state', [], 'malformed-command'],
    ['setState', ['tank', 'tanks[9].hp', 1], 'invalid-path'],
    ['setState', ['tank', 'tanks[', 1], 'invalid-path'],
    ['setState', ['tank', 'n', () => 1], 'invalid-state'],
    ['input', [{ kind: 'telepathy' }], 'malformed-command'],
    ['applyRevision', [{ revision: 1 }], 'malformed-command'],
    ['addTexts', ['x'], 'malformed-command'],
    ['undoReload', ['a', { state: 'never' }], 'malformed-command'],
    ['locateError', ['an error', { file: 'a.ts' }], 'malformed-command'],
    ['replay', [{ timeline: 0 }, new ArrayBuffer(8)], 'invalid-argument'],
    ['publish', ['a::b', 1], 'invalid-argument'],
    ['publish', ['a', () => 1], 'invalid-state'],
    ['waitFor', [{ phase: 'moon' }], 'malformed-command'],
    ['waitFor', [{ frame: 9 }, { timeoutFrames: 0 }], 'invalid-argument'],
    ['undoReset', [], 'nothing-to-undo'],
    ['logs', [{ level: 'loud' }], 'malformed-command'],
    ['resizeLayers', [{ pixelWidth: 0, pixelHeight: 1 }], 'malformed-command'],
  ]
  test.each(refused)('[LK1] %s %j is refused as %s', async (name, args, code) => {
    const lab = await open()
    await expect(lab.engine.execute(name, args)).rejects.toMatchObject({ name: 'CoppiceError', code })
  })

  test('[LK1] closing refuses what comes after and rejects who waits', async () => {
    const lab = await open()
    const waiting = lab.execute('waitFor', { frame: 100 })
    lab.engine.dispose()
    await expect(waiting).rejects.toMatchObject({ code: 'closed' })
    await expect(lab.execute('status')).rejects.toMatchObject({ code: 'closed' })
  })

  test('[FL4] step while running is refused', async () => {
    const lab = await open()
    await lab.execute('resume')
    await expect(lab.execute('step', 1)).rejects.toMatchObject({ code: 'not-paused' })
  })

  test('two engines live side by side', async () => {
    const [one, two] = [await open(), await open()]
    await one.execute('step', 2)
    expect(await two.execute('state', 'tank')).toMatchObject({ n: 0 })
    expect(createEngine).toBeTypeOf('function')
  })
})

describe('state and configuration', () => {
  test('state is a copy, setState writes at a path, while paused at once', async () => {
    const lab = await open()
    const copy = await lab.execute('state', 'tank')
    if (typeof copy === 'object' && copy !== null) Object.assign(copy, { n: 99 })
    await lab.execute('setState', 'tank', 'tanks[0].hp', 10)
    await lab.execute('setState', 'tank', ['tanks', 0, 'armour'], { thick: true })
    expect(await lab.execute('state', 'tank')).toEqual({ n: 0, tanks: [{ hp: 10, armour: { thick: true } }] })
  })

  test('live configuration lies over the manifest until that changes the key, and says so', async () => {
    const lab = await open()
    expect(await lab.execute('setConfig', 'tank', { speed: 12 })).toEqual({ applied: true })
    expect(await lab.execute('config', 'tank')).toEqual({ speed: 12 })
    expect(await lab.execute('setConfig', 'tank', { speed: -1 })).toEqual({
      applied: false,
      error: 'speed must not be negative',
    })
    expect(await lab.execute('setConfig', 'tank', { sped: 1 })).toEqual({
      applied: false,
      error: 'tank has no configuration key "sped". Keys: speed.',
    })
    await lab.run({ tank: { definition: { ...tank } } })
    expect(await lab.execute('config', 'tank')).toEqual({ speed: 12 })
    await lab.run({ tank: { definition: tank, manifest: { config: { speed: 25 } } } })
    expect(await lab.execute('config', 'tank')).toEqual({ speed: 25 })
    expect(await lab.execute('logs', { text: 'replaced' })).toMatchObject([
      { module: 'tank', text: 'speed 5 → 25. Your live 12 was replaced.' },
    ])
    await lab.execute('setConfig', 'tank', { speed: 30 })
    await lab.execute('reset')
    expect(await lab.execute('config', 'tank')).toEqual({ speed: 30 })
  })

  test('query, health, inspect', async () => {
    const lab = await open()
    await lab.execute('step', 3)
    expect(await lab.execute('query', 'tank', 'how')).toEqual({ n: 3, question: 'how' })
    expect(await lab.execute('modules')).toMatchObject([{ health: { status: 'warning', message: 'n is 3' }, hz: 60 }])
    expect(await lab.execute('inspect', { module: 'tank', expanded: [{ path: [] }] })).toMatchObject({
      moment: { frame: 3 },
      root: {
        kind: 'object',
        children: [
          { step: 'n', value: 3 },
          { step: 'tanks', size: 1 },
        ],
      },
    })
  })
})

describe('waitFor', () => {
  test('a frame, a value, a message, a receipt', async () => {
    const lab = await open()
    const frame = lab.execute('waitFor', { frame: 4 })
    const value = lab.execute('waitFor', { module: 'tank', path: 'n', equals: 2 })
    const topic = lab.execute('waitFor', { topic: 'third' })
    const receipt = lab.execute('waitFor', { receipt: 'rejected' })
    await lab.execute('step', 5)
    await lab.run({ tank: { definition: 7 } })
    expect(await Promise.all([frame, value, topic, receipt])).toHaveLength(4)
  })

  test('gives up after its frames', async () => {
    const lab = await open()
    const waiting = lab.execute('waitFor', { topic: 'never' }, { timeoutFrames: 10 })
    const outcome = waiting.catch((error: unknown) => error)
    await lab.execute('step', 10)
    expect(await outcome).toMatchObject({
      code: 'timeout',
      message: 'Waited 10 frames in vain for a message on never.',
    })
  })
})

describe('events', () => {
  test('[LK2] batches come about ten times a second by the clock, status at once', async () => {
    const lab = await open()
    await lab.execute('resume')
    lab.events.length = 0
    lab.clock.advance(1000)
    const frames = lab.eventsOf('frames')
    expect(frames.length).toBeGreaterThanOrEqual(8)
    expect(frames.length).toBeLessThanOrEqual(11)
    expect(frames[0]?.times.modules).toEqual(['tank'])
    expect(lab.eventsOf('status').length).toBeLessThanOrEqual(12)
    lab.events.length = 0
    await lab.execute('pause')
    expect(lab.eventsOf('status')).toMatchObject([{ status: { paused: true, fps: 0 } }])
  })

  test('fps is that of the last second', async () => {
    const lab = await open()
    await lab.execute('resume')
    lab.clock.advance(3000)
    expect(await lab.execute('status')).toMatchObject({ fps: 60, targetFps: 60 })
  })
})
