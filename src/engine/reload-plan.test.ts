// Changes of the manifest as reloads: modules come, go and are renamed; rates, configuration, Math.

import { describe, expect, test } from 'vitest'
import { TestEngine } from './testing-host.ts'

interface Counter {
  n: number
}

function adder(step: number, more: object = {}): object {
  return {
    init: () => ({ n: 0 }),
    process({ state }: { state: Counter }) {
      state.n += step
    },
    ...more,
  }
}

describe('manifest', () => {
  test('[ML2] modules come, go and keep their state under a new name', async () => {
    const lab = new TestEngine()
    const a = { definition: adder(1), key: '1', manifest: { path: 'a.ts' } }
    await lab.run({ a, b: { definition: adder(1), key: '1' } })
    await lab.execute('step', 4)
    const receipts = await lab.run({ renamed: a, c: { definition: adder(1) } })
    expect(receipts).toMatchObject([{ outcome: 'committed' }])
    expect(receipts[0]?.modules).toEqual([
      { name: 'a', from: 1 },
      { name: 'renamed', to: 1 },
      { name: 'c', to: 1 },
      { name: 'b', from: 1 },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'renamed')).toEqual({ n: 5 })
    expect(await lab.execute('state', 'c')).toEqual({ n: 1 })
    await expect(lab.execute('state', 'b')).rejects.toMatchObject({ code: 'unknown-module' })
  })

  test('[FL2] rates, configuration and view change with the same code', async () => {
    const lab = new TestEngine()
    const seen: number[] = []
    const definition = {
      config: { speed: 1 },
      init: () => ({}),
      process: ({ dt, config }: { dt: number; config: { speed: number } }) => seen.push(dt, config.speed),
    }
    await lab.run({ a: { definition, key: '1' } })
    await lab.execute('step', 1)
    const receipts = await lab.run(
      { a: { definition, key: '1', manifest: { hz: 30, config: { speed: 7 } } } },
      { targetFps: 120 },
    )
    expect(receipts).toMatchObject([{ outcome: 'committed', modules: [{ name: 'a', from: 1, to: 1 }] }])
    await lab.execute('step', 4)
    expect(seen).toEqual([1 / 60, 1, 4 / 120, 7])
  })

  test('a removal that others need is refused, and does not block later changes', async () => {
    const lab = new TestEngine()
    const map = { definition: adder(1), key: '1' }
    const tank = { definition: adder(1, { dependencies: ['map'] }), key: '1' }
    await lab.run({ map, tank })
    const [receipt] = await lab.run({ tank })
    expect(receipt).toMatchObject({
      outcome: 'rejected',
      error: { message: 'tank depends on "map", which is not among the modules.' },
    })
    expect(await lab.run({ tank: { definition: adder(5, { dependencies: ['map'] }), key: '2' } })).toMatchObject([
      { outcome: 'committed' },
    ])
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'map')).toEqual({ n: 1 })
  })

  test('[FL5] a change of math evaluates everything anew', async () => {
    const lab = new TestEngine()
    const seen: unknown[] = []
    const code = (globals: Readonly<Record<string, unknown>>) => {
      seen.push(globals['Math'])
      return { default: adder(1) }
    }
    await lab.run({ a: { code, key: '1' } })
    expect(await lab.run({ a: { code, key: '1' } }, { math: 'native' })).toMatchObject([{ outcome: 'committed' }])
    expect(seen).toHaveLength(2)
    expect(await lab.execute('status')).toMatchObject({ reproducible: false })
    expect(seen[0]).not.toBe(seen[1])
  })

  test('a repeated revision does nothing', async () => {
    const lab = new TestEngine()
    const modules = { a: { definition: adder(1), key: '1' } }
    await lab.run(modules)
    expect(await lab.run(modules)).toEqual([])
  })
})
