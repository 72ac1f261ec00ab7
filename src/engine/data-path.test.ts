import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CoppiceError } from '../protocol/errors.ts'
import { formatPath, getAt, parsePath, setAt, toDataPath } from './data-path.ts'

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof CoppiceError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no error'
}

describe('paths as text', () => {
  test.each([
    ['', []],
    ['hp', ['hp']],
    ['tanks[3].hp', ['tanks', 3, 'hp']],
    ['tanks.3.hp', ['tanks', '3', 'hp']],
    ['[0][1]', [0, 1]],
    ['names["two words"].x', ['names', 'two words', 'x']],
    ["names['it\\'s'][2]", ['names', "it's", 2]],
    ['["a.b[c]"]', ['a.b[c]']],
    ['größe.ß', ['größe', 'ß']],
    ['tanks[ 3 ]', ['tanks', 3]],
  ])('%s', (text, steps) => {
    expect(parsePath(text)).toEqual(steps)
  })

  test.each(['.hp', 'a..b', 'a.', 'a[', 'a[x]', 'a]b', 'a[0]b', 'a b', 'a["x]', '[-1]', 'a[1.5]'])(
    '%s is no path',
    (text) => {
      expect(codeOf(() => parsePath(text))).toMatch(/^invalid-path: ".*" is not a path \(see column \d+\)/)
    },
  )

  test('what is written is read back', () => {
    const step = fc.oneof(fc.string({ minLength: 1 }), fc.nat())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path)
      }),
    )
  })

  test('with a root it reads as code', () => {
    expect(formatPath(['tanks', 3, 'max hp'], 'state')).toBe('state.tanks[3]["max hp"]')
    expect(formatPath([{ key: 'a' }, { key: 2 }, { key: true }], 'state')).toBe('state.a[2]["true"]')
  })

  test('steps pass as they are', () => {
    const steps = ['a', { key: 1 }]
    expect(toDataPath(steps)).toBe(steps)
    expect(toDataPath('a')).toEqual(['a'])
  })
})

const data = () => {
  const object = { id: 1 }
  return {
    tanks: [{ hp: 1 }, { hp: 2 }],
    byId: new Map<unknown, unknown>([
      ['a', 1],
      [7, 'seven'],
      ['7', 'text'],
      [object, 'by object'],
      [true, 'yes'],
    ]),
    all: new Set(['x', 'y']),
    speeds: new Float32Array([1, 2]),
    big: new BigInt64Array(1),
    nothing: undefined,
    when: new Date(0),
  }
}

describe('reading', () => {
  test.each([
    ['', 'object'],
    ['tanks[1].hp', 2],
    ['tanks.1.hp', 2],
    ['byId.a', 1],
    ['byId[7]', 'seven'],
    ['byId.7', 'text'],
    ['byId[3]', 'by object'],
    ['all[1]', 'y'],
    ['speeds[1]', 2],
    ['nothing', undefined],
  ])('%s', (path, expected) => {
    const value = getAt(data(), parsePath(path))
    expect(path === '' ? typeof value : value).toBe(expected)
  })

  test('keys of a Map stay apart by type', () => {
    expect(getAt(data(), ['byId', { key: 7 }])).toBe('seven')
    expect(getAt(data(), ['byId', { key: '7' }])).toBe('text')
    expect(getAt(data(), ['byId', { key: true }])).toBe('yes')
  })

  test.each([
    ['tanks[2].hp', 'state.tanks[2] does not exist: its length is 2'],
    ['tanks.x', 'state.tanks.x does not exist: its length is 2'],
    ['tank', 'state.tank does not exist: it has tanks, byId, all, speeds, big, nothing, when'],
    ['tanks[0].hp.x', 'state.tanks[0].hp.x does not exist: state.tanks[0].hp is number'],
    ['nothing.x', 'state.nothing.x does not exist: state.nothing is undefined'],
    ['byId.b', 'state.byId.b does not exist: it has a, 7, 7, true'],
    ['byId[0]', 'state.byId[0] does not exist'],
    ['all[2]', 'state.all[2] does not exist: it has 2 items'],
    ['toString', 'state.toString does not exist'],
    ['__proto__', 'state.__proto__ does not exist'],
    ['tanks.length', 'state.tanks.length does not exist'],
  ])('%s leads nowhere', (path, message) => {
    expect(codeOf(() => getAt(data(), parsePath(path)))).toContain(`invalid-path: ${message}`)
  })
})

describe('writing', () => {
  test.each([
    ['tanks[1].hp', 9],
    ['tanks.0', { hp: 5 }],
    ['tanks[2]', { hp: 5 }],
    ['tanks[0].shield', 1],
    ['byId.a', 2],
    ['byId.new', 2],
    ['byId[7]', 'changed'],
    ['speeds[0]', 0.5],
    ['big[0]', 5n],
    ['fresh', { any: 'thing' }],
  ])('%s', (path, value) => {
    const root = data()
    setAt(root, parsePath(path), value)
    expect(getAt(root, parsePath(path))).toEqual(value)
  })

  test('a Map key by its type, or by its place where it is an object', () => {
    const root = data()
    setAt(root, ['byId', { key: 7 }], 'number')
    setAt(root, ['byId', { key: '7' }], 'string')
    setAt(root, ['byId', 3], 'changed')
    expect([...root.byId.values()]).toEqual([1, 'number', 'string', 'changed', 'yes'])
    expect(root.byId.size).toBe(5)
  })

  test.each([
    ['', 1, 'invalid-path: the path is empty'],
    ['tanks[3]', 1, 'invalid-path: state.tanks[3] does not exist'],
    ['tanks.x', 1, 'invalid-path: state.tanks.x does not exist'],
    ['none.x', 1, 'invalid-path: state.none does not exist'],
    ['tanks[0].hp.x', 1, 'invalid-path: state.tanks[0].hp.x does not exist'],
    ['all[0]', 1, 'invalid-path: state.all[0] is an item of a Set'],
    ['speeds[2]', 1, 'invalid-path: state.speeds[2] is outside of the typed array, whose length is 2'],
    ['speeds[0]', 'x', 'invalid-argument: state.speeds[0] holds numbers, not string'],
    ['big[0]', 1, 'invalid-argument: state.big[0] holds bigints, not number'],
    ['when.x', 1, 'invalid-path: state.when.x does not exist'],
    ['__proto__', {}, 'invalid-path: state.__proto__ is not data'],
    ['tanks[0].__proto__.polluted', 1, 'invalid-path: state.tanks[0].__proto__ does not exist'],
  ])('%s = %j is refused', (path, value, message) => {
    const root = data()
    expect(codeOf(() => setAt(root, parsePath(path), value))).toContain(message)
    expect(root).toEqual(data())
  })
})
