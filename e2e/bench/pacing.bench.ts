// The interval between frames over 20 s at 60 fps, the page idle and busy (charts, typing, six reloads), against the
// animation frames of a plain page. A module notes when it is called by the time stamp of an event, the one clock it sees.

import { distribution, type Benchmark, type Distribution } from './benchmark.ts'
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

async function plainFrameTimes(session: BrowserSession): Promise<readonly number[]> {
  const page = await session.openPlainVite({ 'index.html': '<!doctype html><title>plain</title>' })
  return page.evaluate(
    (durationMs) =>
      new Promise<readonly number[]>((resolve) => {
        const times: number[] = []
        const note = (time: number): void => {
          times.push(time)
          if (time - (times[0] ?? time) < durationMs) requestAnimationFrame(note)
          else resolve(times)
        }
        requestAnimationFrame(note)
      }),
    seconds * 1000,
  )
}

export const benchmark: Benchmark = {
  name: 'pacing',
  async run(report) {
    const session = await BrowserSession.open()
    try {
      const plain: Distribution = distribution(intervals(await plainFrameTimes(session)))
      const reference = { name: 'requestAnimationFrame', figures: plain }
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
      const row = (what: string, times: readonly number[]): void =>
        report({
          what: `frame interval, ${what}`,
          unit: 'ms',
          ours: distribution(intervals(times)),
          reference,
          aim: `60.00 ± 0.05 fps, p99 ≤ 18 ms; ${framesPerSecond(times).toFixed(2)} fps`,
        })
      row('page idle', await frameTimes(page, () => wait(page)))
      row(`page busy, ${reloads} reloads`, await frameTimes(page, () => beBusy(page)))
    } finally {
      await session.close()
    }
  },
}
