// Queries on a state: what they find, what they refuse, and that they come to an end.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findInState, parseStateQuery } from './state-query.ts'
import { TestEngine } from './testing-host.ts'

const state = {
  n: 3,
  tanks: [
    { id: 0, hp: 5, team: 'red', at: { x: 1, y: 2 } },
    { id: 1, hp: 50, team: 'blue', at: { x: 3, y: 4 } },
    { id: 2, hp: 8, team: 'red', at: { x: 5, y: 6 } },
  ],
  byName: new Map<unknown, unknown>([
    ['boss', { hp: 900 }],
    [7, { hp: 1 }],
  ]),
  heights: new Float32Array([1, 2, 3]),
  'two words': { hp: Number.NaN },
  enemyCount: 4,
  enemySpeed: 9,
  none: null,
}

const found = (query: string): readonly string[] =>
  findInState(state, parseStateQuery(query), 100).matches.map(({ text }) => text)

describe('[ST1] paths', () => {
  test('one entry, any depth, parts of names', () => {
    expect(found('tanks.*.hp')).toEqual(['tanks[0].hp', 'tanks[1].hp', 'tanks[2].hp'])
    expect(found('tanks[1].at.*')).toEqual(['tanks[1].at.x', 'tanks[1].at.y'])
    expect(found('**.x')).toEqual(['tanks[0].at.x', 'tanks[1].at.x', 'tanks[2].at.x'])
    expect(found('enemy*')).toEqual(['enemyCount', 'enemySpeed'])
    expect(found('*ount')).toEqual(['enemyCount'])
    expect(found('byName.*.hp')).toEqual(['byName.boss.hp', 'byName[7].hp'])
    expect(found('heights.*')).toEqual(['heights[0]', 'heights[1]', 'heights[2]'])
    expect(found('["two words"].hp')).toEqual(['["two words"].hp'])
    expect(found('nothing.*')).toEqual([])
  })

  test('values come with their path, text and what they are', () => {
    expect(findInState(state, parseStateQuery('tanks.0.at'), 10)).toMatchObject({
      matches: [{ path: ['tanks', 0, 'at'], text: 'tanks[0].at', preview: '{ x: 1, y: 2 }' }],
      total: 1,
      isCut: false,
    })
    expect(findInState(state, parseStateQuery('n'), 10).matches).toMatchObject([{ value: 3, preview: '3' }])
  })
})

describe('[ST2] predicates', () => {
  test('a comparison on what a path leads to', () => {
    expect(found('tanks.*.hp < 10')).toEqual(['tanks[0].hp', 'tanks[2].hp'])
    expect(found('tanks.*.hp >= 50')).toEqual(['tanks[1].hp'])
    expect(found('tanks.*.team = red')).toEqual(['tanks[0].team', 'tanks[2].team'])
    expect(found('tanks.*.team != "red"')).toEqual(['tanks[1].team'])
    expect(found('tanks.*.team ~ lu')).toEqual(['tanks[1].team'])
    expect(found('**.hp = NaN')).toEqual(['["two words"].hp'])
    expect(found('none = null')).toEqual(['none'])
  })

  test('a single name is looked for everywhere', () => {
    expect(found('hp < 10')).toEqual(['tanks[0].hp', 'tanks[2].hp', 'byName[7].hp'])
  })

  test('entries by what they hold', () => {
    expect(found('tanks.* where hp < 10')).toEqual(['tanks[0]', 'tanks[2]'])
    expect(found('tanks.* where hp < 10 and at.x > 2')).toEqual(['tanks[2]'])
    expect(found('tanks.* where **.y = 4')).toEqual(['tanks[1]'])
  })

  test('texts and numbers are not compared with each other', () => {
    expect(found('tanks.*.team < 10')).toEqual([])
    expect(found('tanks.*.hp < x')).toEqual([])
  })
})

describe('[ST3] limits', () => {
  test('all are counted, so many given', () => {
    const many = { list: Array.from({ length: 500 }, (_, index) => ({ index })) }
    const { matches, total, isCut } = findInState(many, parseStateQuery('list.*.index'), 20)
    expect([matches.length, total, isCut]).toEqual([20, 500, false])
  })

  test('a state larger than what is looked through is cut, and cycles come to an end', () => {
    const large = { list: Array.from({ length: 400_000 }, (_, index) => index) }
    expect(findInState(large, parseStateQuery('**'), 1).isCut).toBe(true)
    const cycle: Record<string, unknown> = { a: 1 }
    cycle['self'] = cycle
    expect(findInState(cycle, parseStateQuery('**.a'), 1000).total).toBeGreaterThan(1)
  })

  test('what is no query is refused with its column, and nothing else is ever thrown', () => {
    expect(() => parseStateQuery('tanks..hp')).toThrow(/"tanks..hp" is not a query \(see column 7\)/)
    expect(() => parseStateQuery('')).toThrow(/column 1/)
    expect(() => parseStateQuery('hp <')).toThrow(/is not a query/)
    expect(() => parseStateQuery('tanks.* where')).toThrow(/is not a query/)
    const piece = fc.constantFrom(
      'tanks',
      '*',
      '**',
      '.',
      '[0]',
      '["x"]',
      ' < ',
      '=',
      ' where ',
      ' and ',
      '10',
      '"red"',
      'hp',
      '~',
      '[',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(text, (query) => {
        try {
          const { total } = findInState(state, parseStateQuery(query), 5)
          expect(total).toBeGreaterThanOrEqual(0)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('is not a query') })
        }
      }),
    )
  })

  test('what ** finds is what a walk by hand finds', () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'))),
    })).node
    const walk = (value: unknown, path: string): readonly string[] => {
      if (typeof value !== 'object' || value === null) return []
      return Object.entries(value).flatMap(([key, inner]) => [
        ...(key === 'a' ? [`${path}${key}`] : []),
        ...walk(inner, `${path}${key}.`),
      ])
    }
    fc.assert(
      fc.property(tree, (root) => {
        const { matches } = findInState(root, parseStateQuery('**.a'), 10_000)
        expect(matches.map(({ text }) => text).toSorted()).toEqual([...walk(root, '')].toSorted())
      }),
    )
  })
})

test('[ST4] the hash of a part is that of its values, wherever it stands', async () => {
  const lab = new TestEngine()
  const init = () => ({ tanks: [{ hp: 1 }, { hp: 1 }, { hp: 2 }], other: { hp: 1 } })
  await lab.run({ a: { definition: { init, process: () => undefined } } })
  const hash = (...args: readonly unknown[]): Promise<unknown> => lab.execute('stateHash', 'a', ...args)
  expect(await hash('tanks[0]')).toBe(await hash('tanks[1]'))
  expect(await hash('tanks[0]')).toBe(await hash('other'))
  expect(await hash('tanks[0]')).not.toBe(await hash('tanks[2]'))
  expect(await hash()).toBe(await hash([]))
  expect(await hash()).not.toBe(await lab.execute('stateHash'))
  await expect(hash('tanks[9]')).rejects.toMatchObject({ code: 'invalid-path' })
  expect(await lab.execute('findState', 'a', 'tanks.*.hp = 1', { limit: 1 })).toMatchObject({
    moment: { frame: 0 },
    total: 2,
    matches: [{ text: 'tanks[0].hp' }],
  })
})
