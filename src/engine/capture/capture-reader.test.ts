import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { frameNumber, timelineId, type Moment } from '../../protocol/values.ts'
import { StateHasher } from '../state-hash.ts'
import { CaptureReader } from './capture-reader.ts'
import { CaptureStore } from './capture-store.ts'

class Tank {
  x = 1
  name = 'tank'
}
const classes = {
  kindOf: (prototype: object) => (prototype === Tank.prototype ? ('known' as const) : ('unknown' as const)),
  keyOf: (prototype: object) => (prototype === Tank.prototype ? 'game.ts#Tank' : undefined),
  prototypeOf: () => Tank.prototype,
}
const at = (frame: number): Moment => ({ timeline: timelineId(0), frame: frameNumber(frame) })
const hashOf = (value: unknown): string => {
  const hasher = new StateHasher()
  hasher.add(value)
  return hasher.digest()
}

/** The worker's code as one text: Node runs no TypeScript here. */
const built = { code: '' }
const workers: Worker[] = []

beforeAll(async () => {
  const output = await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'silent',
    build: { ssr: 'fixtures/reader-worker.ts', write: false, target: 'node20' },
    ssr: { noExternal: true },
  })
  const [bundle] = Array.isArray(output) ? output : [output]
  const chunk = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined
  built.code = chunk?.code ?? ''
}, 60_000)

afterAll(async () => {
  for (const worker of workers) await worker.terminate()
})

function startReader(store: CaptureStore, stop = new SharedArrayBuffer(4)): Worker {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(built.code)}`), {
    workerData: [store.buffer, stop],
  })
  workers.push(worker)
  return worker
}

function capture(store: CaptureStore, frame: number, state: unknown): void {
  store.begin(at(frame))
  if (!store.put('game', state) || !store.end()) throw new Error('no room')
}

describe('[HS1] another thread that has the buffer', () => {
  test('reads the same as this one, with nothing else handed over', { timeout: 30_000 }, async () => {
    const store = new CaptureStore({ classes, byteLimit: 2 ** 20 })
    const expected: [number, string][] = []
    const shared = { deep: [1, 'ä€😀', null] }
    const state = {
      tanks: Array.from({ length: 40 }, () => new Tank()),
      map: new Map<unknown, unknown>([
        ['a', shared],
        [2, shared],
      ]),
      floats: new Float32Array([0.1, 0.2]),
    }
    for (let frame = 1; frame <= 60; frame++) {
      const tank = new Tank()
      tank.name = `tank ${frame}`
      tank.x = frame / 3
      state.tanks.push(tank)
      capture(store, frame, state)
      expected.push([frame, hashOf(state)])
    }
    const worker = startReader(store)
    worker.postMessage('all')
    const [answer] = await once(worker, 'message')
    const frames = new Set(store.moments.map(({ frame }) => Number(frame)))
    expect(frames.size).toBeGreaterThan(10)
    expect(answer).toEqual(expected.filter(([frame]) => frames.has(frame)))
  })

  test('reads whole captures only, while this one goes on dropping and writing', { timeout: 60_000 }, async () => {
    const store = new CaptureStore({ classes, byteLimit: 256 * 1024 })
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const worker = startReader(store, stop.buffer)
    await once(worker, 'online')
    worker.postMessage('race')
    for (let frame = 1; frame <= 20_000; frame++) {
      const list = Array.from({ length: 20 + (frame % 60) }, (_, i) => ({ x: frame + i, name: `n${frame % 7}` }))
      capture(store, frame, { list, check: list.reduce((sum, { x }) => sum + x, 0) })
    }
    Atomics.store(stop, 0, 1)
    const [answer] = await once(worker, 'message')
    expect(answer).toMatchObject({ wrong: [] })
    expect(answer.reads).toBeGreaterThan(0)
  })
})

test('[HS1] what is no buffer of captures, or of another version, is refused by name', () => {
  expect(() => new CaptureReader(new ArrayBuffer(64), classes)).toThrow('These are no captures')
  const { buffer } = new CaptureStore({ classes, byteLimit: 64 * 1024 })
  new Int32Array(buffer)[1] = 77
  expect(() => new CaptureReader(buffer, classes)).toThrow('version 77; this engine reads version 1')
})

test('[HS1] a record that was dropped is given as not there', () => {
  const store = new CaptureStore({ classes, byteLimit: 64 * 1024 })
  const reader = new CaptureReader(store.buffer, classes)
  capture(store, 1, { x: 1 })
  capture(store, 2, { x: 2 })
  const found = reader.newest()
  store.dropAfter(at(1))
  expect(found === undefined ? 'none' : reader.read(found)).toBeUndefined()
  expect(reader.newest()?.moment.frame).toBe(1)
})
