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

const glowing = `import { defineModule } from 'coppice'
const vertex = '#version 300 es\\nvoid main() { gl_Position = vec4(0, 0, 0, 1); gl_PointSize = 8.0; }'
const fragment = '#version 300 es\\nprecision mediump float; out vec4 color; void main() { color = vec4(1, 0.5, 0, 1); }'
export default defineModule({
  init: () => ({ count: 0, version: 1 }),
  process({ state }) {
    state.count += 1
    state.version = 1
  },
  view: {
    context: 'webgl2',
    setup({ ctx }) {
      const program = ctx.createProgram()
      for (const [type, text] of [[ctx.VERTEX_SHADER, vertex], [ctx.FRAGMENT_SHADER, fragment]] as const) {
        const shader = ctx.createShader(type)
        if (shader === null) throw new Error('no shader')
        ctx.shaderSource(shader, text)
        ctx.compileShader(shader)
        ctx.attachShader(program, shader)
      }
      ctx.linkProgram(program)
      if (ctx.getProgramParameter(program, ctx.LINK_STATUS) !== true) throw new Error('the shaders do not fit')
      return program
    },
  },
  render({ ctx, view }) {
    ctx.useProgram(view)
    ctx.drawArrays(ctx.POINTS, 0, 1)
  },
})
`

test.describe('[ML4] webgl2', () => {
  test.use({ source: { 'engine.json': manifestOf(['a', 'glow']), 'a.ts': sound, 'glow.ts': glowing } })

  test('what draws by webgl2 is drawn in rehearsal as well, however often it is saved', async ({ coppice }) => {
    test.setTimeout(120_000)
    let version = 1
    const save = async (from: string, to: string) => {
      const text = `${glowing.replace(from, to)}// ${++version}\n`
      const [receipt] = await coppice((c, edit) => c.files.write('glow.ts', edit), text)
      return receipt
    }
    // Until the standby is warm, and where a busy machine made the last picture dear, a fault is not found before it shows.
    const findsFault = async (from: string, to: string, message: RegExp) => {
      const refused = { outcome: 'rejected', phase: 'rehearse', error: { message: expect.stringMatching(message) } }
      await expect.poll(() => save(from, to), { intervals: [50], timeout: 60_000 }).toMatchObject(refused)
    }
    await findsFault('ctx.useProgram(view)', "throw new Error('no light')", /no light/)
    await findsFault('vec4(1, 0.5, 0, 1)', 'vec9(1)', /the shaders do not fit/)
    // More than a page may have contexts at a time: the living layer's is not taken for it.
    for (let again = 0; again < 20; again++)
      expect(await save('state.version = 1', `state.version = ${again}`)).toMatchObject({ outcome: 'committed' })
    await findsFault('ctx.useProgram(view)', "throw new Error('dark')", /dark/)
    expect(await save('state.version = 1', 'state.version = 100')).toMatchObject({ outcome: 'committed' })
    await coppice(async (c) => c.waitFor({ frame: (await c.status()).frame + 2 }, { timeoutFrames: 1000 }))
    expect(await coppice((c) => c.state('glow'))).toMatchObject({ version: 100 })
    expect(await coppice((c) => c.problems())).toEqual([])
  })
})
