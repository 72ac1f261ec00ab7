// What a rehearsal adds to a reload, from save to receipt, with and without it in one run; and how long a program that hung stands
// still after its hang was found: from the end of its worker to its first frame in another, against a worker that is started anew.

import { distribution, type Benchmark } from './benchmark.ts'
import { BrowserSession } from './browser-session.ts'

const saves = 60
const hangs = 5

const moduleText = (marker: number, more = ''): string => `import { defineModule } from 'coppice'
export default defineModule({
  init: () => ({ marker: 0, items: Array.from({ length: 1000 }, (_, id) => ({ id, x: id, y: 1 })) }),
  process({ state }) {
    state.marker = ${marker}
    for (const item of state.items) item.x += item.y
    ${more}
  },
})
`
const forever = 'for (let i = 0; i >= 0; i = (i + 1) % 1000) void i'

export const benchmark: Benchmark = {
  name: 'hang',
  async run(report) {
    const session = await BrowserSession.open()
    try {
      const engine = JSON.stringify({ modules: [{ name: 'marker', path: 'marker.ts' }] })
      const { coppice } = await session.openCoppice({ 'engine.json': engine, 'marker.ts': moduleText(0) })
      const texts = Array.from({ length: saves * 2 }, (_, i) => moduleText(i + 1))
      const { on, off } = await coppice(async (c, edits) => {
        const samples: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] }
        const half = edits.length / 2
        for (const side of ['on', 'off'] as const) {
          await c.setRehearsing(side === 'on')
          const own = side === 'on' ? edits.slice(0, half) : edits.slice(half)
          for (const text of own) {
            await new Promise((resolve) => setTimeout(resolve, 80 + Math.random() * 40))
            const start = performance.now()
            const [receipt] = await c.files.write('marker.ts', text)
            // Without a standby there is nothing to measure yet.
            if (side === 'off' || (receipt?.ms.rehearse ?? 0) > 0) samples[side].push(performance.now() - start)
          }
        }
        return samples
      }, texts)
      report({
        what: 'save → committed, rehearsed',
        unit: 'ms',
        ours: distribution(on),
        reference: { name: 'not rehearsed', figures: distribution(off) },
        aim: `≤ 10 ms more at the median: ${(distribution(on).median - distribution(off).median).toFixed(1)} ms`,
      })
      const recoveries = await coppice(
        async (c, edits) => {
          const samples: number[] = []
          for (const [bad, good] of edits) {
            // A standby is there again.
            await new Promise((resolve) => setTimeout(resolve, 4000))
            const back = c.waitFor({ receipt: 'rolled-back' }, { timeoutFrames: 1000 })
            const written = performance.now()
            await c.files.write('marker.ts', bad ?? '')
            await back
            const { frame } = await c.status()
            await c.waitFor({ frame: frame + 1 })
            samples.push(performance.now() - written)
            await c.files.write('marker.ts', good ?? '')
          }
          return samples
        },
        Array.from({ length: hangs }, (_, i) => [moduleText(1000 + i, forever), moduleText(2000 + i)] as const),
      )
      report({
        what: 'save of a hang → running again',
        unit: 'ms',
        ours: distribution(recoveries),
        reference: { name: 'limit', figures: distribution([1000]) },
        aim: '≤ 1 s over the limit of 1 s',
      })
    } finally {
      await session.close()
    }
  },
}
