// `mount` runs a module on the real engine, with time in the test's hands.

import { describe, expect, it } from 'vitest'
import map from '../examples/tanks/map.ts'
import tank from '../examples/tanks/tank.ts'
import { defineModule } from './define-module.ts'
import { mount } from './test.ts'

const counter = defineModule({
  config: { by: 1 },
  validateConfig: ({ by }) => (by < 0 ? 'by must not be negative' : undefined),
  subscribe: ['add', 'fail'],
  init: ({ random }) => ({ count: 0, draw: random(), lastDt: 0, keys: 0, pointerX: 0 }),
  process({ state, config, dt, messages, publish, input, random, log }) {
    state.count += config.by
    state.draw = random()
    state.lastDt = dt
    state.pointerX = input.pointer.x
    if (input.down('Space')) state.keys++
    for (const { data } of messages('add')) state.count += Number(data)
    if (messages('fail').length > 0) throw new RangeError('asked to fail')
    if (state.count % 10 === 0) publish('ten', state.count)
    log.info('counted', state.count)
  },
  query: (state, question) => (question === 'count' ? state.count : undefined),
})

describe('mount', () => {
  it('steps at once: the state is there in the next line', async () => {
    const m = await mount(counter)
    expect(m.state.count).toBe(0)
    m.step(60)
    expect(m.state.count).toBe(60)
    expect(m.frame).toBe(60)
    m.step()
    expect(m.state.count).toBe(61)
    m.unmount()
  })

  it('runs long steps in one go', async () => {
    const m = await mount(counter, { frames: 20_000 })
    expect(m.state.count).toBe(20_000)
  })

  it('[FL5] the same seed and inputs give the same hash, another seed another', async () => {
    const [a, b, c] = [
      await mount(counter, { seed: 1 }),
      await mount(counter, { seed: 1 }),
      await mount(counter, { seed: 2 }),
    ]
    for (const m of [a, b, c]) m.step(30)
    expect(a.hash()).toBe(b.hash())
    expect(a.hash()).not.toBe(c.hash())
    b.publish('add', 1)
    for (const m of [a, b]) m.step()
    expect(a.hash()).not.toBe(b.hash())
  })

  it('[FL2] dt is n / targetFps', async () => {
    const m = await mount(counter, { hz: 10 })
    m.step(60)
    expect(m.state).toMatchObject({ count: 10, lastDt: 0.1 })
  })

  it('publishes to the module, and keeps what modules publish', async () => {
    const m = await mount(counter, { config: { by: 5 } })
    m.publish('add', 5)
    m.step(2)
    expect(m.state.count).toBe(15)
    expect(m.messages('ten')).toEqual([expect.objectContaining({ topic: 'ten', data: 10, from: 'module', frame: 1 })])
    m.step()
    expect(m.messages().map(({ data }) => data)).toEqual([10, 20])
    expect(m.messages('add')).toEqual([])
  })

  it('holds keys and moves the pointer', async () => {
    const m = await mount(counter)
    m.input.key('Space')
    m.input.pointer({ x: 7, y: 8, buttons: 1 })
    m.step(3)
    m.input.key('Space', false)
    m.step(3)
    expect(m.state).toMatchObject({ keys: 3, pointerX: 7 })
  })

  it('changes configuration, and refuses what the module refuses', async () => {
    const m = await mount(counter, { config: { by: 2 } })
    expect(m.config).toEqual({ by: 2 })
    await m.setConfig({ by: 3 })
    expect(m.config).toEqual({ by: 3 })
    m.step()
    expect(m.state.count).toBe(3)
    await expect(m.setConfig({ by: -1 })).rejects.toThrow('by must not be negative')
    await expect(mount(counter, { config: { by: -1 } })).rejects.toThrow('by must not be negative')
  })

  it('[SV1] hands what was saved earlier to init, and gives what is saved', async () => {
    const keeper = defineModule({
      init: ({ saved }) => ({ best: Number(saved['best'] ?? 0) }),
      process({ state, publish }) {
        state.best += 1
        publish('save:best', state.best)
      },
    })
    const m = await mount(keeper, { saved: { best: 7, name: 'x' } })
    expect(m.saved).toEqual({ best: 7, name: 'x' })
    m.step(2)
    expect(m.state.best).toBe(9)
    expect(m.saved).toEqual({ best: 9, name: 'x' })
    const next = await mount(keeper, { saved: m.saved })
    expect(next.state.best).toBe(9)
    const wrong = defineModule({
      init: () => ({}),
      process: ({ publish }) => publish('save:all', new Map()),
    })
    const refused = await mount(wrong)
    expect(() => refused.step()).toThrow('save:all: data is a Map')
    expect(refused.saved).toEqual({})
  })

  it('answers queries and keeps the log', async () => {
    const m = await mount(counter, { frames: 2 })
    expect(m.query('count')).toBe(2)
    expect(m.logs().map(({ text }) => text)).toEqual(['counted 1', 'counted 2'])
  })

  it('throws what process throws, at the step in which it does', async () => {
    const m = await mount(counter, { frames: 3 })
    m.publish('fail', undefined)
    expect(() => m.step(10)).toThrow(new RangeError('asked to fail'))
    expect(m.frame).toBe(4)
    // A frame that threw gives its messages back: the next one reads them again.
    expect(() => m.step()).toThrow(new RangeError('asked to fail'))
    expect(m.frame).toBe(5)
  })

  it('rejects with what init or setup throws', async () => {
    const init = (): { count: number } => {
      throw new RangeError('no state today')
    }
    await expect(mount(defineModule({ init, process() {} }))).rejects.toThrow(new RangeError('no state today'))
    const setup = (): Promise<never> => Promise.reject(new RangeError('no world today'))
    await expect(mount(defineModule({ init: () => ({}), setup, process() {} }))).rejects.toThrow('no world today')
  })

  it('refuses a state that could not be kept, with the path', async () => {
    const holder = defineModule({ init: () => ({ on: { hit: () => 1 } }), process() {} })
    await expect(mount(holder)).rejects.toThrow(/state\.on\.hit is a function/)
  })

  it('awaits setup, and disposes at unmount', async () => {
    const calls: string[] = []
    const m = await mount(
      defineModule({
        init: () => ({ size: 0 }),
        setup: async ({ onDispose }) => {
          onDispose(() => calls.push('disposed'))
          return await Promise.resolve({ heap: new Float64Array(8) })
        },
        process({ state, resources }) {
          state.size = resources.heap.length
        },
      }),
      { frames: 1 },
    )
    expect(m.state.size).toBe(8)
    m.unmount()
    expect(calls).toEqual(['disposed'])
  })

  it('takes instances of classes in the state', async () => {
    class Walker {
      x = 0
      step(): void {
        this.x++
      }
    }
    const m = await mount(
      defineModule({
        init: () => ({ walkers: new Map([['a', new Walker()]]) }),
        process: ({ state }) => state.walkers.forEach((walker) => walker.step()),
      }),
      { frames: 5 },
    )
    expect(m.state.walkers.get('a')?.x).toBe(5)
  })

  it('refuses instances of classes with private members', async () => {
    class Secretive {
      #x = 1
      get x(): number {
        return this.#x
      }
    }
    const holder = defineModule({ init: () => ({ secret: new Secretive() }), process() {} })
    await expect(mount(holder)).rejects.toThrow(/state\.secret/)
  })

  it('runs beside the modules it depends on, or beside stand-ins for them', async () => {
    const together = await mount(tank, { modules: { map }, frames: 60 })
    expect(together.state.tanks).toHaveLength(50)
    const alone = await mount(tank, { deps: { map: { width: 120, height: 90, walls: [] } }, config: { count: 2 } })
    alone.publish('production:tank', { team: 0, x: 60, y: 45, heading: 0 })
    alone.step(2)
    expect(alone.state.tanks).toHaveLength(3)
    await expect(mount(tank)).rejects.toThrow(/map/)
  })
})
