// A run in Node that takes part: two of them, and a coordinator, over a real NATS server.

import { rm } from 'node:fs/promises'
import { wsconnect } from '@nats-io/nats-core'
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { NatsServer } from '../../e2e/nats-server.ts'
import { runHeadless } from './headless-run.ts'
import { makeFolder } from './test-server.ts'

const server = await NatsServer.open()
const folders: string[] = []
afterAll(() => server.dispose())
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

interface Run {
  readonly report: Awaited<ReturnType<typeof runHeadless>>
  readonly lines: readonly string[]
}

/** Runs a module that sends its frame as `client:<name>:at`, and logs what it reads of others. */
const run = async (name: string, socket: object, options: { frames: number; hasSockets: boolean }): Promise<Run> => {
  const folder = await makeFolder({
    'engine.json': JSON.stringify({
      modules: [{ name: 'a', path: 'a.ts' }],
      sockets: [{ name: 'world', kind: 'network', url: server.url, ...socket }],
    }),
    'a.ts': `
      import { defineModule } from 'coppice'
      export default defineModule({
        subscribe: ['client:other:*', 'client:judge:*'],
        init: () => ({ read: 0 }),
        process({ state, frame, publish, messages, log }) {
          publish('client:${name}:at', frame)
          for (const { topic, data } of messages()) {
            state.read++
            log.info(\`read \${topic} \${data}\`)
          }
        },
      })`,
  })
  folders.push(folder)
  const lines: string[] = []
  return { report: await runHeadless({ folder, ...options, log: (line) => lines.push(line) }), lines }
}

/** Somebody else on the server. */
const join = async () => {
  const connection = await wsconnect({ servers: server.url })
  onTestFinished(() => connection.close())
  return connection
}

describe('[MB5] headless', () => {
  it('leaves sockets closed unless it is asked to open them, and says so', async () => {
    const { report, lines } = await run('still', {}, { frames: 5, hasSockets: false })
    expect(report.frames).toBe(5)
    expect(lines[0]).toBe('Sockets stay closed (world): what modules send is dropped. --sockets opens them.')
  })

  it('sends and reads with --sockets; all it sent has left when it ends', async () => {
    const other = await join()
    const heard: string[] = []
    const subscription = other.subscribe('client.speaker.at', {
      callback: (_error, message) => {
        heard.push(message.string())
        other.publish('client.other.heard', message.string())
      },
    })
    const { report, lines } = await run('speaker', {}, { frames: 60, hasSockets: true })
    expect(report.frames).toBeGreaterThanOrEqual(60)
    await other.flush()
    expect(heard).toEqual(Array.from({ length: report.frames }, (_, index) => String(index + 1)))
    expect(lines.some((line) => line.includes('read client:other:heard 1'))).toBe(true)
    subscription.unsubscribe()
  })

  it('obeys a coordinator, who may end it', async () => {
    const judge = await join()
    const begun = new Promise<void>((resolve) => {
      judge.subscribe('client.runner.at', { max: 1, callback: () => resolve() })
    })
    await judge.flush()
    const running = run(
      'runner',
      { coordinator: ['pause', 'status', 'shutdown'] },
      { frames: 100_000, hasSockets: true },
    )
    await begun
    const ask = async (command: string): Promise<unknown> =>
      (await judge.request(`coordinator.${command}`, undefined, { timeout: 10_000 })).json()
    expect(await ask('pause')).toMatchObject({ ok: true, result: { paused: true } })
    expect(await ask('step')).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    expect(await ask('shutdown')).toMatchObject({ ok: true })
    expect((await running).report.frames).toBeLessThan(100_000)
  })
})
