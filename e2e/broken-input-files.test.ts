// Broken workspaces as a user meets them: an engine.json that says nothing usable, files that are not there, not text, too
// large, or changed by somebody else under unsaved edits.

import { test as testAlone } from './coppice-test.ts'
import { expect, test } from './journey-test.ts'
import { editorReady, editorTab, numberIn, openPanel } from './page-parts.ts'

const counter = `import { defineModule } from 'coppice'

export default defineModule({
  init: () => ({ count: 0 }),
  process({ state }) {
    state.count += 1
  },
})
`
const entry = (name: string, path = `${name}.ts`, more = ''): string =>
  `    { "name": "${name}", "path": "${path}"${more} }`
const manifest = (...entries: readonly string[]): string => `{\n  "modules": [\n${entries.join(',\n')}\n  ]\n}\n`
const sound = { 'engine.json': manifest(entry('a')), 'a.ts': counter, 'b.ts': counter, 'note.ts': 'export {}\n' }

test.use({ source: sound })

// Among several workspaces, one is a folder with engine.json; a folder opened by its path needs none.
testAlone.describe('without engine.json', () => {
  testAlone.use({ source: { 'a.ts': counter, 'b.ts': counter, 'note.ts': 'export {}\n' } })

  testAlone(
    'every top-level module runs, and engine.json rules while it is there',
    async ({ page, coppice, workspace }) => {
      const names = (): Promise<readonly string[]> => coppice(async (c) => (await c.modules()).map(({ name }) => name))
      expect(await names()).toEqual(['a', 'b'])
      const count = await numberIn(coppice, 'b', 'count')
      await workspace.write('engine.json', manifest(entry('b')))
      await expect.poll(names).toEqual(['b'])
      await workspace.remove('engine.json')
      await expect.poll(names).toEqual(['a', 'b'])
      expect(await numberIn(coppice, 'b', 'count')).toBeGreaterThan(count)
      const problems = await openPanel(page, 'Problems')
      await expect(problems.getByText('No problems')).toBeVisible()
    },
  )
})

test.describe('an address that names no workspace', () => {
  test.use({ query: '?workspace=felled', loadsPage: true })

  test('another workspace opens, and the page says why', async ({ page, coppice }) => {
    await expect(page.getByRole('alert').filter({ hasText: 'There is no workspace felled' })).toBeVisible()
    await coppice((c) => c.waitFor({ frame: 5 }))
    await expect(page.getByRole('button', { name: /Workspace$/ })).toBeVisible()
  })
})

const brokenManifests: readonly (readonly [string, string, RegExp, string])[] = [
  ['is not JSON', '{\n  "modules": [,\n', /engine\.json is not JSON: /, 'engine.json:2'],
  ['is empty', '', /engine\.json is empty/, 'engine.json:1'],
  [
    'names an unknown strategy',
    manifest(entry('a', 'a.ts', ', "strategy": "magic"')),
    /modules\[0\]\.strategy: must be "sequential" or "threaded" or "pool", not "magic"/,
    'engine.json:3',
  ],
  [
    'has two modules of one name',
    manifest(entry('a'), entry('a', 'b.ts')),
    /modules\[1\]\.name: "a" is the name of modules\[0\] too/,
    'engine.json:4',
  ],
  [
    'names a file outside the workspace',
    manifest(entry('a'), entry('spy', '../spy.ts')),
    /modules\[1\]\.path: "\.\.\/spy\.ts" lies outside the workspace/,
    'engine.json:4',
  ],
]
for (const [title, text, message, place] of brokenManifests) {
  test(`an engine.json that ${title}: the last good one stays, the place is shown, the fix recovers`, async ({
    page,
    coppice,
    workspace,
  }) => {
    const problems = await openPanel(page, 'Problems')
    await workspace.write('engine.json', text)
    const row = problems.getByRole('row', { name: message })
    await expect(row).toContainText(place)
    await expect(row).toContainText('The last good engine.json stays in force')
    const count = await numberIn(coppice, 'a', 'count')
    await coppice((c, at) => c.waitFor({ frame: at }), (await coppice((c) => c.status())).frame + 10)
    expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count)
    await workspace.write('engine.json', manifest(entry('a'), entry('b')))
    await expect(problems.getByText('No problems')).toBeVisible()
    await expect(page.getByRole('grid', { name: 'Modules' }).getByRole('row', { name: 'b' })).toBeVisible()
    expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count)
  })
}

const brokenAtOpen: readonly (readonly [string, string, RegExp])[] = [
  ['is empty', '', /engine\.json is empty/],
  ['is not JSON', '{\n  "modules": [,\n', /engine\.json is not JSON: /],
  ['names an unknown strategy', manifest(entry('a', 'a.ts', ', "strategy": "magic"')), /or "pool", not "magic"/],
]
for (const [title, text, message] of brokenAtOpen) {
  test.describe('at open', () => {
    test.use({ source: { ...sound, 'engine.json': text }, waitsForFrame: false, loadsPage: true })

    test(`an engine.json that ${title} as the page opens: the page stands, says where, and the fix runs`, async ({
      page,
      coppice,
      workspace,
    }) => {
      const problems = await openPanel(page, 'Problems')
      await expect(problems.getByRole('row', { name: message })).toContainText('engine.json:')
      await editorReady(page)
      await coppice((c) => c.editor?.open('engine.json'))
      await expect(editorTab(page, 'engine.json, has errors')).toBeVisible()
      await workspace.write('engine.json', manifest(entry('a')))
      await expect.poll(() => numberIn(coppice, 'a', 'count').catch(() => 0)).toBeGreaterThan(5)
      await expect(problems.getByText('No problems')).toBeVisible()
    })
  })
}

test('a file of 5 MB opened in the editor: it says how large it is, and the program runs on', async ({
  page,
  coppice,
  workspace,
}) => {
  await editorReady(page)
  await workspace.write('forest.txt', 'tree\n'.repeat(1024 * 1024))
  await page.getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: 'forest.txt' }).click()
  await expect(page.getByText('forest.txt is too large to edit here.')).toBeVisible()
  await expect(page.getByText('5.0 MB; the editor takes files of up to 2.0 MB.')).toBeVisible()
  const count = await numberIn(coppice, 'a', 'count')
  await coppice((c, at) => c.waitFor({ frame: at }), (await coppice((c) => c.status())).frame + 10)
  expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThanOrEqual(count + 10)
})

test('a binary file opened in the editor: it says so, and what other files hold is shown again', async ({
  page,
  workspace,
}) => {
  await editorReady(page)
  await workspace.write(
    'seed.bin',
    new Uint8Array(3000).map((_, index) => index % 7),
  )
  const files = page.getByRole('treegrid', { name: 'Files' })
  await files.getByRole('row', { name: 'seed.bin' }).click()
  await expect(page.getByText('seed.bin is not text.')).toBeVisible()
  await expect(page.getByText('2.9 KB of binary data.')).toBeVisible()
  await files.getByRole('row', { name: 'b.ts' }).click()
  await expect(page.getByText('state.count += 1')).toBeVisible()
})

test('a module whose file does not exist yet is named at its line, and runs when the file appears', async ({
  page,
  coppice,
  workspace,
}) => {
  const problems = await openPanel(page, 'Problems')
  const count = await numberIn(coppice, 'a', 'count')
  await workspace.write('engine.json', manifest(entry('a'), entry('late')))
  await expect(problems.getByRole('row', { name: /late\.ts does not exist/ })).toContainText('engine.json:4')
  expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count)
  await workspace.write('late.ts', counter)
  await expect.poll(() => numberIn(coppice, 'late', 'count').catch(() => 0)).toBeGreaterThan(5)
  await expect(problems.getByText('No problems')).toBeVisible()
})

test('[WS2] a file changed on disk under unsaved edits: both texts are kept and shown, and the user decides', async ({
  page,
  coppice,
  workspace,
}) => {
  await editorReady(page)
  await coppice(async (c) => {
    await c.editor?.setText('note.ts', "export const mine = 'ash'\n")
    await c.editor?.open('note.ts')
  })
  await workspace.write('note.ts', "export const theirs = 'birch'\n")
  const notice = page.getByRole('status').filter({ hasText: 'note.ts changed on disk under your unsaved edits' })
  await expect(notice).toContainText('Both texts are kept')
  expect(await coppice((c) => c.editor?.text('note.ts'))).toBe("export const mine = 'ash'\n")
  expect(await workspace.read('note.ts')).toBe("export const theirs = 'birch'\n")

  await notice.getByRole('button', { name: 'Compare' }).click()
  const comparison = page.getByRole('region', { name: 'Comparison of note.ts' })
  await expect(comparison.getByText('birch')).toBeVisible()
  await expect(comparison.getByText('ash')).toBeVisible()

  await notice.getByRole('button', { name: "Take disk's" }).click()
  await expect(notice).toBeHidden()
  expect(await coppice((c) => c.editor?.text('note.ts'))).toBe("export const theirs = 'birch'\n")
  expect(await coppice((c) => c.editor?.isDirty('note.ts'))).toBe(false)

  await coppice((c) => c.editor?.setText('note.ts', "export const mine = 'ash'\n"))
  await workspace.write('note.ts', "export const theirs = 'cedar'\n")
  await notice.getByRole('button', { name: 'Keep mine' }).click()
  await expect(notice).toBeHidden()
  await expect.poll(() => workspace.read('note.ts')).toBe("export const mine = 'ash'\n")
  expect(await coppice((c) => c.editor?.isDirty('note.ts'))).toBe(false)
})
