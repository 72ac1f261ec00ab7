// Parts of the IDE's page by the roles and names a user sees, and what stands in the picture.

import { expect, type Locator, type Page } from '@playwright/test'
import type { CoppiceInPage } from './automation.ts'

export interface Picture {
  /** Share of the picture's pixels by colour (`#rrggbb`), the most frequent first; what no layer covers is left out. */
  readonly colours: readonly (readonly [string, number])[]
  /** Equal for equal pictures. */
  readonly checksum: number
}

/** The program's picture, all shown layers over each other. */
export async function pictureOf(page: Page): Promise<Picture> {
  return viewport(page).evaluate((region) => {
    const canvases = [...region.querySelectorAll('canvas')].filter((canvas) => canvas.style.visibility !== 'hidden')
    const order = (canvas: HTMLCanvasElement): number => Number(canvas.style.zIndex)
    const [first] = canvases
    if (first === undefined) return { colours: [], checksum: 0 }
    const { width, height } = first
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('no 2d canvas')
    for (const canvas of canvases.toSorted((a, b) => order(a) - order(b)))
      context.drawImage(canvas, 0, 0, width, height)
    const { data } = context.getImageData(0, 0, width, height)
    const counts = new Map<string, number>()
    let checksum = 0
    for (let at = 0; at < data.length; at += 4) {
      const value = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0)
      checksum = (Math.imul(checksum, 31) + value + (data[at + 3] ?? 0)) | 0
      if ((data[at + 3] ?? 0) === 0) continue
      const colour = `#${value.toString(16).padStart(6, '0')}`
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
    const colours = [...counts]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, 20)
      .map(([colour, count]) => [colour, count / (width * height)] as const)
    return { colours, checksum }
  })
}

/** The colours of a picture that cover at least a hundredth of it. */
export async function coloursOf(page: Page): Promise<readonly string[]> {
  const { colours } = await pictureOf(page)
  return colours.filter(([, share]) => share >= 0.01).map(([colour]) => colour)
}

export const viewport = (page: Page): Locator => page.getByRole('region', { name: 'Viewport' })

/** The element that takes keys and pointer for the program. */
export const program = (page: Page): Locator => page.getByRole('application', { name: /^Program/ })

export const transport = (page: Page): Locator => page.getByRole('toolbar', { name: 'Transport' })

/** One figure of the top bar, as a number; NaN where a dash stands. */
export async function figure(page: Page, name: string): Promise<number> {
  const row = page.locator('dl[aria-label="Frame"] > div', { has: page.getByText(name, { exact: true }) })
  return Number((await row.locator('dd').innerText()).replaceAll(/[^\d.]/g, '') || Number.NaN)
}

/** Brings a docked panel to the front and returns its region. */
export async function openPanel(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
  const region = page.getByRole('region', { name, exact: true })
  await expect(region).toBeVisible()
  return region
}

/** Chooses an action of a file's menu under Files. */
export async function fileAction(page: Page, file: string, action: string): Promise<void> {
  await page.getByRole('region', { name: 'Files' }).getByRole('row', { name: file }).hover()
  await page.getByRole('button', { name: `Actions for ${file}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** Resolves when the editor has loaded; `window.coppice.editor` is there then. */
export async function editorReady(page: Page): Promise<void> {
  await page.waitForFunction(() => window.coppice.editor !== undefined, undefined, { polling: 50 })
}

/** Tab of an open file in the editor. */
export const editorTab = (page: Page, file: string): Locator =>
  page.getByRole('tablist', { name: 'Open files' }).getByRole('tab', { name: file })

/** A number of a module's state. */
export async function numberIn(coppice: CoppiceInPage, module: string, field: string): Promise<number> {
  const state = await coppice((c, name) => c.state(name), module)
  const value: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, field) : undefined
  if (typeof value !== 'number') throw new Error(`${module}.${field} is ${String(value)}, no number.`)
  return value
}
