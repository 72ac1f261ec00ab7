// State that may not be: refused with the path to the culprit, while what ran goes on.

import { expect, test } from './journey-test.ts'
import { numberIn, openPanel } from './page-parts.ts'

/** A module that counts; `init` gives the rest of its state, `body` runs in `process`. */
const counter = (init = '', body = '', before = ''): string =>
  `import { defineModule } from 'coppice'
${before}
export default defineModule({
  init: (): Record<string, any> => ({ count: 0, ${init} }),
  process({ state }) {
    state.count += 1
    ${body}
  },
})
`

test.use({
  source: { 'engine.json': JSON.stringify({ modules: [{ name: 'a', path: 'a.ts' }] }), 'a.ts': counter() },
})

const refused: readonly (readonly [title: string, init: string, message: RegExp, before?: string])[] = [
  ['a function', 'tanks: [{ onHit: () => 1 }]', /state\.tanks\[0\]\.onHit is a function/],
  ['a promise', 'map: Promise.resolve(1)', /state\.map is a promise/],
  ['an accessor', 'tank: { get speed() { return 1 } }', /state\.tank\.speed is an accessor/],
  [
    'an instance with #private members',
    'safe: new Safe()',
    /state\.safe is an instance of Safe, which has #private members/,
    'class Safe { #code = 1; open() { return this.#code } }',
  ],
]
for (const [title, init, message, before] of refused) {
  test(`state that holds ${title} is refused with the path to it; the old code runs on, and the fix recovers`, async ({
    page,
    coppice,
  }) => {
    const problems = await openPanel(page, 'Problems')
    const receipts = await coppice((c, text) => c.files.write('a.ts', text), counter(init, '', before))
    expect(receipts).toMatchObject([{ outcome: 'rejected' }])
    await expect(problems.getByRole('row', { name: message })).toContainText('a.ts')
    await expect(page.getByRole('alert', { name: 'Reload' })).toContainText(message)
    const count = await numberIn(coppice, 'a', 'count')
    await coppice((c, at) => c.waitFor({ frame: at }), (await coppice((c) => c.status())).frame + 10)
    expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThanOrEqual(count + 10)

    const fixed = await coppice((c, text) => c.files.write('a.ts', text), counter('fixed: true'))
    expect(fixed).toMatchObject([{ outcome: 'committed' }])
    await expect(problems.getByText('No problems')).toBeVisible()
    expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count + 10)
  })
}

test('a program that starts with such a state says where, and runs once it is mended', async ({
  page,
  coppice,
  plant,
}) => {
  const other = await plant({
    'engine.json': JSON.stringify({ modules: [{ name: 'b', path: 'b.ts' }] }),
    'b.ts': counter('list: [1, () => 2]'),
  })
  await page.getByRole('button', { name: /Workspace$/ }).click()
  await page.getByRole('option', { name: other.name, exact: true }).click()
  const problems = await openPanel(page, 'Problems')
  await expect(problems.getByRole('row', { name: /state\.list\[1\] is a function/ })).toContainText('b.ts')
  await other.write('b.ts', counter('list: [1, 2]'))
  await expect.poll(() => numberIn(coppice, 'b', 'count').catch(() => 0)).toBeGreaterThan(5)
  await expect(problems.getByText('No problems')).toBeVisible()
})
