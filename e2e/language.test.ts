// What Monaco knows of a workspace: the authoring API, the state and configuration as they are inferred, the workspace's own
// files.

import type { Page } from '@playwright/test'
import type { CoppiceInPage } from './automation.ts'
import { expect, test } from './journey-test.ts'
import { editorReady, editorTab } from './page-parts.ts'

const counter = (body: string): string => `import { defineModule } from 'coppice'
import { twice } from './numbers.ts'

export default defineModule({
  config: { pace: 2 },
  init: () => ({ count: 0, names: ['a'] }),
  process({ state, config, dt, input }) {
    ${body}
  },
})
`
const files = {
  'engine.json': JSON.stringify({ modules: [{ name: 'counter', path: 'counter.ts' }] }),
  'counter.ts': counter('state.count = twice(state.count)'),
  'numbers.ts': '/** Two times as much. */\nexport const twice = (value: number): number => value * 2\n',
}
test.use({ source: files })

/** Puts a text into the editor, with the cursor where the text has `|`. */
async function write(page: Page, coppice: CoppiceInPage, body: string): Promise<void> {
  await editorReady(page)
  const [before = '', after = ''] = counter(body).split('|')
  await coppice((c, text) => c.editor?.setText('counter.ts', text), before + after)
  await page.locator('.monaco-editor .view-line').first().click()
  await page.keyboard.press('Control+Home')
  const lines = before.split('\n')
  for (let line = 1; line < lines.length; line++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Home')
  await page.keyboard.press('Home')
  for (let column = 0; column < (lines.at(-1) ?? '').length; column++) await page.keyboard.press('ArrowRight')
}

/** Asks for suggestions until the type service, which loads late, has them. */
async function suggestions(page: Page): Promise<readonly string[]> {
  const options = page.getByRole('listbox', { name: 'Suggest' }).getByRole('option')
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Space')
    await expect(options.first()).toHaveAccessibleName(/\w/, { timeout: 2000 })
    expect(await options.allTextContents()).not.toEqual(['No suggestions.'])
  }).toPass()
  return options.evaluateAll((all) => all.map((option) => option.getAttribute('aria-label') ?? ''))
}

test('completion inside process offers the state and configuration as they are inferred', async ({ page, coppice }) => {
  await write(page, coppice, 'state.|')
  expect(await suggestions(page)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^count/), expect.stringMatching(/^names/)]),
  )
  await write(page, coppice, 'config.|')
  expect(await suggestions(page)).toEqual([expect.stringMatching(/^pace/)])
  await write(page, coppice, 'input.|')
  expect(await suggestions(page)).toEqual(expect.arrayContaining([expect.stringMatching(/^pressed/)]))
})

test('a type error is a squiggle that says what is wrong, and goes with its cause', async ({ page, coppice }) => {
  await editorReady(page)
  await coppice((c, text) => c.editor?.setText('counter.ts', text), counter("state.count = 'three'"))
  const markers = () => coppice((c) => c.editor?.markers('counter.ts'))
  await expect.poll(markers).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      line: 8,
      message: expect.stringContaining("not assignable to type 'number'"),
    }),
  )
  await coppice((c, text) => c.editor?.setText('counter.ts', text), counter('state.count = twice(dt)'))
  const errors = async () => (await markers())?.filter(({ severity }) => severity === 'error')
  await expect.poll(errors).toEqual([])
  // One bracket too many makes dozens of errors after it, and none of those is one.
  await coppice((c, text) => c.editor?.setText('counter.ts', text), counter('').replace('process(', 'process(('))
  await expect.poll(errors).toEqual([expect.objectContaining({ line: 7, source: 'typescript' })])
  await coppice((c, text) => c.editor?.setText('counter.ts', text), counter('state.count = twice(dt)'))
  await expect.poll(errors).toEqual([])
})

test('hovering tells the documentation, and going to the definition opens the file it stands in', async ({
  page,
  coppice,
}) => {
  await write(page, coppice, 'twice(|1)')
  await page.keyboard.press('ArrowLeft')
  const hover = page.locator('.monaco-hover')
  await expect(async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+i')
    await expect(hover.getByText('Two times as much.')).toBeVisible({ timeout: 2000 })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(async () => {
    await page.keyboard.press('F12')
    await expect(editorTab(page, 'numbers.ts')).toHaveAttribute('aria-selected', 'true', { timeout: 2000 })
  }).toPass()
})
