// What the browser gives to a program besides keys and pointer: gamepads, contexts that are missing or lost, fullscreen, and
// a picture that follows its panel.

import type { Page } from '@playwright/test'
import { expect, test } from './journey-test.ts'
import { coloursOf, openPanel, pictureOf, program, viewport } from './page-parts.ts'

const workspace = (module: string, view = '{ "width": 100, "height": 100 }'): Readonly<Record<string, string>> => ({
  'engine.json': `{ "view": ${view}, "modules": [{ "name": "main", "path": "main.ts" }] }`,
  'main.ts': `import { defineModule } from 'coppice'\n\n${module}`,
})

/** Puts a gamepad into the page, or takes it away, as the browser tells of one. */
const plug = (page: Page, axes: readonly number[] | undefined): Promise<void> =>
  page.evaluate((state) => {
    const buttons = [{ value: 1, pressed: true, touched: true }]
    const pad = state === undefined ? [] : [{ index: 0, axes: state, buttons, connected: true }]
    Object.defineProperty(navigator, 'getGamepads', { configurable: true, value: () => pad })
    dispatchEvent(new Event(state === undefined ? 'gamepaddisconnected' : 'gamepadconnected'))
  }, axes)

test.describe('a gamepad', () => {
  test.use({
    source: workspace(`export default defineModule({
  init: () => ({ isThere: false, x: 0, button: 0 }),
  process({ state, input }) {
    const pad = input.gamepad(0)
    state.isThere = pad.isConnected
    state.x = pad.axis(0)
    state.button = pad.button(0)
  },
})
`),
  })

  test('is read by the program, follows its sticks, and is gone when it is unplugged', async ({ page, coppice }) => {
    await plug(page, [-0.5, 0])
    await coppice((c) => c.waitFor({ module: 'main', path: 'x', equals: -0.5 }))
    expect(await coppice((c) => c.state('main'))).toMatchObject({ isThere: true, button: 1 })
    await plug(page, [0.75, 0])
    await coppice((c) => c.waitFor({ module: 'main', path: 'x', equals: 0.75 }))
    await plug(page, undefined)
    await coppice((c) => c.waitFor({ module: 'main', path: 'isThere', equals: false }))
    expect(await coppice((c) => c.state('main'))).toMatchObject({ x: 0, button: 0 })
  })
})

test.describe('webgpu', () => {
  test.use({
    source: workspace(`export default defineModule({
  init: () => ({ count: 0 }),
  process({ state }) {
    state.count += 1
  },
  view: { context: 'webgpu' },
  render() {},
})
`),
  })

  test('that the browser does not give to workers is a problem that says so; the module runs on', async ({
    page,
    coppice,
  }) => {
    const problems = await openPanel(page, 'Problems')
    const row = problems.getByRole('row', { name: /Module "main" draws with webgpu, which this browser does not give/ })
    await expect(row).toBeVisible()
    await coppice((c) => c.waitFor({ frame: 30 }))
    expect(await coppice((c) => c.modules())).toMatchObject([{ name: 'main', status: 'running', missedFrames: 0 }])
    await coppice(async (c) => {
      const text = await c.files.read('main.ts')
      await c.files.write('main.ts', text.replace("'webgpu'", "'2d'"))
    })
    await expect(problems.getByText('No problems')).toBeVisible()
  })
})

test.describe('a lost webgl2 context', () => {
  test.use({
    source: workspace(`let hasLost = false

export default defineModule({
  init: () => ({ frames: 0, lose: false }),
  process({ state }) {
    state.frames += 1
  },
  view: { context: 'webgl2' },
  render({ ctx, state }) {
    if (state.lose && !hasLost) {
      hasLost = true
      ctx.getExtension('WEBGL_lose_context')?.loseContext()
    }
    if (state.lose) ctx.clearColor(0, 0, 1, 1)
    else ctx.clearColor(1, 0, 0, 1)
    ctx.clear(ctx.COLOR_BUFFER_BIT)
  },
})
`),
  })

  test('is asked for anew: the picture comes back, and the state is untouched', async ({ page, coppice }) => {
    await expect.poll(() => coloursOf(page)).toEqual(['#ff0000'])
    const [canvas] = await viewport(page).locator('canvas').elementHandles()
    await coppice((c) => c.pause())
    await coppice((c) => c.setState('main', 'lose', true))
    await expect.poll(() => canvas?.evaluate((element) => element.isConnected)).toBe(false)
    await expect.poll(() => coloursOf(page)).toEqual(['#0000ff'])
    const { frame } = await coppice((c) => c.status())
    expect(await coppice((c) => c.state('main'))).toMatchObject({ frames: frame })
    await coppice((c) => c.resume())
    await coppice((c, at) => c.waitFor({ frame: at }), frame + 10)
    expect(await coppice((c) => c.problems())).toEqual([])
  })
})

const halves = `export default defineModule({
  init: () => ({}),
  process() {},
  render({ ctx, width, height }) {
    ctx.fillStyle = '#ff0000'
    ctx.fillRect(0, 0, width / 2, height)
    ctx.fillStyle = '#0000ff'
    ctx.fillRect(width / 2, 0, width / 2, height)
  },
})
`

/** Share of the picture by colour, rounded to tenths. */
const shares = async (page: Page): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    (await pictureOf(page)).colours.slice(0, 2).map(([colour, share]) => [colour, Math.round(share * 10) / 10]),
  )

const isHalved = { '#ff0000': 0.5, '#0000ff': 0.5 }

test.describe('fullscreen', () => {
  test.use({ source: workspace(halves, '{ "width": 300, "height": 100 }') })

  test('the viewport fills the screen with the picture in its shape, and comes back', async ({ page }) => {
    await expect.poll(() => shares(page)).toEqual(isHalved)
    const before = await program(page).boundingBox()
    await page.getByRole('button', { name: 'Fullscreen' }).click()
    await expect
      .poll(() => page.evaluate(() => document.fullscreenElement?.getAttribute('aria-label')))
      .toBe('Viewport')
    const widthNow = async (): Promise<number> => (await program(page).boundingBox())?.width ?? 0
    await expect.poll(widthNow).toBeGreaterThan((before?.width ?? 0) * 1.2)
    const box = await program(page).boundingBox()
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(3, 1)
    await expect.poll(() => shares(page)).toEqual(isHalved)
    await page.evaluate(() => document.exitFullscreen())
    await expect.poll(widthNow).toBeCloseTo(before?.width ?? 0, 0)
    await expect.poll(() => shares(page)).toEqual(isHalved)
  })
})

test.describe('"fit": "panel"', () => {
  test.use({ source: workspace(halves, '{ "fit": "panel" }') })

  test('the picture has the size of its panel and follows it', async ({ page }) => {
    const fills = async (): Promise<boolean> => {
      const [outer, inner] = await Promise.all([viewport(page).boundingBox(), program(page).boundingBox()])
      const isSame = (a = 0, b = 1): boolean => Math.abs(a - b) < 4
      return isSame(outer?.width, inner?.width) && isSame(outer?.height, inner?.height)
    }
    await expect.poll(fills).toBe(true)
    await expect.poll(() => shares(page)).toEqual(isHalved)
    const before = await program(page).boundingBox()
    await page.getByRole('radio', { name: 'Play' }).click()
    await expect.poll(async () => (await program(page).boundingBox())?.width).not.toBe(before?.width)
    await expect.poll(fills).toBe(true)
    await expect.poll(() => shares(page)).toEqual(isHalved)
    await page.getByRole('radio', { name: 'Edit' }).click()
    await expect.poll(fills).toBe(true)
  })
})
