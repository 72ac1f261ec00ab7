import { beforeEach, describe, expect, test } from 'vitest'
import type { CallPhase } from '../protocol/pulse.ts'
import type { CurrentCall } from './current-call.ts'
import { createRandom } from './random.ts'
import { engineEpoch } from './shadow-date.ts'
import { createShadowGlobals } from './shadow-globals.ts'
import { checkState } from './state-rules.ts'

/** What the engine would be doing, and what came of it. */
class Scene {
  readonly lines: [string, readonly unknown[]][] = []
  readonly calls: string[] = []
  call: CurrentCall = this.#callIn('process', 0)

  enter(phase: CallPhase, timeMs = 0): void {
    this.call = this.#callIn(phase, timeMs)
  }

  #callIn(phase: CallPhase, timeMs: number): CurrentCall {
    return {
      module: 'tank',
      phase,
      timeMs,
      random: createRandom(1, 'tank', phase, 1),
      take: () => undefined,
      log: (level, values) => this.lines.push([level, values]),
    }
  }
}

const scene = new Scene()
const enter = (phase: CallPhase, timeMs = 0): void => scene.enter(phase, timeMs)
class FakeSocket {
  static readonly OPEN = 1
  readonly url: string
  constructor(url: string) {
    this.url = url
  }
}
/** A realm like a worker's, in which one can see what got through. */
const realmGlobal = {
  Array,
  setTimeout(this: unknown, _run: () => void, ms: number) {
    scene.calls.push(`setTimeout ${ms} ${this === realmGlobal}`)
    return 7
  },
  clearTimeout: (id: number) => void scene.calls.push(`clearTimeout ${id}`),
  queueMicrotask: () => void scene.calls.push('queueMicrotask'),
  fetch: (url: string) => {
    scene.calls.push(`fetch ${url}`)
    return Promise.resolve(url)
  },
  WebSocket: FakeSocket,
  atob(this: unknown, text: string) {
    if (this !== realmGlobal) throw new TypeError('Illegal invocation')
    return `decoded ${text}`
  },
  localStorage: { getItem: (name: string) => `stored ${name}` },
  crypto: { subtle: { digest: () => 1 } },
  navigator: { gpu: 'gpu', userAgent: 'real' },
  secretOfRealm: 42,
}
const { names, values } = createShadowGlobals({
  realm: { Date, Intl, global: realmGlobal },
  math: 'portable',
  current: () => scene.call,
})

/** Runs an expression as evaluated module code sees it. */
function run(expression: string): unknown {
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- evaluates as a code loader does
  const evaluate = new Function(...names, `return (${expression})`)
  return Reflect.apply(evaluate, undefined, values)
}

beforeEach(() => {
  scene.lines.length = 0
  scene.calls.length = 0
  enter('process', 2500)
})

describe('[FL5] time', () => {
  test('is engine time for Date, performance and Intl', () => {
    expect(run('Date.now()')).toBe(engineEpoch + 2500)
    expect(run('performance.now()')).toBe(2500)
    expect(run('performance.timeOrigin + performance.now() === Date.now()')).toBe(true)
    expect(run('new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" }).format()')).toMatch(
      /^1\/1\/00, 12:00:02\sAM$/,
    )
    expect(run('new Intl.DateTimeFormat().formatToParts().length')).toBe(5)
    expect(run('[performance.mark("a").startTime, performance.getEntries().length]')).toEqual([2500, 0])
  })
})

describe('[FL5] randomness', () => {
  test('Math.random in what changes the state names `random`', () => {
    for (const phase of ['process', 'init', 'migrate', 'query'] as const) {
      enter(phase)
      expect(() => run('Math.random()')).toThrow(new RegExp(`not available in ${phase}.*\`random\``))
    }
  })

  test('elsewhere it is seeded', () => {
    for (const phase of ['load', 'setup', 'view-setup', 'render', 'outside'] as const) {
      enter(phase)
      const first = run('[Math.random(), Math.random()]')
      enter(phase)
      expect(run('[Math.random(), Math.random()]')).toEqual(first)
    }
  })

  test('crypto draws from the seeded stream', () => {
    const draw = (): unknown => {
      enter('process')
      return run('[crypto.randomUUID(), ...crypto.getRandomValues(new Uint16Array(4))]')
    }
    expect(draw()).toEqual(draw())
    expect(String(run('crypto.randomUUID()'))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(() => run('crypto.getRandomValues([1])')).toThrow(TypeError)
    expect(() => run('crypto.subtle')).toThrow(/not available in process/)
    enter('setup')
    expect(run('crypto.subtle.digest()')).toBe(1)
  })

  test('Math is portable, and `**` comes with it', () => {
    expect(run('Math.sin.name')).toBe('sin')
    expect(run('Math.pow(2, 0.5) === __coppice_pow__(2, 0.5)')).toBe(true)
    expect(run('__coppice_pow__(2n, 64n)')).toBe(2n ** 64n)
  })
})

describe('[FL5] locale and zone', () => {
  test.each([
    ['new Intl.NumberFormat().format(1234.5)', '1,234.5'],
    ['new Intl.NumberFormat("de-DE").format(1234.5)', '1.234,5'],
    ['Intl.NumberFormat().format(1)', '1'],
    ['new Intl.DateTimeFormat().resolvedOptions().timeZone', 'UTC'],
    ['new Intl.DateTimeFormat(undefined, { timeZone: "Asia/Tokyo" }).resolvedOptions().timeZone', 'Asia/Tokyo'],
    ['new Intl.Collator().resolvedOptions().locale', 'en-US'],
    ['new Intl.PluralRules().select(1)', 'one'],
    ['Intl.getCanonicalLocales("EN-us")[0]', 'en-US'],
    ['new Intl.NumberFormat() instanceof Intl.NumberFormat', true],
    ['Intl.NumberFormat.supportedLocalesOf("en-US")[0]', 'en-US'],
    ['Object.prototype.toString.call(Intl)', '[object Intl]'],
    ['(class extends Intl.NumberFormat { twice(x) { return this.format(2 * x) } }).name', ''],
    ['new (class extends Intl.NumberFormat { twice(x) { return this.format(2 * x) } })().twice(2)', '4'],
    ['navigator.language', 'en-US'],
    ['navigator.userAgent', 'Coppice'],
    ['navigator.gpu', 'gpu'],
  ])('%s', (expression, expected) => {
    expect(run(expression)).toBe(expected)
  })
})

describe('[FL6] console', () => {
  test.each([
    ['console.log("a", 1)', ['info', ['a', 1]]],
    ['console.info("a")', ['info', ['a']]],
    ['console.debug("a")', ['debug', ['a']]],
    ['console.trace()', ['trace', ['console.trace']]],
    ['console.warn("a")', ['warning', ['a']]],
    ['console.error("a")', ['error', ['a']]],
    ['console.assert(false, "a")', ['error', ['Assertion failed:', 'a']]],
    ['console.assert(false)', ['error', ['Assertion failed']]],
    ['console.dir({ a: 1 }, {})', ['info', [{ a: 1 }]]],
    ['console.table([{ a: 1 }])', ['info', ['0: { a: 1 }']]],
    ['console.timeEnd("never")', ['warning', ['Timer "never" does not exist']]],
  ])('%s', (expression, expected) => {
    run(expression)
    expect(scene.lines).toEqual([expected])
  })

  test('silent ones, groups, counts and timers', () => {
    run('[console.assert(true, "no"), console.clear(), console.timeStamp()]')
    run(
      '[console.group("g"), console.log("%s", 1), console.warn({}), console.groupCollapsed("h"), console.groupEnd(), console.groupEnd(), console.groupEnd(), console.log("out")]',
    )
    run('[console.count(), console.count(), console.countReset(), console.count("x")]')
    run('console.time("t")')
    enter('process', 2510)
    run('[console.timeLog("t", "so far"), console.timeEnd("t"), console.timeEnd("t")]')
    expect(scene.lines.map(([, shown]) => shown)).toEqual([
      ['g'],
      ['  %s', 1],
      ['  ', {}],
      ['  h'],
      ['out'],
      ['default: 1'],
      ['default: 2'],
      ['x: 1'],
      ['t: 10 ms of engine time', 'so far'],
      ['t: 10 ms of engine time'],
      ['Timer "t" does not exist'],
    ])
  })
})

describe('the world stays out of a frame', () => {
  test.each([
    ['setTimeout(() => {}, 5)', /setTimeout is not available in process: use after\(seconds, topic, data\)/],
    ['setInterval(() => {}, 5)', /setInterval .*after/],
    ['requestAnimationFrame(() => {})', /requestAnimationFrame .*render draws/],
    ['queueMicrotask(() => {})', /queueMicrotask/],
    ['fetch("x")', /fetch is not available in process: load in setup/],
    ['new WebSocket("ws://x")', /WebSocket/],
    ['new XMLHttpRequest()', /XMLHttpRequest/],
    ['new Worker("x")', /Worker .*onDispose/],
    ['localStorage.getItem("x")', /localStorage is not available in process: keep it in the state/],
    ['localStorage.x = 1', /localStorage/],
    ['"x" in localStorage', /localStorage/],
    ['indexedDB.open("x")', /indexedDB/],
    ['postMessage(1)', /belongs to the engine/],
    ['globalThis.setTimeout(() => {}, 5)', /setTimeout is not available/],
    ['window.fetch("x")', /fetch is not available/],
    ['self["local" + "Storage"].getItem("x")', /localStorage is not available/],
  ])('%s', (expression, message) => {
    expect(() => run(expression)).toThrow(message)
    expect(scene.calls).toEqual([])
  })

  test.each(['init', 'render', 'migrate', 'validate-config'] as const)('nor into %s', (phase) => {
    enter(phase)
    expect(() => run('fetch("x")')).toThrow(
      phase === 'validate-config' ? /in validateConfig/ : new RegExp(`in ${phase}`),
    )
  })

  test('setup, view.setup and what runs after an await have the realm’s own, with its `this`', () => {
    for (const phase of ['setup', 'view-setup', 'outside', 'dispose'] as const) {
      enter(phase)
      expect(run('setTimeout(() => {}, 5)')).toBe(7)
      run('[queueMicrotask(() => {}), clearTimeout(7), fetch("u")]')
      expect(scene.calls.splice(0)).toEqual(['setTimeout 5 true', 'queueMicrotask', 'clearTimeout 7', 'fetch u'])
      expect(run('new WebSocket("ws://x").url')).toBe('ws://x')
      expect(run('localStorage.getItem("x")')).toBe('stored x')
      expect(run('new WebSocket("ws://x") instanceof WebSocket')).toBe(true)
    }
  })

  test('top-level code may load, but starts no timers', () => {
    enter('load')
    run('fetch("u")')
    expect(scene.calls).toEqual(['fetch u'])
    expect(() => run('setTimeout(() => {}, 5)')).toThrow(/not available in top-level code/)
    expect(() => run('requestAnimationFrame(() => {})')).toThrow(/top-level code/)
  })

  test('what the engine needs for itself is never handed out', () => {
    enter('setup')
    expect(() => run('postMessage(1)')).toThrow(/not available in setup: this belongs to the engine/)
    expect(() => run('close()')).toThrow(/belongs to the engine/)
  })

  test('what does not exist here says so', () => {
    enter('setup')
    expect(() => run('new EventSource("x")')).toThrow('EventSource does not exist where this program runs.')
    expect(run('sessionStorage.x')).toBeUndefined()
  })

  test('looking at a name is no use of it', () => {
    expect(run('[typeof setTimeout, typeof WebSocket, WebSocket.OPEN, fetch.name, typeof localStorage]')).toEqual([
      'function',
      'function',
      1,
      'fetch',
      'object',
    ])
  })
})

describe('the global object', () => {
  test('holds the shadows under all its names', () => {
    expect(run('globalThis === self && self === window && window === globalThis.globalThis')).toBe(true)
    expect(run('globalThis.Math === Math && self.Date === Date && window.console === console')).toBe(true)
  })

  test('shows what else the realm has, and binds its functions', () => {
    expect(run('globalThis.Array')).toBe(Array)
    expect(run('self.secretOfRealm')).toBe(42)
    expect(run('self.atob("x")')).toBe('decoded x')
    expect(run('self.atob === self.atob')).toBe(true)
    expect(run('"secretOfRealm" in self && !("nothing" in self)')).toBe(true)
  })

  test('takes writes for itself', () => {
    run('globalThis.mine = 5')
    run('globalThis.Array = 1')
    expect(run('globalThis.mine')).toBe(5)
    expect(run('"mine" in globalThis && globalThis.Array === 1')).toBe(true)
    expect(Object.hasOwn(realmGlobal, 'mine')).toBe(false)
    expect(realmGlobal.Array).toBe(Array)
    run('delete globalThis.Array')
    expect(run('globalThis.Array')).toBe(Array)
  })

  test('[FL6] is no data: a state that holds it is refused', () => {
    const rules = { classOf: () => 'unknown' as const }
    expect(checkState({ g: run('globalThis') }, rules)).toMatch(/^state\.g is a GlobalScope: state may hold plain data/)
  })

  test('hides what exists in some places only', () => {
    expect(run('[typeof process, typeof require, typeof document, typeof Temporal, "process" in globalThis]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
      'undefined',
      false,
    ])
  })

  test('names are distinct and could all be parameters', () => {
    expect(new Set(names).size).toBe(names.length)
    expect(values.length).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[A-Za-z_$][\w$]*$/)
  })
})

test('two engines side by side share nothing', () => {
  const other = createShadowGlobals({
    realm: { Date, Intl, global: realmGlobal },
    math: 'native',
    current: () => ({ ...scene.call, timeMs: 1 }),
  })
  const globalOf = (shadows: { names: readonly string[]; values: readonly unknown[] }): unknown =>
    shadows.values[shadows.names.indexOf('globalThis')]
  expect(globalOf(other)).not.toBe(globalOf({ names, values }))
  expect(run('performance.now()')).toBe(2500)
})
