// When and how layers are drawn, on canvases that only count.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'
import { paper } from './testing-paper.ts'

interface Drawing {
  readonly ctx: { fillText(text: string): void }
  readonly state: { n: number }
  readonly config: { label: string }
  readonly width: number
  readonly view: unknown
  readonly random: () => number
}

const drawer = (render: (context: Drawing) => void, more: object = {}) => ({
  definition: {
    config: { label: 'a' },
    init: () => ({ n: 0 }),
    process: ({ state }: { state: { n: number } }) => void state.n++,
    render,
    ...more,
  },
  key: undefined as string | undefined,
})

const label = ({ ctx, state, config }: Drawing) => ctx.fillText(`${config.label}${state.n}`)

async function open(module: ReturnType<typeof drawer>): Promise<{ lab: TestEngine; calls: string[] }> {
  const lab = new TestEngine()
  await lab.run({ a: withoutKey(module) })
  const { layer, calls } = paper()
  lab.layers.give('a', layer)
  lab.clock.advance(0)
  return { lab, calls }
}

function withoutKey({ definition }: ReturnType<typeof drawer>) {
  return { definition }
}

describe('rendering', () => {
  test('[FL9] a 2d layer is cleared and scaled to the units of the view', async () => {
    const { lab, calls } = await open(drawer(label))
    expect(lab.layers.wanted).toEqual([{ module: 'a', request: 1, context: '2d', z: 0 }])
    expect(calls).toEqual(['transform 1 0 0 1 0 0', 'clear 0 0 1280 720', 'transform 2 0 0 2 0 0', 'a0'])
  })

  test('[FL9] at most once per display frame', async () => {
    const { lab, calls } = await open(drawer(label))
    const before = calls.length
    await lab.execute('step', 100)
    expect(calls.length - before).toBeLessThanOrEqual(4)
    await lab.run({ a: withoutKey(drawer(label)) }, { targetFps: 120 })
    await lab.execute('resume')
    calls.length = 0
    lab.clock.advance(1000)
    expect(calls.filter((call) => call.startsWith('a')).length).toBeGreaterThanOrEqual(59)
    expect(calls.filter((call) => call.startsWith('a')).length).toBeLessThanOrEqual(62)
  })

  test('[FL9] drawn anew while paused: after commit, state, configuration, resize, reset', async () => {
    const { lab, calls } = await open(drawer(label))
    const drawn = async (what: Promise<unknown>): Promise<string | undefined> => {
      calls.length = 0
      await what
      lab.clock.advance(0)
      return calls.at(-1)
    }
    expect(await drawn(lab.run({ a: withoutKey(drawer((context) => context.ctx.fillText('new'))) }))).toBe('new')
    expect(await drawn(lab.run({ a: withoutKey(drawer(label)) }))).toBe('a0')
    expect(await drawn(lab.execute('setState', 'a', 'n', 5))).toBe('a5')
    expect(await drawn(lab.execute('setConfig', 'a', { label: 'b' }))).toBe('b5')
    expect(await drawn(lab.execute('resizeLayers', { pixelWidth: 320, pixelHeight: 180 }))).toBe('b5')
    expect(calls).toContain('transform 0.5 0 0 0.5 0 0')
    expect(await drawn(lab.execute('reset'))).toBe('b0')
    expect(await drawn(lab.execute('undoReset'))).toBe('b5')
  })

  test('[FL9] one whose GPU is at the picture before is left out, and drawn when that is done, also while paused', async () => {
    const lab = new TestEngine()
    await lab.run({ a: withoutKey(drawer(label)) })
    const { layer, calls } = paper()
    let isBusy = false
    lab.layers.give('a', { ...layer, isBusy: () => isBusy, drawn: () => (isBusy = true) })
    lab.clock.advance(0)
    expect(calls.at(-1)).toBe('a0')
    calls.length = 0
    await lab.execute('setState', 'a', 'n', 5)
    lab.clock.advance(100)
    expect(calls).toEqual([])
    isBusy = false
    lab.clock.advance(20)
    expect(calls.at(-1)).toBe('a5')
  })

  test('[FL9] hidden layers are not drawn, and are when they are shown again', async () => {
    const { lab, calls } = await open(drawer(label))
    await lab.execute('setLayerVisible', 'a', false)
    calls.length = 0
    await lab.execute('step', 1)
    lab.clock.advance(100)
    expect(calls).toEqual([])
    await lab.execute('setLayerVisible', 'a', true)
    lab.clock.advance(0)
    expect(calls.at(-1)).toBe('a1')
  })

  test('[FL9] a throw keeps the last picture and is a problem until a good drawing', async () => {
    const { lab, calls } = await open(
      drawer(({ ctx, state }) => {
        ctx.fillText('half')
        if (state.n === 1) throw new Error('no paint')
      }),
    )
    lab.clock.advance(100)
    await lab.execute('step', 1)
    expect(calls.at(-1)).toBe('put back')
    expect(lab.eventsOf('problems').at(-1)?.problems).toMatchObject([
      { id: 'render:a', source: 'render', message: 'no paint' },
    ])
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
    lab.clock.advance(100)
    await lab.execute('step', 1)
    expect(lab.eventsOf('problems').at(-1)?.problems).toEqual([])
  })

  test('[FL9] drawing has a random stream of its own and never affects the hash', async () => {
    const quiet = await open(drawer(() => undefined))
    const busy = await open(drawer(({ random }) => void [random(), random()]))
    for (const { lab } of [quiet, busy]) await lab.execute('step', 10)
    expect(await busy.lab.execute('stateHash')).toBe(await quiet.lab.execute('stateHash'))
  })

  test('view.setup runs once per canvas and version, and is awaited before the commit', async () => {
    const log: string[] = []
    const version = (name: string) =>
      drawer(({ ctx, view }) => ctx.fillText(String(view)), {
        view: {
          setup: () => {
            log.push(`setup ${name}`)
            return Promise.resolve(name)
          },
          dispose: (view: string) => log.push(`dispose ${view}`),
        },
      })
    const { lab, calls } = await open(version('one'))
    await Promise.resolve()
    await Promise.resolve()
    lab.clock.advance(0)
    expect(calls.at(-1)).toBe('one')
    const [receipt] = await lab.run({ a: withoutKey(version('two')) })
    expect(receipt?.outcome).toBe('committed')
    lab.clock.advance(0)
    expect(calls.at(-1)).toBe('two')
    expect(log).toEqual(['setup one', 'setup two', 'dispose one'])
    lab.engine.dispose()
    expect(log.at(-1)).toBe('dispose two')
  })

  test('[ML1] a view.setup that throws rejects, and the old picture stays', async () => {
    const { lab, calls } = await open(drawer(label))
    const [receipt] = await lab.run({
      a: withoutKey(
        drawer(label, {
          view: {
            setup: () => {
              throw new Error('no shader')
            },
          },
        }),
      ),
    })
    expect(receipt).toMatchObject({ outcome: 'rejected', phase: 'setup', error: { message: 'no shader' } })
    await lab.execute('setState', 'a', 'n', 3)
    lab.clock.advance(0)
    expect(calls.at(-1)).toBe('a3')
  })

  test('another context or z asks for a new canvas; one that draws no more gives its layer up', async () => {
    const { lab } = await open(drawer(label))
    await lab.run({ a: withoutKey(drawer(label, { view: { context: 'webgl2', z: 2 } })) })
    expect(lab.layers.wanted.at(-1)).toEqual({ module: 'a', request: 2, context: 'webgl2', z: 2 })
    await lab.run({ a: { definition: { init: () => ({ n: 0 }), process: () => undefined } } })
    expect(lab.eventsOf('layer-gone')).toEqual([{ type: 'layer-gone', module: 'a' }])
  })
})
