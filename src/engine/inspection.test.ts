import { describe, expect, test } from 'vitest'
import type { InspectedNode } from '../protocol/inspection.ts'
import { inspect } from './inspection.ts'

class Tank {
  hp = 3
  position = { x: 1, y: 2 }
}

const child = (node: InspectedNode | undefined, index: number): InspectedNode | undefined => node?.children?.[index]

describe('the tree of a state', () => {
  test('collapsed it is one node with a preview', () => {
    expect(inspect({ id: 0, x: 12.4 }, { expanded: [] })).toEqual({
      step: '',
      kind: 'object',
      preview: '{ id: 0, x: 12.4 }',
      size: 2,
    })
  })

  test('children come for expanded paths only', () => {
    const state = { tanks: [new Tank()], count: 1 }
    const tree = inspect(state, {
      expanded: [{ path: [] }, { path: ['tanks'] }, { path: ['tanks', 0] }, { path: ['gone'] }],
    })
    expect(tree.children?.map(({ step, kind, size }) => [step, kind, size])).toEqual([
      ['tanks', 'array', 1],
      ['count', 'primitive', 0],
    ])
    const tank = child(child(tree, 0), 0)
    expect(tank).toMatchObject({
      step: 0,
      kind: 'object',
      className: 'Tank',
      size: 2,
      preview: 'Tank { hp: 3, position: {…} }',
    })
    expect(child(tank, 0)).toEqual({ step: 'hp', kind: 'primitive', value: 3, preview: '3', size: 0 })
    expect(child(tank, 1)).not.toHaveProperty('children')
  })

  test('each kind of value', () => {
    const state = {
      map: new Map<unknown, unknown>([
        ['a', 1],
        [1, 2],
        [{}, 3],
      ]),
      set: new Set(['x']),
      when: new Date(5),
      buffer: new ArrayBuffer(8),
      view: new DataView(new ArrayBuffer(4)),
      floats: new Float32Array(3),
      none: null,
      not: undefined,
      big: 10n,
      nan: NaN,
      text: 'x',
      call: () => 1,
      oops: new Error('x'),
    }
    const tree = inspect(state, {
      expanded: [{ path: [] }, { path: ['map'] }, { path: ['set'] }, { path: ['floats'] }, { path: ['buffer'] }],
    })
    expect(
      tree.children?.map(({ step, kind, size, className, value }) => [step, kind, size, className, value]),
    ).toEqual([
      ['map', 'map', 3, undefined, undefined],
      ['set', 'set', 1, undefined, undefined],
      ['when', 'date', 0, undefined, 5],
      ['buffer', 'buffer', 8, 'ArrayBuffer', undefined],
      ['view', 'buffer', 4, 'DataView', undefined],
      ['floats', 'typed-array', 3, 'Float32Array', undefined],
      ['none', 'primitive', 0, undefined, null],
      ['not', 'primitive', 0, undefined, undefined],
      ['big', 'primitive', 0, undefined, 10n],
      ['nan', 'primitive', 0, undefined, NaN],
      ['text', 'primitive', 0, undefined, 'x'],
      ['call', 'other', 0, undefined, undefined],
      ['oops', 'other', 0, 'Error', undefined],
    ])
    expect(child(tree, 0)?.children?.map(({ step, value }) => [step, value])).toEqual([
      [{ key: 'a' }, 1],
      [{ key: 1 }, 2],
      [2, 3],
    ])
    expect(child(tree, 1)?.children?.map(({ step, value }) => [step, value])).toEqual([[0, 'x']])
    expect(child(tree, 5)?.children).toHaveLength(3)
    expect(child(tree, 3)).not.toHaveProperty('children')
  })

  test('index, text and Map keys are different paths', () => {
    const state = new Map<unknown, unknown>([
      [1, { a: 1 }],
      ['1', { b: 1 }],
    ])
    const tree = inspect(state, { expanded: [{ path: [] }, { path: [{ key: '1' }] }] })
    expect(child(tree, 0)).not.toHaveProperty('children')
    expect(child(child(tree, 1), 0)?.step).toBe('b')
  })

  test.each<[string, unknown]>([
    ['an array', Array.from({ length: 1000 }, (_, index) => index)],
    ['a Map', new Map(Array.from({ length: 1000 }, (_, index) => [index, index]))],
    ['a Set', new Set(Array.from({ length: 1000 }, (_, index) => index))],
    ['a typed array', Float64Array.from({ length: 1000 }, (_, index) => index)],
    ['an object', Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index]))],
  ])('%s is given in pages', (_what, value) => {
    const first = inspect(value, { expanded: [{ path: [] }] })
    expect([first.size, first.firstChild, first.children?.length]).toEqual([1000, 0, 100])
    const page = inspect(value, { expanded: [{ path: [], first: 990, count: 50 }] })
    expect([page.firstChild, page.children?.length, child(page, 0)?.value]).toEqual([990, 10, 990])
    expect(inspect(value, { expanded: [{ path: [], first: 2000 }] }).children).toEqual([])
    expect(inspect(value, { expanded: [{ path: [], count: 1e9 }] }).children).toHaveLength(1000)
  })

  test('accessors are not called, long texts are cut, cycles end', () => {
    let calls = 0
    const state: Record<string, unknown> = {
      get x() {
        return ++calls
      },
      long: 'x'.repeat(50_000),
    }
    state['self'] = state
    const tree = inspect(state, { expanded: [{ path: [] }, { path: ['self'] }] })
    expect(calls).toBe(0)
    expect(String(child(tree, 1)?.value)).toHaveLength(10_000)
    expect(child(child(tree, 2), 2)).not.toHaveProperty('children')
  })

  test('cost follows what is visible: of a million objects a hundred are touched', () => {
    let touched = 0
    const item = new Proxy({}, { ownKeys: () => (touched++, []) })
    const tree = inspect(
      { items: Array.from({ length: 1_000_000 }, () => item) },
      { expanded: [{ path: [] }, { path: ['items'] }] },
    )
    expect(child(tree, 0)?.children).toHaveLength(100)
    expect(touched).toBeLessThan(500)
  })

  test('classes are named as asked', () => {
    expect(inspect(new Tank(), { expanded: [] }, () => 'Panzer')).toMatchObject({
      className: 'Panzer',
      preview: 'Panzer { hp: 3, position: {…} }',
    })
  })
})
