// What a capture of a frame costs against structuredClone, msgpackr and, for flat objects, the least that can be done; and what making
// a state again costs; for states of each kind at three sizes. Every number of a state changes between two captures.

import { pack } from 'msgpackr'
import { distribution, type Benchmark, type BenchmarkRow } from '../../../e2e/bench/benchmark.ts'
import { frameNumber, timelineId } from '../../protocol/values.ts'
import { CaptureReader } from './capture-reader.ts'
import { CaptureStore } from './capture-store.ts'

class Tank {
  x = 0.5
  y = 0.5
  vx = 1.5
  vy = 0.5
  hp = 3.5
  angle = 0.1
  name: string
  constructor(name: string) {
    this.name = name
  }
}

interface Body {
  x: number
  y: number
  vx: number
  vy: number
  hp: number
  angle: number
}

interface Subject {
  readonly state: unknown
  readonly change: () => void
  /** Of a list of flat objects, and nothing else. */
  readonly rows?: () => readonly FlatBody[]
}

type FlatBody = { readonly [Key in keyof Body | 'name']: unknown }

const flatWords = 7

/**
 * What is left of a capture without identity, classes, the order of keys, other shapes, and without keeping it: a loop written for
 * these keys, which counts them, looks at the type of each value, and compares the strings with those it met last.
 */
function packBare(rows: readonly FlatBody[], words: Float64Array, texts: unknown[]): boolean {
  let at = 0
  for (let row = 0; row < rows.length; row++) {
    const body = rows[row]
    let keys = 0
    for (const _ in body) keys++
    if (body === undefined || keys !== flatWords) return false
    const { x, y, vx, vy, hp, angle, name } = body
    if (typeof x !== 'number' || typeof y !== 'number' || typeof vx !== 'number') return false
    if (typeof vy !== 'number' || typeof hp !== 'number' || typeof angle !== 'number') return false
    if (typeof name !== 'string') return false
    words[at] = x
    words[at + 1] = y
    words[at + 2] = vx
    words[at + 3] = vy
    words[at + 4] = hp
    words[at + 5] = angle
    if (name !== texts[row]) texts[row] = name
    words[at + 6] = row
    at += flatWords
  }
  return true
}

function move(body: Body): void {
  body.x += 0.1
  body.y -= 0.1
  body.vx += 0.01
  body.vy -= 0.01
  body.hp -= 0.001
  body.angle += 0.2
}

const bodyOf = (i: number) => ({ x: i / 3, y: i / 7, vx: 1.5, vy: 0.5, hp: 3.5, angle: i / 9, name: `tank ${i}` })

/** A literal of its own: each copy by spreading would have a hidden class of its own, which V8 is slow to read anywhere. */
const aimingBodyOf = (i: number) => ({
  x: i / 3,
  y: i / 7,
  vx: 1.5,
  vy: 0.5,
  hp: 3.5,
  angle: i / 9,
  name: `tank ${i}`,
  target: i,
})

const subjects: Readonly<Record<string, (count: number) => Subject>> = {
  'flat objects': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => bodyOf(i))
    return { state: { tanks }, change: () => tanks.forEach(move), rows: () => tanks }
  },
  'nested objects': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => ({
      position: { x: i / 3, y: i / 7 },
      velocity: { x: 1.5, y: 0.5 },
      hp: 3.5,
      angle: i / 9,
      name: `tank ${i}`,
    }))
    return {
      state: { tanks },
      change: () => {
        for (const tank of tanks) {
          tank.position.x += 0.1
          tank.position.y -= 0.1
          tank.velocity.x += 0.01
          tank.velocity.y -= 0.01
          tank.hp -= 0.001
          tank.angle += 0.2
        }
      },
    }
  },
  'class instances': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => new Tank(`tank ${i}`))
    return { state: { tanks }, change: () => tanks.forEach(move) }
  },
  'a map of objects': (count) => {
    const tanks = new Map(Array.from({ length: count }, (_, i) => [i, bodyOf(i)]))
    return { state: { tanks }, change: () => tanks.forEach(move) }
  },
  'typed arrays': (count) => {
    const columns = Array.from({ length: 6 }, () => new Float64Array(count))
    return {
      state: { columns },
      change: () => {
        for (const column of columns) for (let i = 0; i < count; i++) column[i] = i * 0.1
      },
    }
  },
  'flat objects that do not change': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => bodyOf(i))
    return { state: { tanks }, change: () => {}, rows: () => tanks }
  },
  'flat objects, one in five with a key more': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => (i % 5 === 0 ? aimingBodyOf(i) : bodyOf(i)))
    return { state: { tanks }, change: () => tanks.forEach(move) }
  },
  'flat objects, one in a hundred replaced': (count) => {
    const tanks = Array.from({ length: count }, (_, i) => bodyOf(i))
    const state = { tanks }
    let next = 0
    return {
      state,
      rows: () => state.tanks,
      change: () => {
        state.tanks = state.tanks.filter((_, i) => i % 100 !== next % 100)
        while (state.tanks.length < count) state.tanks.push(bodyOf(next++))
        state.tanks.forEach(move)
      },
    }
  },
  'flat objects, all new': (count) => {
    const state = { tanks: Array.from({ length: count }, (_, i) => bodyOf(i)) }
    return {
      state,
      rows: () => state.tanks,
      change: () => {
        state.tanks = state.tanks.map(({ x, y, vx, vy, hp, angle, name }) => ({
          x: x + 0.1,
          y: y - 0.1,
          vx,
          vy,
          hp,
          angle,
          name,
        }))
      },
    }
  },
}

const classes = {
  kindOf: (prototype: object) => (prototype === Tank.prototype ? ('known' as const) : ('unknown' as const)),
  keyOf: (prototype: object) => (prototype === Tank.prototype ? 'bench.ts#Tank' : undefined),
  prototypeOf: () => Tank.prototype,
}

/** Milliseconds of each side, one after the other in each round. */
function measure(subject: Subject, rounds: number, sides: readonly (() => unknown)[]): number[][] {
  const samples: number[][] = sides.map(() => [])
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      subject.change()
      const start = performance.now()
      side()
      const took = performance.now() - start
      if (round >= 0) samples[index]?.push(took)
    }
  }
  return samples
}

function measureKind(
  kind: string,
  make: (count: number) => Subject,
  count: number,
  report: (row: BenchmarkRow) => void,
) {
  const subject = make(count)
  const store = new CaptureStore({ classes })
  const reader = new CaptureReader(store.buffer, classes)
  let frame = 0
  const capture = (): void => {
    frame++
    store.begin({ timeline: timelineId(0), frame: frameNumber(frame) })
    if (!store.put('bench', subject.state) || !store.end()) throw new Error('No room.')
  }
  const restore = (): unknown => {
    const found = reader.newest()
    return found === undefined ? undefined : reader.read(found)
  }
  const rounds = Math.max(20, Math.min(500, Math.round(2_000_000 / count)))
  const plain = { kind, count, report }
  // Until the memory has been gone through once, a capture also waits for its pages.
  for (let round = 0; round < Math.min(1300, 1.2e6 / count + 5); round++) capture()
  const { rows } = subject
  if (rows !== undefined) {
    const words = new Float64Array(new SharedArrayBuffer(count * flatWords * 8))
    const texts: unknown[] = []
    const packAll = (): void => {
      if (!packBare(rows(), words, texts)) throw new Error('These are no flat objects.')
    }
    // In turn, and as often before it counts: both sides are compiled, and the machine as fast for one as for the other.
    const [captured = [], bare = []] = measure(subject, rounds, [capture, packAll])
    reportRow(plain, 'capture of', captured, 'a bare loop', bare)
  }
  // Each alone: garbage of another would be collected in its time.
  const [ours = []] = measure(subject, rounds, [capture])
  const [again = []] = measure(subject, Math.min(rounds, 100), [restore])
  const [cloned = []] = measure(subject, Math.min(rounds, 60), [() => structuredClone(subject.state)])
  const [packed = []] = measure(subject, Math.min(rounds, 60), [() => pack(subject.state)])
  reportRow(plain, 'capture of', ours, 'structuredClone', cloned)
  reportRow(plain, 'capture of', ours, 'msgpackr', packed)
  reportRow(plain, 'restore of', again, 'structuredClone', cloned)
}

function reportRow(
  { kind, count, report }: { kind: string; count: number; report: (row: BenchmarkRow) => void },
  what: string,
  ours: readonly number[],
  name: string,
  theirs: readonly number[],
): void {
  report({
    what: `${what} ${count} ${kind}`,
    unit: 'ms',
    ours: distribution(ours),
    reference: { name, figures: distribution(theirs) },
    aim: what === 'restore of' ? '0.05–0.5 ms at 10 000' : '≤ 0.15 ms at 10 000, ≤ 1.5 ms at 100 000',
  })
}

export const benchmark: Benchmark = {
  name: 'capture',
  run(report) {
    for (const [kind, make] of Object.entries(subjects))
      for (const count of [1000, 10_000, 100_000]) measureKind(kind, make, count, report)
  },
}
