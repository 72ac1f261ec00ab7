// What a screen reader and a keyboard find: names on everything one can use, regions and headings, nothing that only a
// pointer can reach.

import { expect, test } from './journey-test.ts'
import { editorReady, editorTab, openPanel, transport } from './page-parts.ts'

const named = [
  'button',
  'tab',
  'textbox',
  'searchbox',
  'checkbox',
  'radio',
  'combobox',
  'listbox',
  'grid',
  'treegrid',
  'tree',
  'menu',
  'menuitem',
  'option',
  'row',
  'dialog',
  'alertdialog',
  'region',
  'toolbar',
  'tablist',
  'img',
  'link',
  'switch',
  'slider',
  'spinbutton',
  'application',
  'complementary',
  'contentinfo',
] as const

/** Lines of the page's accessibility tree that have a role above and no name. */
function nameless(snapshot: string): readonly string[] {
  const role = new RegExp(`^\\s*- (?:${named.join('|')})(?: \\[[^\\]]*\\])*:?$`)
  return snapshot.split('\n').filter((line) => role.test(line))
}

test('everything one can use has a name, panel by panel', async ({ page, coppice }) => {
  await editorReady(page)
  await coppice((c) => c.files.write('look.ts', "export const colour = '#ff0000'\n"))
  expect(nameless(await page.locator('body').ariaSnapshot())).toEqual([])
  for (const panel of ['Log', 'Bus', 'Problems', 'Frame times', 'Config', 'State']) {
    const region = await openPanel(page, panel)
    expect(nameless(await region.ariaSnapshot()), panel).toEqual([])
  }
  await page
    .getByRole('contentinfo', { name: 'Status' })
    .getByRole('button', { name: /^healthy/ })
    .click()
  const health = page.getByRole('region', { name: 'Health' })
  await expect(health.getByRole('list', { name: /^Health of/ }).first()).toBeVisible()
  expect(nameless(await health.ariaSnapshot()), 'Health').toEqual([])
  await page.getByRole('radio', { name: 'Play' }).click()
  expect(nameless(await page.locator('body').ariaSnapshot()), 'Play').toEqual([])
})

test('dialogs and menus have names, and give the focus back', async ({ page }) => {
  for (const button of ['Add module', 'Add file', 'Search commands']) {
    await page.getByRole('button', { name: button }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    expect(nameless(await dialog.ariaSnapshot()), button).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(page.getByRole('button', { name: button })).toBeFocused()
  }
})

test('one heading of the page, a region for each part', async ({ page }) => {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coppice')
  for (const name of ['Modules', 'Files', 'Reloads', 'Viewport', 'Editor', 'State', 'Frame times'])
    await expect(page.getByRole('region', { name, exact: true })).toHaveCount(1)
  await expect(page.getByRole('main', { name: 'Workbench' })).toHaveCount(1)
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toHaveCount(1)
})

test('the tab key passes the top bar and comes to the modules; it is never caught', async ({ page }) => {
  await transport(page).getByRole('button', { name: 'Pause' }).focus()
  const seen = new Set<string>()
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press('Tab')
    seen.add(
      await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      ),
    )
  }
  expect([...seen].some((name) => name.startsWith('Theme'))).toBe(true)
  expect(seen.has('Search commands')).toBe(true)
  expect(seen.has('Add module')).toBe(true)
})

test('commands are found and run from the keyboard', async ({ page, coppice }) => {
  await page.keyboard.press('Control+Shift+P')
  await page.getByRole('dialog').getByRole('searchbox').fill('reset')
  await page.getByRole('dialog').getByRole('menuitem', { name: 'Run Reset Alt+Shift+R' }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => coppice(async (c) => (await c.status()).canUndoReset)).toBe(true)
})

test('a file is opened and closed from the keyboard', async ({ page }) => {
  await editorReady(page)
  const files = page.getByRole('treegrid', { name: 'Files' })
  await files.getByRole('row', { name: 'look.ts' }).focus()
  await page.keyboard.press('Enter')
  await expect(editorTab(page, 'look.ts')).toHaveAttribute('aria-selected', 'true')
  await editorTab(page, 'look.ts').focus()
  await page.keyboard.press('Delete')
  await expect(editorTab(page, 'look.ts')).toBeHidden()
})
