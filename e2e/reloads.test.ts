// Reloads one can trust: what each changed is shown, it can be undone and redone, what does not run is said for as long as
// it does not, and the editor warns of what a reload would lose.

import type { Locator, Page } from '@playwright/test'
import { expect, test } from './journey-test.ts'
import { coloursOf, editorReady, editorTab, numberIn } from './page-parts.ts'

const banner = (page: Page): Locator => page.getByRole('alert', { name: 'Reload' })

/** Brings the Reloads panel to the front. */
async function openReloads(page: Page): Promise<Locator> {
  await page.getByRole('tab', { name: 'Reloads' }).click()
  const region = page.getByRole('region', { name: 'Reload history' })
  await expect(region).toBeVisible()
  return region
}

const rowOf = (panel: Locator, text: string | RegExp): Locator =>
  panel.getByRole('grid', { name: 'Time line of reloads' }).getByRole('row', { name: text })

test('[ML11] the panel tells of each reload what was edited, how it ended, and what changed in the code', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await coppice((c) => c.files.write('look.ts', "throw new Error('no colour today')\n"))
  const panel = await openReloads(page)
  await expect(rowOf(panel, /rejected/)).toHaveAttribute('aria-selected', 'true')
  const detail = panel.getByRole('article')
  await expect(detail).toContainText('no colour today')
  await expect(detail.getByRole('button', { name: 'look.ts:1' })).toBeVisible()
  await rowOf(panel, /colour '#ff8800' → '#00ccff'.*committed/).click()
  await expect(detail).toContainText('mover v1 → v2')
  await expect(detail).toContainText('State kept')
  await expect(detail.getByRole('group', { name: /^Phases, .* ms in all/ })).toContainText('commit')
  const code = detail.getByRole('region', { name: 'Change of look.ts' })
  // Beside each other or one under the other, as there is room.
  for (const colour of ['#ff8800', '#00ccff']) await expect(code).toContainText(colour)
})

test('[ML11] undo and redo of a reload from the keyboard; the banner says which text runs', async ({
  page,
  coppice,
}) => {
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await expect.poll(() => coloursOf(page)).toContain('#00ccff')
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await page.keyboard.press('Alt+Shift+Z')
  await expect.poll(() => coloursOf(page)).toContain('#ff8800')
  await expect(page.getByRole('status', { name: 'Reload' }).filter({ hasText: 'went back to v1' })).toBeVisible()
  await page.keyboard.press('Alt+Shift+Y')
  await expect.poll(() => coloursOf(page)).toContain('#00ccff')
  await expect(page.getByRole('status', { name: 'Reload' }).filter({ hasText: 'went back to v1' })).toBeHidden()
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
})

test('[ML11] undo also in the file: the old text is saved, and reloads as any save does', async ({
  page,
  coppice,
  workspace,
}) => {
  const before = await workspace.read('look.ts')
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  const panel = await openReloads(page)
  await panel.getByRole('button', { name: 'Undo also in the file' }).click()
  await expect.poll(() => workspace.read('look.ts')).toBe(before)
  await expect.poll(() => coloursOf(page)).toContain('#ff8800')
})

test('[ML11] redo also in the file: written where another text stands there, and run', async ({
  page,
  coppice,
  workspace,
}) => {
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  const panel = await openReloads(page)
  const press = (name: string): Promise<void> =>
    panel.getByRole('article').getByRole('button', { name, exact: true }).click()
  for (const isPutIntoFile of [false, true]) {
    await rowOf(panel, /'#ff8800' → '#00ccff'/).click()
    await press('Undo')
    await expect.poll(() => coloursOf(page)).toContain('#ff8800')
    await rowOf(panel, /undo mover/)
      .first()
      .click()
    if (isPutIntoFile) {
      await press('Put this text into the file')
      await expect.poll(() => workspace.read('look.ts')).toContain('#ff8800')
      await expect(banner(page)).toBeHidden()
    }
    await press('Redo also in the file')
    await expect.poll(() => coloursOf(page)).toContain('#00ccff')
    expect(await workspace.read('look.ts')).toContain('#00ccff')
    await expect(page.getByRole('status', { name: 'Reload' }).filter({ hasText: 'went back to v1' })).toBeHidden()
  }
})

test('[ML11] a file changed since is not overwritten unasked', async ({ page, coppice, workspace }) => {
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccaa'\n"))
  const panel = await openReloads(page)
  await rowOf(panel, /'#ff8800' → '#00ccff'/).click()
  await panel.getByRole('button', { name: 'Undo also in the file' }).click()
  const question = page.getByRole('alertdialog', { name: 'look.ts changed since that reload' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  expect(await workspace.read('look.ts')).toContain('#00ccaa')
  await panel.getByRole('button', { name: 'Undo also in the file' }).click()
  await question.getByRole('button', { name: 'Put the old text back' }).click()
  await expect.poll(() => workspace.read('look.ts')).toContain('#ff8800')
})

test('[ML8] the banner stays while file and running code differ, leads to the place, and goes after a good save', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  await coppice((c) =>
    c.files.write('look.ts', "export const colour = '#00ccff'\nthrow new Error('no colour today')\n"),
  )
  await expect(banner(page)).toContainText('no colour today')
  await expect(banner(page)).toContainText('v1 runs on')
  // Another module's good save does not take it away.
  await coppice(async (c) => c.files.write('keys.ts', (await c.files.read('keys.ts')).replace('#102030', '#203040')))
  await expect.poll(() => coloursOf(page)).toContain('#203040')
  await expect(banner(page)).toBeVisible()
  await banner(page).getByRole('button', { name: 'look.ts:2' }).click()
  await expect(editorTab(page, 'look.ts')).toHaveAttribute('aria-selected', 'true')
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await expect(banner(page)).toBeHidden()
})

test('[ML8] the old text put back from the banner: file and running code agree again', async ({
  page,
  coppice,
  workspace,
}) => {
  const before = await workspace.read('look.ts')
  await coppice((c) => c.files.write('look.ts', 'export const colour = = 1\n'))
  await expect(banner(page)).toContainText('does not compile')
  await banner(page).getByRole('button', { name: 'Put the running text into the file' }).click()
  await expect.poll(() => workspace.read('look.ts')).toBe(before)
  await expect(banner(page)).toBeHidden()
})

test('restart clean: frame 0 with the code of now', async ({ page, coppice }) => {
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await openReloads(page)
  await page.getByRole('button', { name: 'Restart clean' }).click()
  await expect.poll(() => coppice(async (c) => (await c.status()).timeline)).toBe(1)
  await expect.poll(() => coloursOf(page)).toContain('#00ccff')
})

test('[ML12] the editor warns of a variable that a reload sets back, and moves it to the state', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  await coppice(async (c) => {
    const text = (await c.editor?.text('mover.ts')) ?? ''
    await c.editor?.setText(
      'mover.ts',
      text
        .replace('export default', 'let laps = 0\n\nexport default')
        .replace('state.ticks += 1', 'state.ticks += 1\n    laps += 1'),
    )
    await c.editor?.open('mover.ts')
  })
  const advice = () =>
    coppice(async (c) =>
      ((await c.editor?.markers('mover.ts')) ?? [])
        .filter(({ source }) => source === 'coppice-advice')
        .map(({ message }) => message),
    )
  await expect.poll(advice).toEqual([expect.stringContaining('`laps` stands at the top level')])
  await page.getByText('let laps').click()
  await page.keyboard.press('Control+.')
  await page.getByText('Move laps to the state').click()
  await expect.poll(() => coppice((c) => c.editor?.text('mover.ts'))).toContain('state.laps += 1')
  await expect.poll(advice).toEqual([])
  await coppice((c) => c.editor?.save())
  await expect.poll(() => numberIn(coppice, 'mover', 'laps')).toBeGreaterThan(0)
})

test('[ML8] code that fails on trial is taken back, loudly: frame, place, what runs; the next good save recovers', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  const text = await coppice((c) => c.files.read('mover.ts'))
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  const broken = text.replace(
    'state.ticks += 1',
    "state.ticks += 1\n    if (state.ticks % 30 === 29) throw new Error('lost my way')",
  )
  await coppice((c, after) => c.files.write('mover.ts', after), broken)
  await expect(banner(page)).toContainText(/mover v2 failed at frame [\d\s]+ \(mover\.ts:11\): lost my way/)
  await expect(banner(page)).toContainText('v1 runs')
  await expect(page.getByRole('grid', { name: 'Modules' }).getByLabel('runs other code than its file')).toBeVisible()
  const panel = await openReloads(page)
  await expect(rowOf(panel, /rolled back/)).toBeVisible()
  await banner(page).getByRole('button', { name: 'pause there next time' }).click()
  await expect(banner(page)).toContainText('Next time the program pauses there.')

  await coppice((c, again) => c.files.write('mover.ts', again), broken.replace('=== 29', '=== 28'))
  const paused = page.getByRole('alert', { name: 'Paused at a failing frame' })
  await expect(paused).toContainText(/mover failed at frame [\d\s]+ \(mover\.ts:11\): lost my way/)
  expect(await coppice(async (c) => (await c.status()).paused)).toBe(true)
  await paused.getByRole('button', { name: 'Take it back and run' }).click()
  await expect(paused).toBeHidden()
  await expect(banner(page)).toContainText('v1 runs')

  await coppice((c, good) => c.files.write('mover.ts', good), text.replace('stride = 1', 'stride = 2'))
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 2 }))
  await expect(banner(page)).toBeHidden()
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
})

test('[ML5] a state that does not fit: before and after are shown, and a migrate to start from goes into the text', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  const text = await coppice((c) => c.files.read('mover.ts'))
  await coppice(
    (c, after) => c.files.write('mover.ts', after),
    text.replace('x: 0, stride', "x: 'left', stride").replace('state.x = (state.x + stride) % 260', ''),
  )
  await expect(banner(page)).toContainText('x is number, the new code wants string')
  await banner(page).getByRole('button', { name: 'Show change' }).click()
  const migration = page.getByRole('region', { name: 'Migration' })
  await expect(migration.getByRole('row', { name: 'x − number + string' })).toBeVisible()
  await migration.getByRole('button', { name: 'Write a migrate' }).click()
  await expect(editorTab(page, 'mover.ts, unsaved')).toBeVisible()
  await expect(banner(page).getByRole('button', { name: 'Reset mover' })).toBeVisible()
  const written = await coppice((c) => c.editor?.text('mover.ts'))
  expect(written).toMatch(/init: .*\n {2}stateVersion: 2,\n.*\n {2}migrate: \(old: any, fromVersion\) => \{/)
  const ticks = await numberIn(coppice, 'mover', 'ticks')
  await coppice((c) => c.editor?.save())
  await expect(banner(page)).toBeHidden()
  expect(await coppice((c) => c.state('mover'))).toMatchObject({ x: expect.stringMatching(/^\d+$/) })
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(ticks)
})

test('[ML5] a state that does not fit: the module is reset by one press, the others keep theirs', async ({
  page,
  coppice,
}) => {
  const text = await coppice((c) => c.files.read('mover.ts'))
  await coppice(
    (c, after) => c.files.write('mover.ts', after),
    text.replace('x: 0, stride', "x: 'left', stride").replace('state.x = (state.x + stride) % 260', ''),
  )
  await banner(page).getByRole('button', { name: 'Reset mover' }).click()
  await expect(banner(page)).toBeHidden()
  await coppice((c) => c.waitFor({ module: 'mover', path: 'x', equals: 'left' }))
  const receipts = await coppice((c) => c.receipts())
  expect(receipts.at(-1)).toMatchObject({
    outcome: 'committed',
    modules: [{ name: 'mover' }],
    stateChanges: [{ module: 'mover', kind: 'reset' }],
  })
  expect((await coppice((c) => c.status())).timeline).toBe(0)
  // Values that changed in `init` apply at a reset, which the reload offers.
  const now = await coppice((c) => c.files.read('mover.ts'))
  await coppice((c, after) => c.files.write('mover.ts', after), now.replace('ticks: 0', 'ticks: 100000'))
  expect(await numberIn(coppice, 'mover', 'ticks')).toBeLessThan(100_000)
  const detail = (await openReloads(page)).getByRole('article')
  await detail.getByRole('list', { name: 'Changes of the state' }).getByRole('button', { name: 'Reset mover' }).click()
  await expect.poll(() => numberIn(coppice, 'mover', 'ticks')).toBeGreaterThan(100_000)
})

test('[ML11] a replay from frame 0 tells residue of reloads from the code’s own doing; an undo takes the state back too, a redo brings it back', async ({
  page,
  coppice,
}) => {
  const panel = await openReloads(page)
  const found = panel.getByRole('status', { name: 'Replay from frame 0' })
  const replay = () => page.getByRole('button', { name: 'Replay from frame 0 and compare' }).click()
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await replay()
  await expect(found).toContainText(/Same state at frame .* No residue of the 1 reload/)
  const mover = await coppice((c) => c.files.read('mover.ts'))
  await coppice((c, text) => c.files.write('mover.ts', text), mover.replace('stride = 1', 'stride = 2'))
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 2 }))
  await replay()
  await expect(found).toContainText(/mover: state\.x is .* in a clean run.*Residue of 2 reloads/)
  await rowOf(panel, /stride/).click()
  await panel.getByRole('article').getByRole('button', { name: 'Undo state too' }).click()
  await expect(panel.getByRole('article')).toContainText(/As if it had never been: frames .* computed again/)
  await expect(page.getByRole('status', { name: 'Reload' }).filter({ hasText: 'went back to v2' })).toBeVisible()
  expect(await coppice((c) => c.state('mover'))).toMatchObject({ stride: 1 })
  // What a user did stays: a reset of a module, and its undo.
  await coppice((c) => c.setState('keys', 'held', 1000))
  await page.getByRole('button', { name: 'Close the replay’s result' }).click()
  await replay()
  await expect(found).toContainText('Same state at frame')
  await page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'keys' }).click()
  await page.getByRole('button', { name: 'Reset keys', exact: true }).click()
  await coppice((c) => c.waitFor({ module: 'keys', path: 'held', equals: 0 }))
  await panel.getByRole('article').getByRole('button', { name: 'Undo reset' }).click()
  await coppice((c) => c.waitFor({ module: 'keys', path: 'held', equals: 1000 }))
  // And the undo of the reload is taken back, with the state it left.
  await rowOf(panel, /undo mover, state too/).click()
  await panel.getByRole('article').getByRole('button', { name: 'Redo state too' }).click()
  await coppice((c) => c.waitFor({ module: 'mover', path: 'stride', equals: 2 }))
})

test('[ML2] an engine.json that is refused is told of for as long as an older one is in force', async ({
  page,
  coppice,
}) => {
  const sound = await coppice((c) => c.files.read('engine.json'))
  const keys = await coppice((c) => c.files.read('keys.ts'))
  const dependent = keys.replace('  config:', "  dependencies: ['mover'],\n  config:")
  await coppice((c, text) => c.files.write('keys.ts', text), dependent)
  const alone = JSON.stringify({ modules: [{ name: 'keys', path: 'keys.ts' }] })
  expect(await coppice((c, text) => c.files.write('engine.json', text), alone)).toMatchObject([{ outcome: 'rejected' }])
  await expect(banner(page)).toContainText(/engine\.json was refused.*depends on "mover"/)
  // Another save does not make it go.
  await coppice((c) => c.files.write('look.ts', "export const colour = '#00ccff'\n"))
  await expect(banner(page)).toContainText('depends on "mover"')
  await coppice((c) => c.files.write('engine.json', '{ "modules": ['))
  await expect(page.getByRole('alert', { name: 'engine.json' })).toContainText('is not in force')
  await coppice((c, text) => c.files.write('engine.json', text), sound)
  await expect(banner(page)).toBeHidden()
  await expect(page.getByRole('alert', { name: 'engine.json' })).toBeHidden()
})
