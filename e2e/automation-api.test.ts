// `window.coppice`, member by member, as users drive their modules with it from Playwright.

import { expect, test } from './journey-test.ts'
import { coloursOf, editorReady, numberIn, pictureOf } from './page-parts.ts'

test('ready, status, pause, resume, step, reset, undoReset, setSpeed', async ({ coppice }) => {
  await coppice((c) => c.ready)
  expect(await coppice((c) => c.status())).toMatchObject({
    type: 'debug',
    running: true,
    paused: false,
    targetFps: 60,
    speed: 1,
    modulesLoaded: 2,
    hasCoordinator: false,
    clientSockets: 0,
    isolated: true,
    reproducible: true,
  })
  const paused = await coppice((c) => c.pause())
  expect(paused).toMatchObject({ running: false, paused: true })
  expect(await coppice((c) => c.step())).toMatchObject({ frame: paused.frame + 1 })
  expect(await coppice((c) => c.step(10))).toMatchObject({ frame: paused.frame + 11, paused: true })
  const hash = await coppice((c) => c.stateHash())
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  expect(await coppice((c) => c.reset())).toMatchObject({ frame: 0, canUndoReset: true })
  expect(await coppice((c) => c.stateHash())).not.toBe(hash)
  await coppice((c, n) => c.step(n), paused.frame + 11)
  expect(await coppice((c) => c.stateHash())).toBe(hash)
  await coppice((c) => c.undoReset())
  expect(await coppice((c) => c.stateHash())).toBe(hash)
  expect(await coppice((c) => c.setSpeed(2))).toMatchObject({ speed: 2 })
  expect(await coppice((c) => c.resume())).toMatchObject({ running: true })
  expect(await coppice((c) => c.setSpeed(100).catch((error: unknown) => String(error)))).toMatch(/0\.1|10/)
  expect(await coppice((c) => c.step().catch((error: unknown) => String(error)))).toMatch(/pause/i)
})

test('waitFor a frame, a value, a topic, a receipt, and its timeout', async ({ coppice }) => {
  const { frame } = await coppice((c) => c.status())
  const later = await coppice((c, at) => c.waitFor({ frame: at }), frame + 5)
  expect(later.frame).toBeGreaterThanOrEqual(frame + 5)
  await coppice((c) => c.waitFor({ module: 'keys', path: ['list', 2], equals: 3 }))
  const topic = coppice((c) => c.waitFor({ topic: 'test:hello' }))
  const receipt = coppice((c) => c.waitFor({ receipt: 'committed' }))
  await coppice((c) => c.publish('test:hello', 1))
  await topic
  await coppice((c) => c.files.write('look.ts', "export const colour = '#ff8801'\n"))
  await receipt
  const lost = await coppice((c) =>
    c.waitFor({ module: 'keys', path: 'heard', equals: -1 }, { timeoutFrames: 5 }).then(
      () => 'came',
      (error: unknown) => String(error),
    ),
  )
  expect(lost).toMatch(/5 frames|timeout|timed out/i)
})

test('modules, state, setState, query, config, setConfig', async ({ page, coppice }) => {
  const modules = await coppice((c) => c.modules())
  expect(modules).toMatchObject([
    { name: 'mover', path: 'mover.ts', strategy: 'sequential', hz: 60, version: 1, stateVersion: 1, status: 'running' },
    { name: 'keys', status: 'running', draws: true, missedFrames: 0, health: { status: 'ok' } },
  ])
  await coppice((c) => c.pause())
  await coppice((c) => c.setState('keys', 'list[1]', 20))
  await coppice((c) => c.setState('keys', ['pointer', 'x'], 7))
  expect(await coppice((c) => c.state('keys'))).toMatchObject({ list: [1, 20, 3], pointer: { x: 7 } })
  const { frame } = await coppice((c) => c.status())
  expect(await coppice((c) => c.query('mover', 'double'))).toBe(frame * 2)
  expect(await coppice((c) => c.setState('keys', 'nowhere.to', 1).catch((error: unknown) => String(error)))).toMatch(
    /nowhere/,
  )
  expect(await coppice((c) => c.state('nobody').catch((error: unknown) => String(error)))).toMatch(/nobody/)

  expect(await coppice((c) => c.config('mover'))).toEqual({ size: 60 })
  const share = async (): Promise<number> =>
    (await pictureOf(page)).colours.find(([colour]) => colour === '#ff8800')?.[1] ?? 0
  await expect.poll(share).toBeCloseTo((60 * 60) / (320 * 180), 2)
  expect(await coppice((c) => c.setConfig('mover', { size: 30 }))).toEqual({ applied: true })
  expect(await coppice((c) => c.config('mover'))).toEqual({ size: 30 })
  await expect.poll(share).toBeCloseTo((30 * 60) / (320 * 180), 2)
  const refused = await coppice((c) => c.setConfig('keys', { note: '' }))
  expect(refused).toMatchObject({ applied: false, error: expect.stringContaining('note must not be empty') })
})

test('reload, receipts, undoReload, unload, load', async ({ coppice }) => {
  expect(await coppice((c) => c.receipts())).toMatchObject([{ id: 1, trigger: 'open', outcome: 'committed' }])
  await coppice((c) => c.files.write('look.ts', "export const colour = '#ff0000'\n"))
  expect(await coppice((c) => c.undoReload('mover'))).toMatchObject({ outcome: 'committed', trigger: 'undo' })
  expect(await coppice((c) => c.reload('mover'))).toMatchObject({ outcome: 'committed', trigger: 'command' })
  expect(await coppice((c) => c.unload('keys'))).toMatchObject({ outcome: 'committed', modules: [{ name: 'keys' }] })
  expect(await coppice(async (c) => (await c.modules()).map(({ name }) => name))).toEqual(['mover'])
  expect(await coppice((c) => c.load({ name: 'keys', path: 'keys.ts' }))).toMatchObject([{ outcome: 'committed' }])
  const loaded = await coppice((c) => c.load({ name: 'twin', path: 'mover.ts' }))
  expect(loaded).toMatchObject([{ outcome: 'committed' }])
  await expect.poll(() => numberIn(coppice, 'twin', 'ticks')).toBeGreaterThan(5)
  const threaded = await coppice((c) => c.load({ name: 'far', path: 'mover.ts', strategy: 'threaded' }))
  expect(threaded).toMatchObject([{ outcome: 'committed' }])
})

test('[MB1] publish and bus', async ({ coppice }) => {
  await coppice((c) =>
    Promise.all([
      c.waitFor({ module: 'keys', path: 'last', equals: 'test:greeting hello' }),
      c.publish('test:greeting', 'hello'),
    ]),
  )
  const bus = await coppice((c) => c.bus())
  expect(bus.modules.find(({ name }) => name === 'keys')).toMatchObject({
    subscriptions: ['mover:*', 'test:*'],
    limit: 10_000,
    dropped: 0,
  })
})

test('[FL6] logs by level, module, text and frame; repeats are folded', async ({ coppice }) => {
  await coppice((c) => c.waitFor({ frame: 30 }))
  expect(await coppice((c) => c.logs({ level: 'warning' }))).toMatchObject([
    { level: 'warning', module: 'keys', text: 'the first frame', moment: { frame: 1 }, position: { file: 'keys.ts' } },
  ])
  const [folded, ...others] = await coppice((c) => c.logs({ module: 'keys', text: 'AGAIN' }))
  expect(others).toEqual([])
  expect(folded).toMatchObject({ level: 'info', text: 'again and again' })
  expect(folded?.count).toBeGreaterThanOrEqual(29)
  expect(await coppice((c) => c.logs({ sinceFrame: 1_000_000 }))).toEqual([])
})

test('problems and metrics', async ({ coppice }) => {
  expect(await coppice((c) => c.problems())).toEqual([])
  await coppice((c) => c.files.write('look.ts', 'export const colour = ('))
  expect(await coppice((c) => c.problems())).toMatchObject([
    { source: 'compile', severity: 'error', file: 'look.ts', line: 1, consequence: expect.stringContaining('runs on') },
  ])
  await coppice((c) => c.waitFor({ frame: 30 }))
  const metrics = await coppice((c) => c.metrics())
  expect(metrics.budgetMs).toBeCloseTo(1000 / 60)
  expect(metrics.frames).toBeGreaterThan(20)
  expect(metrics.p50).toBeLessThanOrEqual(metrics.p99)
  expect(metrics.p99).toBeLessThanOrEqual(metrics.max)
  expect(Object.keys(metrics.perModule).toSorted()).toEqual(['keys', 'mover'])
})

test('input.key and input.pointer, also at a frame to come', async ({ coppice }) => {
  const { frame } = await coppice((c) => c.pause())
  await coppice((c, at) => c.input.key('ArrowLeft', true, { atFrame: at }), frame + 3)
  await coppice((c, at) => c.input.key('ArrowLeft', false, { atFrame: at }), frame + 5)
  await coppice((c) => c.input.pointer({ x: 12, y: 34, buttons: 2 }))
  await coppice((c) => c.step(10))
  expect(await coppice((c) => c.state('keys'))).toMatchObject({
    held: 2,
    presses: 1,
    left: false,
    pointer: { x: 12, y: 34, buttons: 2 },
  })
})

test('[WS4] files: list, read, write, write without saving, apply', async ({ page, coppice, workspace }) => {
  expect(await coppice(async (c) => (await c.files.list()).map(({ path }) => path))).toEqual([
    'engine.json',
    'keys.ts',
    'look.ts',
    'mover.ts',
  ])
  const saved = await workspace.read('look.ts')
  expect(await coppice((c) => c.files.read('look.ts'))).toBe(saved)
  const laid = await coppice((c) => c.files.write('look.ts', "export const colour = '#00ffff'\n", { persist: false }))
  expect(laid).toMatchObject([{ outcome: 'committed' }])
  await expect.poll(() => coloursOf(page)).toContain('#00ffff')
  expect(await workspace.read('look.ts')).toBe(saved)
  expect(await coppice((c) => c.files.write('notes.txt', 'nothing that runs'))).toEqual([])
  const applied = await coppice((c) =>
    c.files.apply([
      { path: 'look.ts', text: "export const colour = '#0000ff'\n" },
      { path: 'notes.txt', text: 'more' },
    ]),
  )
  expect(applied).toMatchObject([{ outcome: 'committed', modules: [{ name: 'mover' }] }])
  expect(await workspace.read('notes.txt')).toBe('more')
  expect(await coppice((c) => c.files.read('absent.ts').catch((error: unknown) => String(error)))).toMatch(/absent\.ts/)
})

test('editor: open, setText, text, isDirty, save, saveAll, markers', async ({ page, coppice, workspace }) => {
  await editorReady(page)
  await coppice((c) => c.editor?.open('look.ts'))
  await coppice((c) => c.editor?.setText('look.ts', 'export const colour: number = "#ff0000"\n'))
  expect(await coppice((c) => c.editor?.text('look.ts'))).toContain('number')
  expect(await coppice((c) => c.editor?.isDirty('look.ts'))).toBe(true)
  await expect
    .poll(() => coppice((c) => c.editor?.markers('look.ts')), { timeout: 60_000 })
    .toMatchObject([{ severity: 'error', source: 'typescript', line: 1 }])
  await coppice((c) => c.editor?.setText('look.ts', "export const colour = '#ff0000'\n"))
  await coppice((c) => c.editor?.save())
  expect(await coppice((c) => c.editor?.isDirty('look.ts'))).toBe(false)
  await coppice((c) => c.editor?.setText('keys.ts', '// nothing\n'))
  await coppice((c) => c.editor?.setText('look.ts', '// nothing\n'))
  await coppice((c) => c.editor?.saveAll())
  expect(await workspace.read('keys.ts')).toBe('// nothing\n')
  expect(await workspace.read('look.ts')).toBe('// nothing\n')
})

test('[LK2] on: the present first, then what comes, until it is called off', async ({ coppice }) => {
  const seen = await coppice(async (c) => {
    const statuses: boolean[] = []
    const outcomes: string[] = []
    const offs = [
      c.on('status', ({ status }) => void statuses.push(status.paused)),
      c.on('receipt', ({ receipt }) => void outcomes.push(receipt.outcome)),
    ]
    const first = statuses.length
    await c.pause()
    await c.files.write('look.ts', "export const colour = '#ff0000'\n")
    for (const off of offs) off()
    const count = statuses.length
    await c.resume()
    await c.waitFor({ receipt: 'committed' }, { timeoutFrames: 5 }).catch(() => undefined)
    return { first, wasPaused: statuses.includes(true), outcomes, isQuiet: statuses.length === count }
  })
  expect(seen).toEqual({ first: 1, wasPaused: true, outcomes: ['committed'], isQuiet: true })
})

test('[LK1] a malformed call is answered with an error that says what is wrong', async ({ coppice }) => {
  expect(await coppice((c) => c.step(0).catch((error: unknown) => String(error)))).toMatch(/step/)
  expect(await coppice((c) => c.files.read('../outside').catch((error: unknown) => String(error)))).toMatch(/outside/)
  for (const topic of ['a::b', 'test:*', ''])
    expect(
      await coppice((c, asked) => c.waitFor({ topic: asked }).catch((error: unknown) => String(error)), topic),
    ).toMatch(/one exact topic/)
})
