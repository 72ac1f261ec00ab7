// What threads beside the engine's bring, and what they cost: frames of four heavy modules `threaded` against `sequential`, and the
// barrier for a module that does nothing. Both sides take turns, so that they meet the same machine.

import { type Benchmark, distribution } from '../../e2e/bench/benchmark.ts'
import type { Strategy } from '../protocol/manifest.ts'
import { ThreadLab, type TextModule } from '../worker/testing-threads.ts'
import { createNodeThreads } from './headless-threads.ts'
import { buildThreadCode } from './test-thread-code.ts'

const rounds = 30

/** About 3 ms of arithmetic, on a state of 1 000 bodies. */
const heavy = `__vite_ssr_exportName__('default', () => ({
  init: () => ({ bodies: Array.from({ length: 1000 }, (_, i) => ({ x: i, y: 0, vx: 1, vy: 0 })) }),
  process({ state, dt }) {
    for (let pass = 0; pass < 60; pass++) for (const body of state.bodies) {
      const pull = 1 / (1 + body.x * body.x + body.y * body.y)
      body.vx -= body.x * pull * dt
      body.vy -= body.y * pull * dt
      body.x += Math.sqrt(body.vx * body.vx + 1) * dt
      body.y += body.vy * dt
    }
  },
}))`
const empty = `__vite_ssr_exportName__('default', () => ({ init: () => ({ n: 0 }), process() {} }))`

const large = `__vite_ssr_exportName__('default', () => ({
  init: () => ({ list: Array.from({ length: 10000 }, (_, i) => ({ id: i, x: i, y: 0, vx: 1, vy: 0, name: 'body' })) }),
  process({ state, dt }) { for (const one of state.list) one.x += one.vx * dt },
}))`

const program = (text: string, count: number, strategy: Strategy): Record<string, TextModule> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, { text, strategy }]))

/** Milliseconds per frame, a sample per round, of both strategies. */
async function compare(text: string, count: number, frames: number, code: URL): Promise<Record<Strategy, number[]>> {
  const samples: Record<Strategy, number[]> = { sequential: [], threaded: [], pool: [] }
  const labs = new Map<Strategy, ThreadLab>()
  for (const strategy of ['sequential', 'threaded'] as const) {
    const lab = new ThreadLab({ start: createNodeThreads({ code }) })
    await lab.run(program(text, count, strategy))
    await lab.execute('step', 200)
    labs.set(strategy, lab)
  }
  for (let round = 0; round < rounds; round++) {
    for (const [strategy, lab] of labs) {
      const started = performance.now()
      await lab.execute('step', frames)
      samples[strategy].push((performance.now() - started) / frames)
    }
  }
  for (const lab of labs.values()) lab.dispose()
  return samples
}

export const benchmark: Benchmark = {
  name: 'strategies',
  async run(report) {
    const code = await buildThreadCode()
    const four = await compare(heavy, 4, 10, code)
    report({
      what: 'frame of four heavy modules, threaded',
      unit: 'ms',
      ours: distribution(four.threaded),
      reference: { name: 'sequential', figures: distribution(four.sequential) },
      aim: '≥ 1.6× faster on two cores',
    })
    const big = await compare(large, 1, 20, code)
    report({
      what: 'frame of a threaded module with 10 000 objects',
      unit: 'ms',
      ours: distribution(big.threaded),
      reference: { name: 'sequential', figures: distribution(big.sequential) },
      aim: 'what it costs to hand a state on',
    })
    const one = await compare(empty, 1, 200, code)
    report({
      what: 'frame of an empty threaded module: the barrier',
      unit: 'µs',
      ours: distribution(one.threaded.map((ms) => ms * 1000)),
      reference: { name: 'sequential', figures: distribution(one.sequential.map((ms) => ms * 1000)) },
      aim: '≤ 150 µs more',
    })
  },
}
