// The bus as a user looks at it: what passes, held and filtered; a message opened and followed to its line; who sends to whom; queues.

import { expect, test } from './journey-test.ts'
import { editorReady, editorTab, openPanel } from './page-parts.ts'

const module = (definition: string): string =>
  `import { defineModule } from 'coppice'\n\nexport default defineModule({\n${definition}\n})\n`

test.use({
  source: {
    'engine.json': JSON.stringify({
      modules: ['talker', 'reader', 'slow'].map((name) => ({ name, path: `${name}.ts` })),
    }),
    'talker.ts': module(`  subscribe: ['go'],
  init: () => ({ n: 0 }),
  process({ state, frame, messages, publish }) {
    state.n++
    if (frame % 10 === 0) publish('tank:hit', { by: frame, colour: frame % 20 === 0 ? 'red' : 'blue' })
    if (frame % 10 === 5) publish('score', state.n)
    for (const { data } of messages()) for (let i = 0; i < Number(data); i++) publish('flood', i)
  },`),
    'reader.ts': module(`  subscribe: ['tank:*', 'score'],
  init: () => ({ heard: 0 }),
  process({ state, messages }) {
    state.heard += messages().length
  },`),
    'slow.ts': module(`  subscribe: ['flood', 'score'],\n  init: () => ({}),\n  process() {},`),
  },
})

test('[MB2] the stream is filtered and held, a message leads to its line, the graph and the queues say who is slow', async ({
  page,
  coppice,
}) => {
  await editorReady(page)
  const panel = await openPanel(page, 'Bus')
  const lines = panel.getByRole('listbox', { name: 'Messages' }).getByRole('option')
  const ofHits = lines.filter({ hasText: 'tank:hit' })
  const ofScore = lines.filter({ hasText: 'score' })
  const passed = async (frames: number): Promise<void> => {
    const { frame } = await coppice((c) => c.status())
    await coppice((c, at) => c.waitFor({ frame: at }), frame + frames)
  }
  await expect(ofHits.first()).toBeVisible()
  await expect(ofScore.first()).toBeVisible()
  await passed(120)
  await expect(panel.getByRole('complementary', { name: 'Topics' })).toContainText(/tank:hit\s*[56]\.\d\/s/)

  await test.step('filters by topic, module and content', async () => {
    const topic = panel.getByRole('textbox', { name: 'Filter by topic' })
    await topic.fill('tank:*')
    await expect(ofHits.first()).toBeVisible()
    await expect(ofScore).toHaveCount(0)
    await topic.fill('**:tank')
    await expect(panel.getByText(/has "\*\*" before its end/)).toBeVisible()
    await topic.fill('')
    await panel.getByRole('button', { name: /Filter by module$/ }).click()
    await page.getByRole('option', { name: 'slow', exact: true }).click()
    await expect(ofScore.first()).toBeVisible()
    await expect(ofHits).toHaveCount(0)
    await panel.getByRole('button', { name: /Filter by module$/ }).click()
    await page.getByRole('option', { name: 'every module', exact: true }).click()
    await panel.getByRole('searchbox', { name: 'Filter by content' }).fill('red')
    await expect(lines.first()).toContainText('colour: "red"')
    await passed(60)
    await expect(lines.filter({ hasNotText: 'red' })).toHaveCount(0)
  })

  await test.step('held, it stands still while the program runs on', async () => {
    await panel.getByRole('button', { name: 'Hold the stream' }).click()
    const before = await lines.allInnerTexts()
    await passed(60)
    expect(await lines.allInnerTexts()).toEqual(before)
  })

  await test.step('a message opens with data and moment, and leads to the line that published it', async () => {
    const line = lines.last()
    const frame = await line.locator('.log-frame').innerText()
    await line.click()
    const opened = panel.getByRole('complementary', { name: 'Message tank:hit' })
    await expect(opened).toContainText(`frame ${frame}`)
    await expect(opened).toContainText('from talker')
    await expect(opened).toContainText('read by reader')
    await expect(opened.getByLabel('Data')).toContainText('red')
    await opened.getByRole('button', { name: 'published at talker.ts:8' }).click()
    await expect(editorTab(page, 'talker.ts')).toHaveAttribute('aria-selected', 'true')
    await expect(page.getByRole('contentinfo', { name: 'Status' }).getByText(/^Ln 8,/)).toBeVisible()
  })

  await test.step('the graph says who sends to whom', async () => {
    await panel.getByRole('radio', { name: 'Graph' }).click()
    await expect(panel.getByRole('img', { name: /talker to reader \d+\/s, talker to slow [56]\.\d\/s/ })).toBeVisible()
  })

  await test.step('a queue is almost full, then drops, in the panel and among the problems', async () => {
    await panel.getByRole('radio', { name: 'Queues' }).click()
    const slow = panel.getByRole('table', { name: 'Queues' }).getByRole('row', { name: /^slow/ })
    await expect(slow).toContainText('flood score')
    await panel.getByRole('textbox', { name: 'Topic', exact: true }).fill('go')
    await panel.getByRole('textbox', { name: 'Data', exact: true }).fill('8500')
    await panel.getByRole('button', { name: 'Publish' }).click()
    await expect(slow).toContainText('almost full')
    const told = () => coppice(async (c) => (await c.problems()).map(({ id, severity }) => `${id} ${severity}`))
    await expect.poll(told).toEqual(['queue:slow warning'])
    await panel.getByRole('button', { name: 'Publish' }).click()
    await expect(slow).toContainText('dropping')
    await expect.poll(told).toEqual(['queue:slow error'])
    const bus = await coppice((c) => c.bus())
    const found = bus.modules.find(({ name }) => name === 'slow')
    expect(found).toMatchObject({ queued: 10_000 })
    expect(found?.dropped).toBeGreaterThanOrEqual(7000)
    await expect(slow).toContainText(/7\s\d{3}/)
    await expect(page.getByRole('button', { name: /^1 unwell/ })).toBeVisible()
  })
})
