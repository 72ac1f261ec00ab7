// Sockets between two tabs and a Node process: by BroadcastChannel, and through a real NATS server that is killed and started again.
// `COPPICE_SOCKET_SECONDS=60` makes the exchange as long as one likes.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Page } from '@playwright/test'
import { automationOf, type CoppiceInPage } from './automation.ts'
import { expect, test } from './coppice-test.ts'
import { projectRoot } from './dev-server.ts'
import { NatsServer } from './nats-server.ts'

const seconds = Number(process.env['COPPICE_SOCKET_SECONDS'] ?? 10)
/** 240 a second from each tab, and 520 from the Node process. */
const perFrame = 4
const players = 10
const perPlayerAndSecond = 52

const manifest = (url: string): string =>
  JSON.stringify({
    modules: [
      { name: 'talker', path: 'talker.js' },
      { name: 'reader', path: 'reader.js' },
    ],
    sockets: [
      { name: 'tabs', kind: 'local', receive: ['hello:*'], send: ['hello:*'] },
      { name: 'net', kind: 'network', url, coordinator: ['status', 'setConfig'] },
    ],
  })

test.use({
  source: {
    'engine.json': manifest('ws://127.0.0.1:1'),
    'talker.js': `import { defineModule } from 'coppice'
export default defineModule({
  config: { self: '', perFrame: 0 },
  subscribe: ['say'],
  init: () => ({ sent: 0 }),
  process({ state, config, messages, publish }) {
    for (const { data } of messages()) publish('hello:' + data, data)
    for (let count = 0; count < config.perFrame; count++) publish('client:' + config.self + ':n', state.sent++)
  },
})
`,
    'reader.js': `import { defineModule } from 'coppice'
export default defineModule({
  subscribe: ['client:*:n', 'hello:*'],
  init: () => ({ hellos: [], of: {} }),
  process({ state, messages }) {
    for (const { topic, data } of messages()) {
      if (topic.startsWith('hello')) {
        state.hellos.push(data)
        continue
      }
      const from = (state.of[topic.split(':')[1]] ??= { count: 0, last: -1, wrong: 0 })
      if (data <= from.last) from.wrong++
      from.last = data
      from.count++
    }
  },
})
`,
  },
})

/** What a tab heard of each client: how many, and how many were out of turn. */
type Heard = Readonly<Record<string, { readonly count: number; readonly wrong: number }>>

const heardBy = (tab: CoppiceInPage): Promise<Heard> =>
  tab(async (c) => {
    const state: unknown = await c.state('reader')
    return Object(Reflect.get(Object(state), 'of'))
  })

const sentBy = (tab: CoppiceInPage): Promise<number> =>
  tab(async (c) => Number(Reflect.get(Object(await c.state('talker')), 'sent')))

const netOf = (tab: CoppiceInPage) => tab(async (c) => (await c.sockets()).find(({ name }) => name === 'net'))

/** All that came is in frames. */
const settled = async (tab: CoppiceInPage): Promise<void> => {
  const waiting = async (): Promise<number> => {
    const net = await netOf(tab)
    return (net?.queued ?? 1) + (net?.clients ?? []).reduce((sum, client) => sum + client.waiting, 0)
  }
  await expect.poll(waiting, { timeout: 60_000 }).toBe(0)
}

/** A tab of its own, which talks as `self`. */
async function openTab(page: Page, url: string, self: string): Promise<CoppiceInPage> {
  if (page.url() === 'about:blank') await page.goto(url)
  const tab = automationOf(page)
  await tab((c) => c.ready)
  await tab((c, name) => c.setConfig('talker', { self: name }), self)
  return tab
}

/** Talks as ten players in a process of its own for so many seconds; until its input ends it counts what the tabs say, and in which order. */
const player = String.raw`
import { wsconnect } from '@nats-io/nats-core'
const [url, seconds, players, perSecond] = process.argv.slice(1)
const nats = await wsconnect({ servers: url, noEcho: true })
const heard = {}
nats.subscribe('client.*.n', { callback: (_error, message) => {
  const of = (heard[message.subject.split('.')[1]] ??= { count: 0, wrong: 0, last: -1 })
  const data = message.json()
  if (data !== of.last + 1) of.wrong++
  of.last = data
  of.count++
} })
await nats.flush()
console.log('ready')
const started = performance.now()
let sent = 0
const timer = setInterval(() => {
  const due = Math.min(Number(seconds), (performance.now() - started) / 1000) * Number(perSecond)
  for (; sent < due; sent++) for (let index = 0; index < Number(players); index++) nats.publish('client.player-' + index + '.n', String(sent))
}, 10)
process.stdin.resume().once('end', async () => {
  clearInterval(timer)
  await nats.drain()
  console.log(JSON.stringify({ sent, heard }))
})
`

interface Played {
  readonly sent: number
  readonly heard: Heard
}

/** Resolves when it listens; `end` gives what it said and heard. */
async function play(url: string): Promise<{ readonly end: () => Promise<Played> }> {
  const figures = [seconds, players, perPlayerAndSecond].map(String)
  const args = ['--experimental-websocket', '--input-type=module', '-e', player, url, ...figures]
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await expect.poll(() => output).toContain('ready')
  return {
    end: async () => {
      const closed = once(child, 'close')
      child.stdin.end()
      await closed
      const played: Played = JSON.parse(output.slice(output.indexOf('{')))
      return played
    },
  }
}

test('[MB5] two tabs and a Node process talk through a NATS server: nothing lost or reordered, also when it dies', async ({
  page,
  context,
  server,
  coppice,
  errors,
}) => {
  test.setTimeout(240_000 + seconds * 1000)
  errors.allow(/WebSocket connection to/)
  const nats = await NatsServer.open()
  try {
    await coppice((c, text) => c.files.write('engine.json', text), manifest(nats.url))
    const second = await context.newPage()
    const a = await openTab(page, server.url, 'a')
    const b = await openTab(second, server.url, 'b')
    for (const tab of [a, b]) await expect.poll(async () => (await netOf(tab))?.state, { timeout: 30_000 }).toBe('open')

    await test.step('tabs hear each other by BroadcastChannel', async () => {
      await a((c) => c.publish('say', 'from-a'))
      await b((c) => c.waitFor({ module: 'reader', path: 'hellos.0', equals: 'from-a' }))
    })

    await test.step(`1 000 messages a second for ${seconds} s`, async () => {
      const talk = (count: number): Promise<unknown> =>
        Promise.all([a, b].map((tab) => tab((c, perFrame) => c.setConfig('talker', { perFrame }), count)))
      const playing = await play(nats.url)
      await talk(perFrame)
      await a(
        (c, frames) =>
          c.status().then(({ frame }) => c.waitFor({ frame: frame + frames }, { timeoutFrames: frames + 60 })),
        seconds * 60,
      )
      await talk(0)
      await Promise.all([a, b].map(settled))
      const { sent, heard } = await playing.end()
      await Promise.all([a, b].map(settled))
      const sentA = await sentBy(a)
      const sentB = await sentBy(b)
      const ofPlayers = Object.fromEntries(
        Array.from({ length: players }, (_, index) => [`player-${index}`, { count: sent, wrong: 0 }]),
      )
      expect(await heardBy(a)).toMatchObject({ ...ofPlayers, b: { count: sentB, wrong: 0 } })
      expect(await heardBy(b)).toMatchObject({ ...ofPlayers, a: { count: sentA, wrong: 0 } })
      expect(heard).toMatchObject({ a: { count: sentA, wrong: 0 }, b: { count: sentB, wrong: 0 } })
      for (const tab of [a, b]) expect(await netOf(tab)).toMatchObject({ dropped: 0, refused: 0, missed: 0 })
      console.log(`${players * sent} of the process, ${sentA} and ${sentB} of the tabs in ${seconds} s`)
    })

    await test.step('the server dies and is started again: told, connected again, what was queued arrives or is counted', async () => {
      await nats.kill()
      for (const tab of [a, b])
        await expect.poll(async () => (await netOf(tab))?.state, { timeout: 30_000 }).toBe('connecting')
      await a((c) => c.setConfig('talker', { perFrame: 1 }))
      await expect.poll(async () => (await netOf(a))?.queued, { timeout: 30_000 }).toBeGreaterThan(50)
      await nats.start()
      for (const tab of [a, b])
        await expect.poll(async () => (await netOf(tab))?.state, { timeout: 30_000 }).toBe('open')
      await a((c) => c.setConfig('talker', { perFrame: 0 }))
      await Promise.all([a, b].map(settled))
      const [sent, heard, net, own] = await Promise.all([sentBy(a), heardBy(b), netOf(b), netOf(a)])
      expect(heard['a']?.wrong).toBe(0)
      expect((heard['a']?.count ?? 0) + (net?.missed ?? 0) + (own?.dropped ?? 0)).toBe(sent)
      expect(own).toMatchObject({ reconnects: 1, queued: 0 })
      const log = await a((c) => c.logs({ text: 'net' }))
      expect(log.map(({ text }) => text)).toEqual(
        expect.arrayContaining([expect.stringMatching(/net is not connected/), expect.stringMatching(/net is open/)]),
      )
    })

    await test.step('the panel shows it', async () => {
      await page.bringToFront()
      const status = page.getByRole('contentinfo', { name: 'Status' })
      await status.getByRole('button', { name: /^healthy/ }).click()
      const strip = page.getByRole('list', { name: 'Health of net (socket) over the last 2 minutes' })
      await expect(strip.getByRole('button', { name: /^warning for .*: ws:\/\// }).last()).toBeVisible()
      await expect(page.getByRole('list', { name: /^Health of reader \(queue\)/ })).toBeVisible()
      await status.getByRole('button', { name: /^2 sockets/ }).click()
      const panel = page.getByRole('region', { name: 'Sockets' })
      await expect(panel.getByText('open')).toHaveCount(2)
      await expect(panel.getByRole('table', { name: 'Clients of net' })).toContainText('player-0')
    })
  } finally {
    await nats.dispose()
  }
})
