// What the second engine does for the one that runs: it computes frames again and tells where they come out another way [HS6], and finds
// code that takes memory without measure before the program feels it [ML4].

import { expect, test } from './journey-test.ts'
import { numberIn, openPanel } from './page-parts.ts'

const sound = `import { defineModule } from 'coppice'
export default defineModule({
  init: () => ({ count: 0, behind: 0, version: 1 }),
  process({ state, frame, random }) {
    state.count += 1
    state.behind = frame - state.count
    void random()
  },
})
`
const manifestOf = (names: readonly string[]): string =>
  JSON.stringify({ modules: names.map((name) => ({ name, path: `${name}.ts` })) })
const leaking = sound.replace('export', 'let calls = 0\nexport').replace('void random()', 'state.version = calls++')

test.describe('[HS6]', () => {
  test.use({ source: { 'engine.json': manifestOf(['a', 'leak']), 'a.ts': sound, 'leak.ts': leaking } })

  test('a variable that lives outside the state is found, named, and cleared when it is mended', async ({
    page,
    coppice,
  }) => {
    const status = page.getByRole('contentinfo', { name: 'Status' })
    await expect(status.getByRole('button', { name: /^reproducible/ })).toBeVisible()
    const chip = status.getByRole('button', { name: /^not reproducible/ })
    await expect(chip).toHaveAccessibleName(
      /Frame \d+ of leak, computed again, came out another way: state\.version is/,
    )
    expect(await coppice((c) => c.status())).toMatchObject({ reproducible: false })
    await chip.click()
    const problems = page.getByRole('region', { name: 'Problems', exact: true })
    await expect(problems.getByRole('row', { name: /warning: Frame \d+ of leak/ })).toContainText(
      /a top-level variable/,
    )
    await coppice((c, text) => c.files.write('leak.ts', text), sound)
    await expect(status.getByRole('button', { name: /^reproducible/ })).toBeVisible()
    await expect(problems.getByText('No problems')).toBeVisible()
  })
})

test.describe('[ML4]', () => {
  test.use({ source: { 'engine.json': manifestOf(['a', 'b']), 'a.ts': sound, 'b.ts': sound } })

  test('400 MB in a frame, by `init` or as state are refused in rehearsal; live they are survived', async ({
    page,
    coppice,
  }) => {
    await openPanel(page, 'Problems')
    const problems = page.getByRole('region', { name: 'Problems', exact: true })
    let version = 1
    await expect
      .poll(async () => {
        const text = sound.replace('void random()', `state.version = ${++version}`)
        const [receipt] = await coppice((c, edit) => c.files.write('b.ts', edit), text)
        return receipt?.ms.rehearse
      })
      .toBeGreaterThan(0)
    const greedy = [
      sound.replace('void random()', 'void new Float64Array(50_000_000).fill(1)'),
      sound.replace('version: 1', 'version: Array.from({ length: 50_000_000 }, () => 1).length'),
      sound.replace(
        'void random()',
        'Object.assign(state, { list: state.count && new Uint8Array(200e6), other: new Uint8Array(200e6) })',
      ),
    ]
    for (const text of greedy) {
      const receipts = await coppice((c, edit) => c.files.write('b.ts', edit), text)
      expect(receipts).toMatchObject([
        { outcome: 'rejected', phase: 'rehearse', error: { message: expect.stringMatching(/400 MB/), file: 'b.ts' } },
      ])
      await expect(problems.getByRole('row', { name: /400 MB of memory/ })).toContainText(/v\d+ runs on/)
    }
    await coppice((c) => c.setRehearsing(false))
    const hoarding = sound.replace('void random()', 'Object.assign(state, { list: new Uint8Array(400_000_000) })')
    await coppice(async (c, text) => {
      const back = c.waitFor({ receipt: 'rolled-back' }, { timeoutFrames: 100_000 })
      await c.files.write('b.ts', text)
      await back
    }, hoarding)
    await expect(problems.getByRole('row', { name: /takes more than captures have room for/ })).toContainText(
      /v\d+ runs again/,
    )
    expect(await coppice((c) => c.state('b'))).toMatchObject({ version })
    expect(await numberIn(coppice, 'a', 'behind')).toBe(0)
    expect(await numberIn(coppice, 'b', 'behind')).toBe(0)
  })
})
