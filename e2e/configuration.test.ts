// Tuning a program while it runs, and what of it stays: the Config panel and its files, saved data, sounds, queries on the state.

import { expect, test } from './coppice-test.ts'

const tank = `import { defineModule } from 'coppice'
export default defineModule({
  config: { speed: 5, enemy: { hp: 3 } },
  validateConfig: ({ speed }) => (speed < 0 ? 'speed must not be negative' : undefined),
  init: ({ saved }) => ({ best: typeof saved['best'] === 'number' ? saved['best'] : 0, list: [{ hp: 1 }, { hp: 20 }] }),
  process({ state, config, frame, publish, sound }) {
    if (frame % 20 !== 0) return
    state.best += config.speed
    publish('save:best', state.best)
    if (config.speed !== 5) sound.play('./missing.wav')
  },
})
`

test.use({
  source: {
    'engine.json': '{\n  // one tank\n  "modules": [{ "name": "tank", "path": "tank.ts" }]\n}\n',
    'tank.ts': tank,
  },
})

test('values are tuned, written, replaced by a save and put back; what is saved is found again; a state is searched', async ({
  page,
  coppice,
  workspace,
  errors,
}) => {
  errors.allow(/404/)
  // A browser that plays nothing before the page is clicked (this one does): the page says so until then.
  await page.evaluate(() => {
    let wasClicked = false
    addEventListener('pointerdown', () => (wasClicked = true), { capture: true })
    class CautiousContext extends AudioContext {
      override get state() {
        return wasClicked ? super.state : 'suspended'
      }
    }
    Object.defineProperty(window, 'AudioContext', { configurable: true, value: CautiousContext })
  })
  await coppice((c) => c.setConfig('tank', { speed: 6 }))
  const chip = page.getByRole('button', { name: 'Click for sound' })
  await expect(chip).toBeVisible()
  await page.getByRole('tab', { name: 'Config' }).click()
  await expect(chip).toBeHidden()
  const config = page.getByRole('region', { name: 'Config' })
  const speed = config.getByRole('textbox', { name: 'speed', exact: true })
  await speed.fill('12')
  await speed.press('Enter')
  await expect(config.getByText('1 live')).toBeVisible()
  expect(await coppice((c) => c.config('tank'))).toEqual({ speed: 12, enemy: { hp: 3 } })

  // Written to the module's own file, it is live no more.
  await config.getByRole('button', { name: 'Write to file' }).click()
  await expect(config.getByRole('button', { name: 'file:2' })).toBeVisible()
  expect(await workspace.read('config/tank.json')).toBe('{\n  "speed": 12\n}\n')

  // The same by hand on disk; a live value in between is told of, and comes back on request.
  await coppice((c) => c.setConfig('tank', { speed: 30 }))
  await workspace.write('config/tank.json', '{\n  "speed": 25\n}\n')
  const note = config.getByText('speed 12 → 25. Your live 30 was replaced.')
  await expect(note).toBeVisible()
  await config.getByRole('button', { name: 'Put 30 back' }).click()
  await expect.poll(() => coppice((c) => c.config('tank'))).toMatchObject({ speed: 30 })

  // What the module refuses leaves all as it was.
  await workspace.write('config/tank.json', '{\n  "speed": -1\n}\n')
  const ids = () => coppice(async (c) => (await c.problems()).map(({ id }) => id))
  await expect.poll(ids).toContain('config:tank')
  expect(await coppice((c) => c.config('tank'))).toMatchObject({ speed: 30 })
  // It stands at its line, in the list and in the editor.
  await page.getByRole('tab', { name: /^Problems/ }).click()
  const refusal = page.getByRole('region', { name: 'Problems' }).getByText('speed must not be negative')
  await refusal.click()
  await expect(page.getByRole('tab', { name: /tank\.json/ })).toHaveAttribute('aria-selected', 'true')
  await expect(page.locator('.editor-problem-line.is-error')).toBeVisible()
  await workspace.write('config/tank.json', '{\n  "speed": 25\n}\n')
  await expect(page.locator('.editor-problem-line.is-error')).toBeHidden()

  // A sound that is not there is told of, and the program goes on.
  await expect.poll(ids).toEqual(['sound:missing.wav'])
  await page.getByRole('button', { name: 'Mute' }).click()
  await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible()

  // Saved by the dev server, and found by the next page.
  await expect.poll(() => workspace.read('data/tank/best.json').catch(() => '')).toContain('"key": "best"')
  await page.reload()
  await page.waitForFunction(() => 'coppice' in window, undefined, { polling: 50 })
  await page.evaluate(() => window.coppice.ready)
  const best = await coppice(async (c) => Number(Reflect.get(Object(await c.state('tank')), 'best')))
  expect(best).toBeGreaterThanOrEqual(12)

  await page.getByRole('tab', { name: 'State' }).click()
  await page.getByRole('searchbox', { name: 'Filter state' }).fill('hp < 10')
  await expect(page.getByRole('list', { name: 'Found in the state' }).getByRole('button')).toHaveText(['list[0].hp1'])
})
