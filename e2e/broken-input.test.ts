// Broken code as a user meets it: what ran goes on, the error stands at its line under Problems, and the fix recovers. Broken
// engine.json and files: broken-input-files.test.ts.

import type { Locator, Page } from '@playwright/test'
import type { CoppiceInPage } from './automation.ts'
import { expect, test } from './journey-test.ts'
import { editorReady, numberIn, openPanel } from './page-parts.ts'

/** A module that counts its frames; `body` runs in `process`, which is handed `state` and `frame`. */
const counter = (body = '', init = '{ count: 0 }', before = ''): string =>
  `import { defineModule } from 'coppice'
${before}
export default defineModule({
  init: () => (${init}),
  process({ state, frame }) {
    state.count += 1
    void frame
    ${body}
  },
})
`
const lineOfBody = 8

const manifest = (...names: readonly string[]): string =>
  JSON.stringify({ modules: names.map((name) => ({ name, path: `${name}.ts` })) })

const one = { 'engine.json': manifest('a'), 'a.ts': counter() }

test.use({ source: one })

const problemIn = (problems: Locator, text: RegExp): Locator => problems.getByRole('row', { name: text })

/** Ten more frames have run, none of them missed by the module. */
async function runsOn(coppice: CoppiceInPage, module: string): Promise<void> {
  const count = await numberIn(coppice, module, 'count')
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 10)
  expect(await numberIn(coppice, module, 'count')).toBeGreaterThanOrEqual(count + 10)
}

/** Writes sound code and sees the problem go, the new version run and the count go on. */
async function recovers(page: Page, coppice: CoppiceInPage): Promise<void> {
  const count = await numberIn(coppice, 'a', 'count')
  const receipts = await coppice(
    (c, text) => c.files.write('a.ts', text),
    counter('state.fixed = true', '{ count: 0, fixed: false }'),
  )
  expect(receipts).toMatchObject([{ outcome: 'committed' }])
  await coppice((c) => c.waitFor({ module: 'a', path: 'fixed', equals: true }))
  expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count)
  await expect(page.getByRole('region', { name: 'Problems', exact: true }).getByText('No problems')).toBeVisible()
}

test('[ML1] a syntax error on save: the old code runs on, the error stands on its line, the fix recovers', async ({
  page,
  coppice,
}) => {
  const problems = await openPanel(page, 'Problems')
  await editorReady(page)
  await coppice(async (c, text) => {
    await c.editor?.setText('a.ts', text)
    await c.editor?.open('a.ts')
  }, counter('const speed = = 4'))
  await page.getByText('const speed').click()
  await page.keyboard.press('Control+s')
  const row = problemIn(problems, /^error: /)
  await expect(row).toContainText(`a.ts:${lineOfBody}`)
  await expect(row).toContainText('v1 runs on')
  await expect(page.getByRole('alert', { name: 'Reload' })).toContainText(`a.ts:${lineOfBody}`)
  await expect
    .poll(() => coppice(async (c) => (await c.editor?.markers('a.ts'))?.map(({ line }) => line)))
    .toContain(lineOfBody)
  await runsOn(coppice, 'a')
  await recovers(page, coppice)
})

test('[ML1] code that throws as it is loaded is refused on its line', async ({ page, coppice }) => {
  const problems = await openPanel(page, 'Problems')
  const broken = counter('', undefined, "throw new Error('not today')")
  const receipts = await coppice((c, text) => c.files.write('a.ts', text), broken)
  expect(receipts).toMatchObject([{ outcome: 'rejected', phase: 'evaluate', error: { file: 'a.ts', line: 2 } }])
  await expect(problemIn(problems, /not today/)).toContainText('a.ts:2')
  await runsOn(coppice, 'a')
  await recovers(page, coppice)
})

const refusedDefinitions: readonly (readonly [string, string, RegExp])[] = [
  ['no default export', 'export const count = 1\n', /a\.ts: no default export\. Write `?export default defineModule/],
  [
    'no `process`',
    "import { defineModule } from 'coppice'\n\nexport default defineModule({ init: () => ({}) })\n",
    /a\.ts: `?process`? is missing: every module needs/,
  ],
]
for (const [title, broken, message] of refusedDefinitions) {
  test(`[ML1] a module with ${title} is refused and says what to write`, async ({ page, coppice }) => {
    const problems = await openPanel(page, 'Problems')
    const receipts = await coppice((c, text) => c.files.write('a.ts', text), broken)
    expect(receipts).toMatchObject([{ outcome: 'rejected', phase: 'evaluate' }])
    await expect(problemIn(problems, message)).toContainText('a.ts')
    await expect(page.getByRole('alert', { name: 'Reload' })).toContainText(message)
    await runsOn(coppice, 'a')
    await recovers(page, coppice)
  })
}

test('a package that is not installed: the problem says how to install it, at the import', async ({
  page,
  coppice,
}) => {
  const problems = await openPanel(page, 'Problems')
  await coppice(
    (c, text) => c.files.write('a.ts', text),
    counter('', undefined, "import { oak } from '@trees/oak'\nvoid oak"),
  )
  const row = problemIn(problems, /Package @trees\/oak is not installed\. Run: npm install @trees\/oak/)
  await expect(row).toContainText('a.ts:2')
  await runsOn(coppice, 'a')
  await recovers(page, coppice)
})

test.describe('three modules', () => {
  test.use({
    source: {
      'engine.json': manifest('a', 'b', 'c'),
      'a.ts': counter(),
      'b.ts': counter("if (frame >= 100) throw new Error('out of acorns')"),
      'c.ts': counter(),
    },
  })

  test('[FL8] one throws from frame 100 on: the other two never miss a frame', async ({ page, coppice, workspace }) => {
    const problems = await openPanel(page, 'Problems')
    await coppice((c) => c.waitFor({ frame: 130 }))
    const row = problemIn(problems, /out of acorns/)
    await expect(row).toContainText(`b.ts:${lineOfBody}`)
    await expect(row).toContainText('frame 100')
    const { frame } = await coppice((c) => c.pause())
    expect(await coppice((c) => c.modules())).toMatchObject([
      { name: 'a', missedFrames: 0, status: 'running' },
      { name: 'b', missedFrames: 5, status: 'failed', error: { file: 'b.ts', line: lineOfBody } },
      { name: 'c', missedFrames: 0, status: 'running' },
    ])
    expect(await numberIn(coppice, 'a', 'count')).toBe(frame)
    expect(await numberIn(coppice, 'c', 'count')).toBe(frame)
    await coppice((c) => c.resume())

    await workspace.write('b.ts', counter())
    await expect(problems.getByText('No problems')).toBeVisible()
    await runsOn(coppice, 'b')
  })
})
