// The form of a module's configuration, control by control; what it writes into files that people wrote; and the state of a module in a
// thread of its own, pinned and searched.

import { expect, test } from './journey-test.ts'
import { openPanel } from './page-parts.ts'

const manifest = `{
    // The herd.
    "modules": [
        { "name": "herd", "path": "herd.ts", "strategy": "threaded",
          "config": { "speed": 7, /* tried out */ "fence": { "wide": 3 } } }
    ]
}
`
const file = '{\n\t// Soft.\n\t"tint": "#7cd992", // as grass\n\t"sizes": [1, 2]\n}\n'

test.use({
  source: {
    'engine.json': manifest,
    'config/herd.json': file,
    'herd.ts': `import { defineModule } from 'coppice'

export default defineModule({
  config: {
    speed: 5,
    isLoud: true,
    tint: '#ffffff',
    title: 'herd',
    sizes: [1],
    fence: { wide: 1, posts: { name: 'oak' } },
    any: null as unknown,
  },
  init: () => ({ cows: [{ hp: 1 }, { hp: 20 }, { hp: 5 }], frames: 0 }),
  process({ state, frame }) {
    state.frames = frame
  },
})
`,
  },
})

test('[CF1][CF7] each value has its control, is reset alone, and is written where it wins with all else as it was', async ({
  page,
  coppice,
  workspace,
}) => {
  const panel = await openPanel(page, 'Config')
  const config = () => coppice((c) => c.config('herd'))
  const box = (name: string) => panel.getByRole('textbox', { name, exact: true })
  const typed = async (name: string, text: string): Promise<void> => {
    await box(name).fill(text)
    await box(name).press('Enter')
  }
  const before = {
    speed: 7,
    isLoud: true,
    tint: '#7cd992',
    title: 'herd',
    sizes: [1, 2],
    fence: { wide: 3, posts: { name: 'oak' } },
    any: null,
  }
  expect(await config()).toEqual(before)

  await panel.getByRole('slider', { name: 'speed' }).press('ArrowRight')
  await expect.poll(config).toEqual({ ...before, speed: 8 })
  await panel.getByRole('switch', { name: 'isLoud' }).click({ force: true })
  await expect.poll(config).toMatchObject({ isLoud: false })
  await panel.getByLabel('tint').fill('#ff0000')
  await expect.poll(config).toMatchObject({ tint: '#ff0000' })
  await typed('title', 'flock')
  await panel.getByRole('button', { name: 'Add to sizes' }).click()
  await expect.poll(config).toMatchObject({ title: 'flock', sizes: [1, 2, 2] })
  await typed('sizes[2]', '9')
  await expect.poll(config).toMatchObject({ sizes: [1, 2, 9] })
  await panel.getByRole('button', { name: 'Remove sizes[0]' }).click()
  await expect.poll(config).toMatchObject({ sizes: [2, 9] })
  await typed('fence.wide', '4')
  await typed('fence.posts.name', 'ash')
  await expect.poll(config).toMatchObject({ fence: { wide: 4, posts: { name: 'ash' } } })
  await typed('any', '{"a":[1]}')
  await expect.poll(config).toMatchObject({ any: { a: [1] } })
  await expect(panel.getByText('8 live')).toBeVisible()

  // One by one, and only that one.
  await panel.getByRole('button', { name: 'Reset isLoud' }).click()
  await expect.poll(config).toMatchObject({ isLoud: true, tint: '#ff0000' })
  await panel.getByRole('button', { name: 'Reset any' }).click()
  await expect.poll(config).toMatchObject({ any: null })

  await panel.getByRole('button', { name: 'Write to file' }).click()
  await expect(panel.getByText('edits are live')).toBeVisible()
  expect(await workspace.read('engine.json')).toBe(
    manifest.replace('"speed": 7', '"speed": 8').replace('"wide": 3', '"wide": 4'),
  )
  const written = await workspace.read('config/herd.json')
  expect(written).toContain('{\n\t// Soft.\n\t"tint": "#ff0000", // as grass\n')
  expect(written).toContain('\t"title": "flock"')
  const values = {
    ...before,
    speed: 8,
    tint: '#ff0000',
    title: 'flock',
    sizes: [2, 9],
    fence: { wide: 4, posts: { name: 'ash' } },
  }
  expect(await config()).toEqual(values)

  // A file that engine.json lies over says so, and offers the way.
  await workspace.write('config/herd.json', '{ "speed": 25, "title": "flock" }\n')
  const note = panel.getByText('speed 25 is not used: engine.json:5 sets 8.')
  await expect(note).toBeVisible()
  await panel.getByRole('button', { name: 'Use 25' }).click()
  await expect.poll(config).toMatchObject({ speed: 25 })
  expect(await workspace.read('engine.json')).not.toContain('speed')
})

test('[ST1] of a module in a thread of its own an entity is pinned, and its state is searched by globs and comparisons', async ({
  page,
  coppice,
}) => {
  const note = () => coppice(async (c) => (await c.modules())[0]?.hostNote)
  await expect.poll(note).toBeUndefined()
  const panel = await openPanel(page, 'State')
  const search = panel.getByRole('searchbox', { name: 'Filter state' })
  const found = panel.getByRole('list', { name: 'Found in the state' }).getByRole('button')
  await search.fill('cows.*.hp')
  await expect(found).toHaveText(['cows[0].hp1', 'cows[1].hp20', 'cows[2].hp5'])
  await search.fill('cows.* where hp < 10')
  await expect(found).toHaveText([/^cows\[0\]/, /^cows\[2\]/])
  await search.fill('hp <')
  await expect(panel.getByText('Not a query yet')).toBeVisible()
  await search.fill('cows[1].hp')
  const tree = panel.getByRole('treegrid', { name: 'State' })
  const cow = tree.getByRole('row', { name: '1', exact: true })
  await cow.hover()
  await cow.getByRole('button', { name: 'Pin 1' }).click()
  await search.fill('')
  const pinned = panel.getByRole('group', { name: 'Pinned cows[1]' })
  await expect(pinned).toContainText('hp20')
  await coppice((c) => c.setState('herd', 'cows[1].hp', 33))
  await expect(pinned).toContainText('hp33')
  expect(await note()).toBeUndefined()
  // Gone and back at the frames in which it is.
  await coppice((c) => c.setState('herd', 'cows', [{ hp: 2 }]))
  await expect(pinned).toContainText('not there at this frame')
  await pinned.getByRole('button', { name: 'Unpin cows[1]' }).click()
  await expect(pinned).toBeHidden()
})
