// The interval between frames over 20 s at 60 fps, the page idle and busy (charts, typing, six reloads), against the same
// schedule at the same time: in a bare worker of the page, and in a thread outside the browser that only sleeps, which is
// the best this machine gives just then. A module notes when it is called by the time stamp of an event, the one clock it sees.

import { once } from 'node:events'
import { Worker as NodeThread } from 'node:worker_threads'
import type { Page } from '@playwright/test'
import { distribution, type Benchmark } from './benchmark.ts'
import { BrowserSession, type CoppicePage } from './browser-session.ts'

const seconds = 20
const reloads = 6

const moduleText = (step: number): string => `import { defineModule } from 'coppice'

export default defineModule({
  init: () => ({ times: [] as number[], x: 0 }),
  process({ state }) {
    state.times.push(new Event('frame').timeStamp)
    state.x += ${step}
  },
})
`

const intervals = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, i) => time - (times[i] ?? time))

const framesPerSecond = (times: readonly number[]): number =>
  ((times.length - 1) * 1000) / ((times.at(-1) ?? 0) - (times[0] ?? 0))

const isTimes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((time) => typeof time === 'number')

/** Times of the frames run while `meanwhile` lasts, in ms. */
async function frameTimes({ coppice }: CoppicePage, meanwhile: () => Promise<void>): Promise<readonly number[]> {
  await coppice((c) => c.setState('pace', 'times', []))
  await meanwhile()
  const state = await coppice((c) => c.state('pace'))
  const times = typeof state === 'object' && state !== null && 'times' in state ? state.times : undefined
  if (!isTimes(times) || times.length < 2) throw new Error('The module noted no frames.')
  return times
}

const wait = ({ page }: CoppicePage): Promise<void> => page.waitForTimeout(seconds * 1000)

/** Types into the editor all the while, and saves `reloads` times. */
async function beBusy({ page, coppice }: CoppicePage): Promise<void> {
  await page.locator('.monaco-editor').first().click()
  const end = Date.now() + seconds * 1000
  for (let saved = 0, typed = 0; Date.now() < end; typed++) {
    await page.keyboard.type(typed % 20 === 19 ? '\n' : 'x', { delay: 60 })
    if (Date.now() > end - seconds * 1000 * (1 - (saved + 1) / (reloads + 1))) {
      saved++
      await coppice((c, text) => c.files.write('other.ts', text), moduleText(saved))
    }
  }
}

/** The best that timers give: a worker of that page that does nothing else. */
function bareLoopTimes(page: Page): Promise<readonly number[]> {
  return page.evaluate((durationMs) => {
    const loop = `const times = []
      let next = performance.now()
      const tick = () => {
        times.push(performance.now())
        next += 1000 / 60
        if (times.at(-1) - times[0] > ${durationMs}) postMessage(times)
        else setTimeout(tick, next - performance.now())
      }
      tick()`
    const worker = new Worker(URL.createObjectURL(new Blob([loop], { type: 'text/javascript' })))
    return new Promise<readonly number[]>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<readonly number[]>) => resolve(data))
    })
  }, seconds * 1000)
}

/** What the machine itself gives meanwhile: a thread of this process that sleeps until each frame is due. */
async function sleeperTimes(): Promise<readonly number[]> {
  const loop = `const cell = new Int32Array(new SharedArrayBuffer(4))
    const times = []
    const start = performance.now()
    for (let frame = 0; frame <= ${seconds * 60}; frame++) {
      const due = start + (frame * 1000) / 60
      for (let left; (left = due - performance.now()) > 0; ) Atomics.wait(cell, 0, 0, left)
      times.push(performance.now())
    }
    require('node:worker_threads').parentPort.postMessage(times)`
  const told: readonly unknown[] = await once(new NodeThread(loop, { eval: true }), 'message')
  const times = told[0]
  if (!isTimes(times)) throw new Error('The sleeping thread noted no times.')
  return times
}

export const benchmark: Benchmark = {
  name: 'pacing',
  async run(report) {
    const session = await BrowserSession.open()
    try {
      const page = await session.openCoppice({
        'engine.json': JSON.stringify({
          modules: [
            { name: 'pace', path: 'pace.ts' },
            { name: 'other', path: 'other.ts' },
          ],
        }),
        'pace.ts': moduleText(1),
        'other.ts': moduleText(0),
      })
      const measure = async (what: string, meanwhile: () => Promise<void>): Promise<void> => {
        const [ours, bare, sleeper] = await Promise.all([
          frameTimes(page, meanwhile),
          bareLoopTimes(page.page),
          sleeperTimes(),
        ])
        const references = { 'a thread that only sleeps': sleeper, 'a bare worker of this page': bare }
        for (const [name, times] of Object.entries(references)) {
          report({
            what: `frame interval, ${what}`,
            unit: 'ms',
            ours: distribution(intervals(ours)),
            reference: { name, figures: distribution(intervals(times)) },
            aim: `60.00 ± 0.05 fps, p99 ≤ 18 ms; ${framesPerSecond(ours).toFixed(2)} fps`,
          })
        }
      }
      await measure('page idle', () => wait(page))
      await measure(`page busy, ${reloads} reloads`, () => beBusy(page))
    } finally {
      await session.close()
    }
  },
}
