// What a look at a worker's pulse tells, with a pulse written as the worker writes it.

import { describe, expect, test } from 'vitest'
import { pulseBytes, pulseNamesAt, pulseSlots } from '../protocol/pulse.ts'
import { HangWatch, lookEveryMs } from './hang-watch.ts'

const phaseOf = { outside: 0, load: 1, process: 6 }

/** A worker that shows a module's call, or a file's top level, and what it does next. */
class Worker {
  readonly memory = new SharedArrayBuffer(pulseBytes)
  readonly #slots = new Int32Array(this.memory)

  constructor() {
    const units = new Uint16Array(this.memory)
    units[pulseNamesAt] = 'tank'.length
    for (let index = 0; index < 4; index++) units[pulseNamesAt + 1 + index] = 'tank'.charCodeAt(index)
    this.set({ alive: 1, module: pulseNamesAt })
  }

  set(values: Partial<Record<keyof typeof pulseSlots, number>>): void {
    for (const [name, slot] of Object.entries(pulseSlots)) {
      const value: unknown = Reflect.get(values, name)
      if (typeof value === 'number') this.#slots[slot] = value
    }
  }
}

/** What looks at the usual times find: the last one, at `end`; all before it must find nothing. */
function lookUntil(watch: HangWatch, start: number, end: number): ReturnType<HangWatch['look']> {
  for (let now = start; now < end; now += lookEveryMs) expect(watch.look(now)).toBeUndefined()
  return watch.look(end)
}

describe('[ML9] a worker hangs when it shows no progress for the limit', () => {
  test('says what it was at', () => {
    const worker = new Worker()
    worker.set({ phase: phaseOf.process, beat: 7, frame: 12, isFrameOpen: 1, command: 3 })
    const watch = new HangWatch(worker.memory, 1000)
    expect(lookUntil(watch, 0, 1000)).toEqual({
      phase: 'process',
      module: 'tank',
      file: undefined,
      frame: 12,
      isFrameOpen: true,
      command: 3,
      limitMs: 1000,
    })
  })

  test('a beat, or a turn of its own, is progress', () => {
    const worker = new Worker()
    worker.set({ phase: phaseOf.process })
    const watch = new HangWatch(worker.memory, 1000)
    for (let i = 0; i < 10; i++) {
      worker.set(i % 2 === 0 ? { beat: i } : { alive: i + 1 })
      expect(lookUntil(watch, i * 1000, i * 1000 + 950)).toBeUndefined()
    }
  })

  test('a page that slept sees no hang: a late look counts for less than the limit', () => {
    const worker = new Worker()
    worker.set({ phase: phaseOf.process })
    const watch = new HangWatch(worker.memory, 1000)
    watch.look(0)
    expect(lookUntil(watch, 3_600_000, 3_600_200)).toBeUndefined()
    worker.set({ alive: 2 })
    expect(watch.look(3_600_250)).toBeUndefined()
    expect(lookUntil(watch, 3_600_300, 3_601_250)).toMatchObject({ phase: 'process' })
  })

  test('of a page so busy that it looks seldom, two looks are enough', () => {
    const worker = new Worker()
    worker.set({ phase: phaseOf.process })
    const watch = new HangWatch(worker.memory, 1000)
    expect([0, 1500].map((now) => watch.look(now))).toEqual([undefined, undefined])
    expect(watch.look(3000)).toMatchObject({ phase: 'process' })
  })

  test('the top level of a file, under evaluation while no call is, is named', () => {
    const worker = new Worker()
    worker.set({ loading: pulseNamesAt })
    const watch = new HangWatch(worker.memory, 1000)
    expect(lookUntil(watch, 0, 2000)).toMatchObject({ phase: 'load', file: 'tank', module: undefined })
  })

  test('one that has shown no life yet is being loaded, and one that stands still on purpose is let be', () => {
    const worker = new Worker()
    const watch = new HangWatch(worker.memory, 1000)
    worker.set({ alive: 0, phase: phaseOf.process })
    expect(lookUntil(watch, 0, 10_000)).toBeUndefined()
    worker.set({ alive: 1, isStopped: 1 })
    expect(lookUntil(watch, 20_000, 30_000)).toBeUndefined()
  })
})
