import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import type { CodeFix } from '../protocol/code-warning.ts'
import { codeWarnings } from './code-warnings.ts'

/** A module whose members are these. */
const moduleWith = (members: string, top = ''): string =>
  `import { defineModule } from 'coppice'\n${top}\nexport default defineModule({\n  init: () => ({ count: 0 }),\n${members}\n})\n`

/** Each warning as its rule and the text it marks. */
const found = (text: string, path = 'a.ts'): readonly string[] =>
  codeWarnings(path, text).map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`)

const applied = (text: string, fix: CodeFix | undefined): string =>
  (fix?.edits ?? [])
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text)

const fixed = (text: string): readonly string[] =>
  codeWarnings('a.ts', text).flatMap(({ fixes }) => fixes.map((fix) => applied(text, fix)))

const counting = '  process() { score += 1 },'

describe('[ML12] mutable top-level variables', () => {
  test.each([
    ['a let given another value', moduleWith(counting, 'let score = 0'), ['mutable-variable: score']],
    ['a var', moduleWith(counting, 'var score = 0'), ['mutable-variable: score']],
    ['one counted up', moduleWith('  process() { score++ },', 'export let score = 0'), ['mutable-variable: score']],
    [
      'one set by destructuring',
      moduleWith('  process() { [a, b] = [b, a] },', 'let a = 1, b = 2'),
      ['mutable-variable: a', 'mutable-variable: b'],
    ],
    [
      'an array pushed to',
      moduleWith('  process() { list.push(1) },', 'const list: number[] = []'),
      ['mutable-variable: list'],
    ],
    [
      'an object written to',
      moduleWith('  process() { best.score = 1 },', 'const best = { score: 0 }'),
      ['mutable-variable: best'],
    ],
    [
      'deep inside',
      moduleWith("  process() { delete best.of['a'].b },", 'const best = { of: {} }'),
      ['mutable-variable: best'],
    ],
    [
      'a map',
      moduleWith('  process() { cache.set(1, 2) },', 'const cache = new Map<number, number>()'),
      ['mutable-variable: cache'],
    ],
    [
      'a typed array',
      moduleWith('  process() { grid[3] = 1 },', 'const grid = new Float32Array(64)'),
      ['mutable-variable: grid'],
    ],
    [
      'by Object.assign',
      moduleWith('  process() { Object.assign(best, {}) },', 'const best = {}'),
      ['mutable-variable: best'],
    ],
    ['in a shared file', 'let next = 0\nexport const id = () => next++', ['mutable-variable: next']],
    [
      'through a cast',
      moduleWith('  process() { (best as any).x = 1; best!.y = 2 },', 'const best = {}'),
      ['mutable-variable: best'],
    ],
    ['a let nobody changes', moduleWith('  process() { void speed },', 'let speed = 5'), ['mutable-variable: speed']],
  ])('are found: %s', (_title, text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  test.each([
    ['an array only read', moduleWith('  process() { return void list.map((x) => x) },', 'const list = [1, 2]')],
    ['a local of the same name', moduleWith('  process() { let score = 0; score += 1 },', 'const score = [0]')],
    [
      'a parameter of the same name',
      moduleWith('  process() { add([]) },', 'const list = [1]\nfunction add(list: number[]) { list.push(1) }'),
    ],
    ['a name of a catch', moduleWith('  process() { try {} catch (e) { e.x = 1 } },', 'const e = { x: 0 }')],
    ['a property of that name', moduleWith('  process({ state }) { state.score = 1 },', 'const score = { a: 1 }')],
    [
      'a table filled as the file is evaluated',
      moduleWith(
        '  process() { void table },',
        'const table: number[] = []\nfor (let i = 0; i < 9; i++) table.push(i)',
      ),
    ],
    [
      'a let set once while evaluating',
      moduleWith('  process() { void sum },', 'let sum = 0\nfor (const x of [1, 2]) sum += x'),
    ],
    ['a method of something unknown', moduleWith("  process() { bus.add('x') },", 'const bus = createBus()')],
    ['a declared global', 'declare let score: number\nexport const up = () => { score = 1 }'],
    [
      'a type, a function, a class, an import',
      "import { x } from './x'\ntype A = {}\nfunction f() { x.y }\nclass B { n = 0 }\nexport { f, B }",
    ],
  ])('are not: %s', (_title, text) => {
    expect(found(text)).toEqual([])
  })

  it('are made const where nothing changes them', () => {
    expect(fixed('let speed = 5\nexport const twice = () => speed * 2')).toEqual([
      'const speed = 5\nexport const twice = () => speed * 2',
    ])
    expect(
      codeWarnings('a.ts', 'let a = 1, b = 2\nexport const up = () => { b++; return a }').map(({ fixes }) => fixes),
    ).toEqual([[]])
  })

  it('move to the state where each step is certain', () => {
    const text = `import { defineModule } from 'coppice'
let score = 0
export default defineModule({
  init: () => ({ count: 0 }),
  process({ state }) { score += 1; state.count = score },
  render({ ctx, state }) { ctx.fillText(\`\${score}\`, 0, state.count) },
})
`
    expect(fixed(text)).toEqual([
      `import { defineModule } from 'coppice'
export default defineModule({
  init: () => ({ score: 0, count: 0 }),
  process({ state }) { state.score += 1; state.count = state.score },
  render({ ctx, state }) { ctx.fillText(\`\${state.score}\`, 0, state.count) },
})
`,
    ])
  })

  test.each([
    ['an empty list, by what is pushed', '[]', 'v.push(1, -2)', '[] as number[]'],
    ['of several types', '[]', "v.push(1); v.unshift('a')", '[] as (number | string)[]'],
    ['of objects', '[]', 'v.push({ x: 1, name: `a${frame}` })', '[] as ({ x: number; name: string })[]'],
    ['of who knows what', '[]', 'v.push(frame)', '[] as any[]'],
    ['an empty set', 'new Set()', 'v.add(1)', 'new Set() as Set<number>'],
    ['an empty object', '{}', "v['a'] = true", '{} as Record<string, boolean>'],
    ['null', 'null', "v = 'on'; v = null", 'null as string | null'],
  ])('get a type where the first value tells too little: %s', (_title, value, body, expected) => {
    const text = moduleWith(`  process({ state, frame }) { ${body} },`, `let v = ${value}`)
    expect(fixed(text)[0]).toContain(`init: () => ({ v: ${expected}, count: 0 })`)
    const [script] = codeWarnings('a.js', text).flatMap(({ fixes }) => fixes.map((fix) => applied(text, fix)))
    expect(script).toContain(`init: () => ({ v: ${value}, count: 0 })`)
  })

  it('move into the state’s interface, and get a name for the state where there is none', () => {
    const text = `import { defineModule } from 'coppice'
let best: string | undefined = undefined
let wave = -1
interface State {
  count: number
}
export default defineModule({
  init: (): State => ({
    count: 0,
  }),
  process({ dt }) { wave += dt; const shown = { wave } },
})
`
    expect(fixed(text)).toEqual([
      text.replace('let best', 'const best'),
      `import { defineModule } from 'coppice'
let best: string | undefined = undefined
interface State {
  count: number
  wave: number
}
export default defineModule({
  init: (): State => ({
    wave: -1,
    count: 0,
  }),
  process({ state, dt }) { state.wave += dt; const shown = { wave: state.wave } },
})
`,
    ])
  })

  test.each([
    ['used by another function', moduleWith(counting, 'let score = 0\nfunction show() { return score }')],
    ['exported', moduleWith(counting, 'export let score = 0')],
    ['not a plain value', moduleWith(counting, 'let score = start()')],
    ['where the state has the field', moduleWith('  process({ state }) { count += 1 },', 'let count = 0')],
    [
      'where `state` is something else',
      moduleWith('  process({ dt }) { const state = dt; score += state },', 'let score = 0'),
    ],
    ['where render writes it', moduleWith('  process() {}, render({ state }) { score += 1 },', 'let score = 0')],
  ])('stay where they are: %s', (_title, text) => {
    expect(codeWarnings('a.ts', text).flatMap(({ fixes }) => fixes)).toEqual([])
    expect(found(text)).not.toEqual([])
  })
})

describe('[ML12] async work in process', () => {
  test.each([
    ['an async method', moduleWith('  async process() {},'), ['async-process: async']],
    ['an async arrow', moduleWith('  process: async ({ state }) => { await 1 },'), ['async-process: async']],
    ['one declared above', moduleWith('  process,', 'async function process() {}'), ['async-process: async']],
    ['one inside', moduleWith('  process() { (async () => { await 1 })() },'), ['async-process: async']],
    [
      'a chain of promises, once',
      moduleWith('  process() { load().then((x) => x).then(() => 1) },'),
      ['async-process: load().then((x) => x).then(() => 1)'],
    ],
    ['Promise.all', moduleWith('  process() { void Promise.all([]) },'), ['async-process: Promise.all([])']],
    ['setTimeout', moduleWith('  process() { setTimeout(() => {}, 10) },'), ['async-process: setTimeout']],
    ['fetch', moduleWith("  process() { void fetch('/x') },"), ['async-process: fetch']],
    [
      'requestAnimationFrame',
      moduleWith('  process() { requestAnimationFrame(() => {}) },'),
      ['async-process: requestAnimationFrame'],
    ],
  ])('is found: %s', (_title, text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  test.each([
    ['in setup', moduleWith("  async setup() { await fetch('/x') },\n  process() {},")],
    [
      'a function of that name',
      moduleWith('  process() { setTimeout(1) },', 'function setTimeout(x: number) { return x }'),
    ],
    ['a member of that name', moduleWith('  process({ state }) { state.fetch(); state.then() },')],
    ['in a file without a module', 'export const load = async () => await fetch("/x")'],
  ])('is not: %s', (_title, text) => {
    expect(found(text)).toEqual([])
  })

  it('loses its async where nothing is awaited', () => {
    expect(fixed(moduleWith('  async process({ state }) { state.count += 1 },'))).toEqual([
      moduleWith('  process({ state }) { state.count += 1 },'),
    ])
    expect(fixed(moduleWith('  async process() { await 1 },'))).toEqual([])
  })

  it('becomes a message to oneself', () => {
    expect(fixed(moduleWith('  process({ state }) {\n    setTimeout(() => { state.count = 0 }, 500)\n  },'))).toEqual([
      moduleWith(
        "  process({ after, messages, state }) {\n    for (const _ of messages('timer:later')) { state.count = 0 }\n    after(0.5, 'timer:later', undefined)\n  },",
      ),
    ])
    expect(
      fixed(
        moduleWith(
          '  process({ state }) {\n    const x = state.count\n    setTimeout(() => { state.count = x }, 500)\n  },',
        ),
      ),
    ).toEqual([])
  })
})

describe('[ML12] writes to the state in render', () => {
  const rendering = (body: string, parameter = '{ state, ctx }'): string =>
    moduleWith(`  process() {},\n  render(${parameter}) { ${body} },`)
  test.each([
    ['an assignment', 'state.count = 1', 'state.count = 1'],
    ['++', 'state.count++', 'state.count++'],
    ['delete', "delete state.by['a']", "delete state.by['a']"],
    ['push', 'state.list.push(1)', 'state.list.push(1)'],
    ['a map', 'state.map.set(1, 2)', 'state.map.set(1, 2)'],
    ['an element of a loop', 'for (const tank of state.tanks) tank.seen = true', 'tank.seen = true'],
    ['an element of entries', 'for (const [id, tank] of state.tanks.entries()) tank.id = id', 'tank.id = id'],
    ['an element of Object.values', 'for (const tank of Object.values(state.by)) tank.x = 1', 'tank.x = 1'],
    ['in a callback', 'state.tanks.forEach((tank) => { tank.x += 1 })', 'tank.x += 1'],
    ['through a local name', 'const { tanks } = state; const [first] = tanks; first.x = 1', 'first.x = 1'],
    ['what find gives', 'const t = state.tanks.find(Boolean); t!.x = 1', 't!.x = 1'],
    ['a list sorted in place', 'const a = state.list.sort()', 'state.list.sort()'],
    ['by destructuring', '[state.a, state.b] = [1, 2]', 'state.a'],
  ])('are found: %s', (_title, body, expected) => {
    expect(found(rendering(body))).toContain(`render-writes: ${expected}`)
  })

  test.each([
    ['with the state under another name', 's.count = 1', '{ state: s }'],
    ['through the parameter', 'frame.state.count = 1', 'frame'],
    ['taken out of the parameter', 'const { state } = frame; state.count = 1', 'frame'],
  ])('are found: %s', (_title, body, parameter) => {
    expect(found(rendering(body, parameter))).toHaveLength(1)
  })

  test.each([
    ['reading', 'const x = state.count + 1; ctx.fillText(x)'],
    ['a local number', 'let x = state.count; x += 1'],
    [
      'a copy sorted',
      'const a = [...state.list].sort(); const b = state.list.slice().sort(); const c = state.list.map((x) => x).sort()',
    ],
    ['a fresh list of its values sorted', 'const a = Object.values(state.by).sort()'],
    ['the context', 'ctx.fillStyle = state.colour; ctx.lineWidth = 2'],
    ['a local named state', '{ const state = { count: 0 }; state.count = 1 }'],
    ['a parameter named state', '((state: { x: number }) => { state.x = 1 })({ x: 0 })'],
    ['a local object', 'const box = { x: state.count }; box.x = 2'],
  ])('are not: %s', (_title, body) => {
    expect(found(rendering(body))).toEqual([])
  })

  it('are no business of process', () => {
    expect(found(moduleWith('  process({ state }) { state.count += 1 },'))).toEqual([])
  })

  it('become a copy where a list is sorted', () => {
    expect(fixed(rendering('const a = state.list.sort()'))).toEqual([rendering('const a = state.list.toSorted()')])
    expect(fixed(rendering('state.list.sort()'))).toEqual([])
  })
})

it('[ML12] a text that does not parse, or is no script, has none', () => {
  expect(found('let a = = 1')).toEqual([])
  expect(found('let a = 1', 'a.json')).toEqual([])
  expect(found('declare let a: number', 'a.d.ts')).toEqual([])
  expect(
    found(
      "import { defineModule } from 'coppice'\nlet n = 0\nexport default defineModule({ init: () => ({}), process() { n++ } })",
      'a.js',
    ),
  ).toEqual(['mutable-variable: n'])
})

it('[ML12] the examples we ship have none', async () => {
  const folder = join(import.meta.dirname, '../examples')
  const warnings: string[] = []
  for (const entry of await readdir(folder, { recursive: true }))
    if (entry.endsWith('.ts')) {
      const text = await readFile(join(folder, entry), 'utf8')
      warnings.push(...found(text, entry).map((one) => `${entry} ${one}`))
    }
  expect(warnings).toEqual([])
})
