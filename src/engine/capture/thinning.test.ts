import { expect, test } from 'vitest'
import { frameNumber, timelineId, type Moment } from '../../protocol/values.ts'
import { CaptureReader } from './capture-reader.ts'
import { CaptureStore } from './capture-store.ts'
import { Thinning, type Dated } from './thinning.ts'

const classes = { kindOf: () => 'unknown' as const, keyOf: () => undefined, prototypeOf: () => undefined }
const at = (frame: number, timeline = 0): Moment => ({ timeline: timelineId(timeline), frame: frameNumber(frame) })

test('[HS2] with room for so many, all of the last are kept, then every 2nd, 4th, 8th, and the first', () => {
  const thinning = new Thinning<Dated>()
  const kept: Dated[] = []
  for (let ordinal = 0; ordinal < 20_000; ordinal++) {
    const capture = { ordinal, isHeld: false }
    kept.push(capture)
    thinning.add(capture)
    if (kept.length <= 100) continue
    const dropped = thinning.next()
    expect(dropped).toBeDefined()
    expect(dropped).not.toBe(capture)
    if (dropped === undefined) return
    thinning.remove(dropped)
    kept.splice(kept.indexOf(dropped), 1)
  }
  const ages = kept.map((capture) => 19_999 - capture.ordinal)
  expect(ages.at(-1)).toBe(0)
  expect(kept[0]?.ordinal).toBe(0)
  // The distance to the next younger one is never more than a fixed share of the age.
  for (const [index, age] of ages.slice(0, -1).entries()) {
    const gap = age - (ages[index + 1] ?? 0)
    expect(gap).toBeLessThanOrEqual(Math.max(1, index === 0 ? Infinity : age / 4))
  }
  const dense = ages.findLastIndex((age, index) => index > 0 && (ages[index - 1] ?? 0) - age > 1)
  expect(kept.length - dense).toBeGreaterThanOrEqual(10)
})

test('[HS2] what is held stays, and so does the newest', () => {
  const thinning = new Thinning<{ ordinal: number; isHeld: boolean }>()
  const captures = [1, 2, 3].map((ordinal) => ({ ordinal, isHeld: ordinal === 1 }))
  for (const capture of captures) thinning.add(capture)
  expect(thinning.next()?.ordinal).toBe(2)
  thinning.remove({ ordinal: 9, isHeld: false })
  for (const capture of captures.slice(0, 2)) thinning.remove(capture)
  expect(thinning.next()).toBeUndefined()
})

function setUp(byteLimit: number) {
  const store = new CaptureStore({ classes, byteLimit })
  const reader = new CaptureReader(store.buffer, classes)
  const capture = (frame: number, state: unknown): boolean => {
    store.begin(at(frame))
    return store.put('game', state) && store.put('clock', { frame }) && store.end()
  }
  return { store, reader, capture }
}

test('[HS2] the limit in bytes holds, and every capture that is left is whole', () => {
  const { store, reader, capture } = setUp(256 * 1024)
  const state = { list: Array.from({ length: 50 }, (_, i) => ({ x: i, name: `n${i}` })), text: '', grown: [0] }
  for (let frame = 1; frame <= 1500; frame++) {
    for (const item of state.list) item.x = frame
    state.text = `frame ${frame}`
    state.grown = Array.from({ length: frame % 300 }, () => frame)
    expect(capture(frame, state)).toBe(true)
    expect(store.usedBytes).toBeLessThanOrEqual(256 * 1024)
  }
  expect(store.buffer.byteLength).toBe(256 * 1024)
  const records = reader.records()
  expect(records.length).toBeGreaterThan(20)
  expect(records.map(({ moment }) => moment)).toEqual(store.moments)
  expect(records.at(-1)?.moment.frame).toBe(1500)
  expect(records[0]?.moment.frame).toBe(1)
  for (const found of records) {
    const { frame } = found.moment
    expect(reader.read(found)).toEqual([
      {
        name: 'game',
        frame,
        value: {
          list: state.list.map(({ name }) => ({ x: frame, name })),
          text: `frame ${frame}`,
          grown: Array.from({ length: frame % 300 }, () => frame),
        },
      },
      { name: 'clock', frame, value: { frame } },
    ])
  }
})

test('[HS2] a part that is kept shares its block, and stays as long as a record needs it', () => {
  const { store, reader } = setUp(128 * 1024)
  const map = Array.from({ length: 3000 }, (_, i) => i)
  store.begin(at(1))
  expect(store.keep('map')).toBe(false)
  store.put('map', map)
  store.end()
  for (let frame = 2; frame <= 3000; frame++) {
    store.begin(at(frame))
    expect(store.keep('map')).toBe(true)
    expect(store.put('clock', { frame })).toBe(true)
    expect(store.end()).toBe(true)
  }
  const last = reader.newest()
  expect(last === undefined ? undefined : reader.read(last)).toEqual([
    { name: 'map', frame: 1, value: map },
    { name: 'clock', frame: 3000, value: { frame: 3000 } },
  ])
})

test('[HS2] a state too large is refused and what is stored stays usable', () => {
  const { store, reader, capture } = setUp(256 * 1024)
  expect(capture(1, { x: 1 })).toBe(true)
  store.begin(at(2))
  expect(
    store.put(
      'game',
      Array.from({ length: 100_000 }, (_, i) => i),
    ),
  ).toBe(false)
  expect(store.put('game', 'x'.repeat(1_000_000))).toBe(false)
  expect(store.keep('game')).toBe(true)
  expect(store.end()).toBe(true)
  const last = reader.newest()
  expect(last === undefined ? undefined : reader.read(last)).toEqual([{ name: 'game', frame: 1, value: { x: 1 } }])
})

test('[HS2] a held moment outlives the thinning, a dropped future is gone', () => {
  const { store, reader, capture } = setUp(64 * 1024)
  for (let frame = 1; frame <= 2000; frame++) {
    expect(
      capture(
        frame,
        Array.from({ length: 100 }, () => frame),
      ),
    ).toBe(true)
    if (frame === 7) expect(store.hold(at(7))).toBe(true)
  }
  expect(store.newestUpTo(at(8))?.frame).toBe(7)
  store.release(at(7))
  store.dropAfter(at(1990))
  expect(reader.newest()?.moment.frame).toBeLessThanOrEqual(1990)
  expect(store.moments.every(({ frame }) => frame <= 1990)).toBe(true)
  expect(store.newestUpTo(at(5, 1))).toBeUndefined()
})

test('[HS2] a moment captured once more after it was held is released as often as it was held', () => {
  const { store, capture } = setUp(64 * 1024)
  expect(capture(1, [1])).toBe(true)
  expect(store.hold(at(1))).toBe(true)
  expect(capture(1, [2])).toBe(true)
  store.release(at(1))
  store.release(at(1))
  store.dropAfter(at(0))
  expect(store.moments.filter(({ frame }) => frame === 1)).toEqual([])
})
