// Code that does not come to an end [ML9]: the engine it hung is ended from outside and another goes on with the program. In every case
// the other module misses nothing, the page answers, the guilty one runs on with its last good code, and the next good save recovers.

import type { Page } from '@playwright/test'
import type { CoppiceInPage } from './automation.ts'
import { forever, guilty, manifest, witness } from './hanging-module.ts'
import { expect, test } from './journey-test.ts'
import { editorReady, numberIn, openPanel } from './page-parts.ts'

test.use({ source: { 'engine.json': manifest, 'a.ts': guilty(1), 'witness.ts': witness } })

interface Busy {
  /** Keys and messages. */
  readonly sent: number
  /** So many of them, at one time, had got no answer: the page went on while the engine did not. */
  readonly waiting: number
}

/** Keys and messages of a user, one every few milliseconds, while `during` goes on. */
async function busyUser(coppice: CoppiceInPage, first: number, during: () => Promise<void>): Promise<Busy> {
  const sent = coppice(async (c, note) => {
    let count = 0
    let waiting = 0
    let most = 0
    Reflect.set(globalThis, 'isUserBusy', true)
    const asked: Promise<void>[] = []
    while (Reflect.get(globalThis, 'isUserBusy') === true || count < 20) {
      const code = `K${note + count}`
      waiting++
      most = Math.max(most, waiting)
      const answered = c.publish('note', note + count).finally(() => waiting--)
      asked.push(answered, c.input.key(code, true), c.input.key(code, false))
      count++
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    await Promise.all(asked)
    return { sent: count, waiting: most }
  }, first)
  await during()
  await coppice(() => Reflect.set(globalThis, 'isUserBusy', false))
  return sent
}

/** The witness has missed no frame, no input and no message, and saw none twice. */
async function nothingIsLost(coppice: CoppiceInPage, sent: number): Promise<void> {
  const { frame } = await coppice((c) => c.status())
  await coppice((c, at) => c.waitFor({ frame: at }), frame + 5)
  const state = await coppice((c) => c.state('witness'))
  expect(state).toMatchObject({ behind: 0, keys: sent, notes: Array.from({ length: sent }, (_, i) => i) })
}

async function notesIn(coppice: CoppiceInPage): Promise<number> {
  const state = await coppice((c) => c.state('witness'))
  const notes: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'notes') : undefined
  return Array.isArray(notes) ? notes.length : 0
}

/** The next good save runs, on the state of before. */
async function recovers(page: Page, coppice: CoppiceInPage): Promise<void> {
  const count = await numberIn(coppice, 'a', 'count')
  const version = await numberIn(coppice, 'a', 'version')
  const receipts = await coppice((c, text) => c.files.write('a.ts', text), guilty(version + 10))
  expect(receipts).toMatchObject([{ outcome: 'committed' }])
  await coppice((c, equals) => c.waitFor({ module: 'a', path: 'version', equals }), version + 10)
  expect(await numberIn(coppice, 'a', 'count')).toBeGreaterThan(count)
  await expect(page.getByRole('region', { name: 'Problems', exact: true }).getByText('No problems')).toBeVisible()
}

interface Case {
  readonly title: string
  readonly text: string
  readonly outcome: 'rejected' | 'rolled-back'
  readonly message: RegExp
  /** Of the loop. */
  readonly line?: number
}

/** Read only by who reads the whole state. */
const endlessGetter = `Object.defineProperty(state, 'odd', { get() { ${forever}; return 1 }, enumerable: true })`

const cases: readonly Case[] = [
  {
    title: 'its top level',
    text: guilty(2, { top: forever }),
    outcome: 'rejected',
    message: /top level of a\.ts/,
    line: 2,
  },
  {
    title: '`init`',
    text: guilty(2, { init: `(() => { ${forever}; return { count: 0, version: 0 } })()` }),
    outcome: 'rejected',
    message: /`init` of a/,
    line: 4,
  },
  {
    title: '`setup`',
    text: guilty(2, { more: `setup: () => { ${forever} },` }),
    outcome: 'rejected',
    message: /`setup` of a/,
    line: 11,
  },
  {
    title: '`migrate`',
    text: guilty(2, { more: `stateVersion: 2, migrate: (old) => { ${forever}; return old },` }),
    outcome: 'rejected',
    message: /`migrate` of a/,
    line: 11,
  },
  {
    title: '`validate`',
    text: guilty(2, { more: `validate: () => { ${forever}; return undefined },` }),
    outcome: 'rejected',
    message: /`validate` of a/,
    line: 11,
  },
  {
    title: 'the first `process`',
    text: guilty(2, { process: forever }),
    outcome: 'rolled-back',
    message: /`process` of a/,
    line: 9,
  },
  {
    title: '`process`, when the state says so',
    text: guilty(2, { process: `if (frame % 16 === 15) { ${forever} }` }),
    outcome: 'rolled-back',
    message: /`process` of a/,
  },
  {
    title: '`render`',
    text: guilty(2, { more: `render() { ${forever} },` }),
    outcome: 'rolled-back',
    message: /`render` of a/,
    line: 11,
  },
  {
    title: '`view.setup`',
    text: guilty(2, { more: `view: { context: '2d', setup: () => { ${forever} } }, render() {},` }),
    outcome: 'rolled-back',
    message: /`view\.setup` of a/,
    line: 11,
  },
  {
    title: 'a getter',
    text: guilty(2, { top: `class Loop { get end() { ${forever}; return 1 } }`, process: 'void new Loop().end' }),
    outcome: 'rolled-back',
    message: /`process` of a/,
    line: 2,
  },
  {
    title: 'a getter in the state, which its capture reads',
    text: guilty(2, { process: `if (frame % 16 === 15) ${endlessGetter}` }),
    outcome: 'rolled-back',
    message: /Reading the state of a did not come to an end.*: state\.odd is an accessor/,
    line: 9,
  },
]

async function survives(
  page: Page,
  coppice: CoppiceInPage,
  { text, outcome, message, line }: Case,
  isLive: boolean,
): Promise<void> {
  const problems = page.getByRole('region', { name: 'Problems', exact: true })
  const { length } = await coppice((c) => c.receipts())
  const version = await numberIn(coppice, 'a', 'version')
  const first = await notesIn(coppice)
  const { sent, waiting } = await busyUser(coppice, first, async () => {
    const settled = coppice(
      async (c, edit) => {
        const done = c.waitFor({ receipt: edit.outcome }, { timeoutFrames: 100_000 })
        await c.files.write('a.ts', edit.text)
        await done
      },
      { text, outcome },
    )
    // The page answers meanwhile.
    await openPanel(page, 'Log')
    await openPanel(page, 'Problems')
    await settled
  })
  const receipts = (await coppice((c) => c.receipts())).slice(length)
  expect(receipts.find((receipt) => receipt.outcome === outcome)?.error).toMatchObject({
    message: expect.stringMatching(message),
    file: 'a.ts',
  })
  await expect(problems.getByRole('row', { name: message })).toContainText(/v\d+ runs on/)
  await nothingIsLost(coppice, first + sent)
  if (isLive) expect(waiting).toBeGreaterThan(5)
  // Which loop it was is found out while the program runs on.
  if (line !== undefined)
    await expect
      .poll(async () => (await coppice((c) => c.receipts())).findLast(({ error }) => error !== undefined)?.error?.line)
      .toBe(line)
  expect(await coppice((c) => c.state('a'))).toMatchObject({ version })
  await recovers(page, coppice)
}

/** Without a rehearsal, all is met by the engine that runs the program. */
async function begin(page: Page, coppice: CoppiceInPage, isRehearsing: boolean): Promise<void> {
  await openPanel(page, 'Problems')
  await editorReady(page)
  await coppice((c, isOn) => c.setRehearsing(isOn), isRehearsing)
}

test('[ML9] endless loops that a reload meets before its commit', async ({ page, coppice }) => {
  await begin(page, coppice, false)
  for (const one of cases.filter(({ outcome }) => outcome === 'rejected'))
    await test.step(one.title, () => survives(page, coppice, one, true))
})

test('[ML9] endless loops of code that runs', async ({ page, coppice }) => {
  await begin(page, coppice, false)
  for (const one of cases.filter(({ outcome }) => outcome === 'rolled-back'))
    await test.step(one.title, () => survives(page, coppice, one, true))
})

/** Saves sound code until one was tried out first: the standby is there. */
async function standbyIsReady(coppice: CoppiceInPage): Promise<void> {
  let version = await numberIn(coppice, 'a', 'version')
  await expect
    .poll(async () => {
      version += 100
      const [receipt] = await coppice((c, text) => c.files.write('a.ts', text), guilty(version))
      return receipt?.ms.rehearse
    })
    .toBeGreaterThan(0)
}

test('[ML4] the running program never feels an endless loop, a throw or a NaN that a rehearsal finds', async ({
  page,
  coppice,
}) => {
  await begin(page, coppice, true)
  const found: readonly Case[] = [
    { title: 'top level', text: guilty(2, { top: forever }), outcome: 'rejected', message: /top level of a\.ts/ },
    { title: 'process', text: guilty(2, { process: forever }), outcome: 'rejected', message: /`process` of a/ },
    { title: 'throw', text: guilty(2, { process: "throw new Error('no')" }), outcome: 'rejected', message: /no/ },
    { title: 'NaN', text: guilty(2, { process: 'state.count = NaN' }), outcome: 'rejected', message: /becomes NaN/ },
  ]
  for (const one of found) {
    await test.step(one.title, async () => {
      await standbyIsReady(coppice)
      await survives(page, coppice, one, false)
    })
  }
  expect((await coppice((c) => c.receipts())).filter(({ trigger }) => trigger === 'hang')).toEqual([])
})
