// What modules let out, ask and log: the same, once, and in the same order, in whatever thread they run.

import { afterEach, beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '../protocol/events.ts'
import type { Strategy } from '../protocol/manifest.ts'
import { TestTasks } from '../engine/testing-tasks.ts'
import { startHere, type TextModule, ThreadLab, type ThreadLabOptions } from '../worker/testing-threads.ts'
import { createNodeThreads } from './headless-threads.ts'
import { buildThreadCode } from './test-thread-code.ts'

const built: { code: URL | undefined } = { code: undefined }
beforeAll(async () => {
  built.code = await buildThreadCode()
})
const labs: ThreadLab[] = []
afterEach(() => {
  for (const lab of labs.splice(0)) lab.dispose()
})

/** Lets out a bit of everything; the fifth call of `bad` throws when it has done so. */
const busy = (name: string, kind: 'good' | 'bad', dependencies: readonly string[] = []): string => `
__vite_ssr_exportName__('default', () => ({
  dependencies: ${JSON.stringify(dependencies)},
  subscribe: ['news'],
  tasks: { weigh: (data) => data },
  init: () => ({ calls: 0, read: 0 }),
  process({ state, frame, log, sound, publish, runTask, results, messages, after }) {
    const calls = ++state.calls
    state.read += messages().length + results().length
    log.info('${name} begins', frame)
    sound.play('./${name}-${kind}.wav', { volume: calls / 100 })
    publish('save:best', { calls, kind: '${kind}' })
    publish('client:all:score', { from: '${name}', calls })
    publish('news', [frame, '${name}'])
    runTask('weigh', { from: '${name}', calls })
    after(0.05, 'news', frame)
    sound.play('./end.wav')
    console.warn('${name} ends', calls)
    if (${kind === 'bad'} && calls % 10 === 5) throw new Error('no')
  },
}))`

const socket = { name: 'out', kind: 'intra' as const, receive: [], send: ['client:**'], coordinator: [] }

/** All that left or was told, in order, with a throw, a reload that is taken back, and a step into the past of it. */
async function run(options: ThreadLabOptions, strategies: readonly Strategy[]) {
  const tasks = new TestTasks()
  const lab = new ThreadLab({ ...options, host: { tasks } })
  labs.push(lab)
  const program = (kind: 'good' | 'bad'): Record<string, TextModule> => ({
    a: { text: busy('a', 'good'), strategy: strategies[0] ?? 'sequential' },
    b: { text: busy('b', kind, ['c']), strategy: strategies[1] ?? 'sequential' },
    c: { text: busy('c', 'good'), strategy: strategies[2] ?? 'sequential', hz: 30 },
    d: { text: busy('d', 'good'), strategy: strategies[3] ?? 'sequential' },
  })
  const asked: unknown[] = []
  const step = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await lab.execute('step', 1)
      asked.push(tasks.out.map(({ order: { module, id, data } }) => ({ module, id, data })))
      while (tasks.out.length > 2) tasks.end(({ data }) => ({ ok: true, value: data }))
    }
  }
  await lab.run(program('good'), { sockets: [socket] })
  await step(10)
  await lab.run(program('bad'), { sockets: [socket] })
  await step(7)
  await lab.seated()
  await step(4)
  const places = Object.values(lab.places())
  const isOutput = (event: EngineEvent) => event.type === 'outputs'
  const lines = lab.core.logBook.filter({ level: 'info' })
  return {
    places,
    outputs: lab.events.filter(isOutput),
    lines: lines.map(({ module, text, level, moment: { frame } }) => `${frame} ${module ?? ''} ${level} ${text}`),
    asked,
    receipts: lab.core.receipts.list().map(({ outcome, alreadySent }) => ({ outcome, alreadySent })),
    hash: lab.core.program.hash(),
  }
}

test('[FL10][TK1][FL6] outputs, tasks and log lines are those of sequential modules, also where a reload is taken back', async () => {
  const { places: allHere, ...reference } = await run({}, [])
  expect(allHere).toEqual(['here', 'here', 'here', 'here'])
  expect(reference.receipts.at(-1)).toMatchObject({ outcome: 'rolled-back' })
  expect(reference.receipts.at(-1)?.alreadySent).toContainEqual(
    expect.objectContaining({ kind: 'sound', module: 'b', what: 'b-bad.wav', count: 4 }),
  )
  expect(reference.outputs).toHaveLength(21)
  const { code } = built
  if (code === undefined) throw new Error('not built')
  for (const start of [startHere, createNodeThreads({ code })]) {
    for (const strategies of [
      ['threaded', 'threaded', 'threaded', 'threaded'],
      ['pool', 'pool', 'pool', 'pool'],
      ['threaded', 'sequential', 'pool', 'sequential'],
    ] satisfies (readonly Strategy[])[]) {
      const { places, ...found } = await run({ start }, strategies)
      expect(places).toEqual(strategies.map((strategy) => (strategy === 'sequential' ? 'here' : 'there')))
      expect(found).toEqual(reference)
    }
  }
})
