// What a rehearsal adds to a reload, from save to receipt, with and without it in one run; and how long a program that hung stands
// still: from the save of what hangs to the frames after it, against the limit.

import { distribution, type Benchmark } from './benchmark.ts'
import { BrowserSession } from './browser-session.ts'

const blocks = 2
const saves = 20
const warmUps = 15
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
/** By then a standby is there again, and has computed what it must. */
const standbyFrames = 240
const forever = 'for (let i = 0; i >= 0; i = (i + 1) % 1000) void i'

/** Pairs of a text that hangs and one that does not. */
const hangEdits = (from: number): readonly (readonly [string, string])[] =>
  Array.from({ length: hangs }, (_, i) => [moduleText(from + i, forever), moduleText(from + 500 + i)])

export const benchmark: Benchmark = {
  name: 'hang',
  async run(report) {
    const session = await BrowserSession.open()
    try {
      const engine = JSON.stringify({ modules: [{ name: 'marker', path: 'marker.ts' }] })
      const { coppice } = await session.openCoppice({ 'engine.json': engine, 'marker.ts': moduleText(0) })
      const texts = Array.from({ length: (warmUps + saves) * 4 * blocks }, (_, i) => moduleText(i + 1))
      const { on, off } = await coppice(
        async (c, { texts: edits, warmUps, saves, blocks }) => {
          const samples: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] }
          const rest = [...edits]
          // In turns, so that both sides meet the same page and the same machine.
          for (const side of Array.from({ length: blocks }, () => ['off', 'on'] as const).flat()) {
            await c.setRehearsing(side === 'on')
            for (let i = 0, taken = 0; taken < saves && rest.length > 0; i++) {
              await new Promise((resolve) => setTimeout(resolve, 80 + Math.random() * 40))
              const start = performance.now()
              const [receipt] = await c.files.write('marker.ts', rest.shift() ?? '')
              const tookMs = performance.now() - start
              // Until the standby is warm there is nothing to measure.
              if (i < warmUps || (side === 'on' && (receipt?.ms.rehearse ?? 0) === 0)) continue
              samples[side].push(tookMs)
              taken++
            }
          }
          return samples
        },
        { texts, warmUps, saves, blocks },
      )
      report({
        what: 'save → committed, rehearsed',
        unit: 'ms',
        ours: distribution(on),
        reference: { name: 'not rehearsed', figures: distribution(off) },
        aim: `≤ 10 ms more at the median: ${(distribution(on).median - distribution(off).median).toFixed(1)} ms`,
      })
      const recoveries = await coppice(
        async (c, { edits, standbyFrames }) => {
          await c.setRehearsing(false)
          const samples: number[] = []
          for (const [bad, good] of edits) {
            const before = await c.status()
            await c.waitFor({ frame: before.frame + standbyFrames })
            const back = c.waitFor({ receipt: 'rolled-back' }, { timeoutFrames: 1000 })
            const written = performance.now()
            await c.files.write('marker.ts', bad)
            await back
            const { frame } = await c.status()
            await c.waitFor({ frame: frame + 1 })
            samples.push(performance.now() - written)
            await c.files.write('marker.ts', good)
          }
          return samples
        },
        { edits: hangEdits(1000), standbyFrames },
      )
      report({
        what: 'save of a hang → running again',
        unit: 'ms',
        ours: distribution(recoveries),
        reference: { name: 'limit', figures: distribution([1000]) },
        aim: '≤ 1 s over the limit of 1 s',
      })
      const refusals = await coppice(
        async (c, { edits, standbyFrames }) => {
          await c.setRehearsing(true)
          const samples: number[] = []
          for (const [bad, good] of edits) {
            const before = await c.status()
            await c.waitFor({ frame: before.frame + standbyFrames })
            const started = performance.now()
            const [receipt] = await c.files.write('marker.ts', bad)
            // Where there was no warm standby the program itself met it.
            if (receipt?.outcome === 'rejected') samples.push(performance.now() - started)
            await c.files.write('marker.ts', good)
          }
          return samples
        },
        { edits: hangEdits(3000), standbyFrames },
      )
      report({
        what: 'save of a hang → refused, rehearsed',
        unit: 'ms',
        ours: distribution(refusals),
        reference: { name: 'limit', figures: distribution([1000]) },
        aim: '≤ 1 s over the limit of 1 s; the program runs on meanwhile',
      })
    } finally {
      await session.close()
    }
  },
}
