// Which value wins, and what becomes of live ones: the pure part.

import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import {
  effectiveConfig,
  leavesOf,
  mergeConfig,
  noLayers,
  replaceBelow,
  typeRefusal,
  valueAt,
  withoutPaths,
} from './config-layers.ts'
import type { ConfigLayers } from './config-layers.ts'

const layers = (parts: Partial<ConfigLayers>): ConfigLayers => ({ ...noLayers, ...parts })

describe('[CF1] who wins', () => {
  test('live over engine.json over the file over the code, value by value, also inside objects', () => {
    const values = effectiveConfig({
      defaults: { a: 1, b: 1, c: 1, d: 1, enemy: { hp: 1, speed: 1, tags: ['x', 'y'] } },
      file: { b: 2, c: 2, d: 2, enemy: { speed: 2, tags: ['z'] } },
      manifest: { c: 3, d: 3, enemy: { hp: 3 } },
      live: { d: 4 },
    })
    expect(values).toEqual({ a: 1, b: 2, c: 3, d: 4, enemy: { hp: 3, speed: 2, tags: ['z'] } })
  })

  test('merging keeps every value of the upper layer, whatever the names', () => {
    const keys = fc.constantFrom('a', 'b', '__proto__', 'constructor', '')
    const config = fc.dictionary(keys, fc.oneof(fc.integer(), fc.constant(null), fc.dictionary(keys, fc.boolean())))
    fc.assert(
      fc.property(config, config, (under, over) => {
        const merged = mergeConfig(under, over)
        for (const { path, value } of leavesOf(over))
          expect(valueAt(merged, path)).toEqual(emptyOr(value, merged, path))
        expect(Object.getPrototypeOf({})).toBe(Object.prototype)
        expect(Object.keys(merged).toSorted()).toEqual(
          [...new Set([...Object.keys(under), ...Object.keys(over)])].toSorted(),
        )
      }),
    )
  })
})

/** An empty object merges into what is there. */
function emptyOr(value: unknown, merged: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  return isEmpty ? valueAt(merged, path) : value
}

describe('[CF2] the latest edit wins', () => {
  test('a live value goes when a file or the code changes that value below it, and is told of with both', () => {
    const before = layers({ defaults: { speed: 5, hp: 1 }, live: { speed: 12, hp: 2 } })
    const {
      layers: after,
      replaced,
      changed,
    } = replaceBelow(before, {
      defaults: { speed: 25, hp: 1 },
      file: {},
      manifest: {},
    })
    expect(after.live).toEqual({ hp: 2 })
    expect(replaced).toEqual([{ path: ['speed'], value: 12, before: 5, now: 25 }])
    expect(changed).toEqual([{ path: ['speed'], value: 25 }])
  })

  test('one that is written to a file is live no more, and nothing is told', () => {
    const before = layers({ defaults: { enemy: { hp: 5, speed: 1 } }, live: { enemy: { hp: 12, speed: 3 } } })
    const { layers: after, replaced } = replaceBelow(before, { ...before, file: { enemy: { hp: 12 } } })
    expect(after.live).toEqual({ enemy: { speed: 3 } })
    expect(replaced).toEqual([])
  })
})

describe('[CF3] a change that is not used', () => {
  test('names who sets the value, and what is used', () => {
    const before = layers({ defaults: { speed: 5, hp: 1 }, manifest: { speed: 12 } })
    const { notUsed } = replaceBelow(before, { ...before, defaults: { speed: 25, hp: 2 } })
    expect(notUsed).toEqual([{ path: ['speed'], value: 25, by: ['manifest'], used: 12 }])
  })

  test('the file lies over the code, and engine.json over both', () => {
    const before = layers({ defaults: { a: 1 }, file: { a: 2 }, manifest: { a: 3 } })
    expect(replaceBelow(before, { ...before, defaults: { a: 9 } }).notUsed).toMatchObject([
      { by: ['manifest', 'file'] },
    ])
    expect(replaceBelow(before, { ...before, file: { a: 9 } }).notUsed).toMatchObject([{ by: ['manifest'] }])
    expect(replaceBelow(before, { ...before, manifest: { a: 9 } }).notUsed).toEqual([])
  })
})

describe('[CF4] types', () => {
  const refusal = (values: Readonly<Record<string, unknown>>): string | undefined =>
    typeRefusal({ speed: 5, name: 'x', tags: ['a'], enemy: { hp: 1 }, any: null, open: {} }, values)?.words

  test('a value has the type of its default', () => {
    expect(refusal({ speed: 'fast' })).toBe('speed must be a number, as its default is, not the string "fast".')
    expect(refusal({ tags: 'a' })).toBe('tags must be a list, as its default is, not the string "a".')
    expect(refusal({ enemy: { hp: true } })).toBe('enemy.hp must be a number, as its default is, not the boolean true.')
    expect(refusal({ enemy: null })).toBe('enemy must be an object, as its default is, not null.')
    expect(refusal({ enemy: 3 })).toBe('enemy must be an object, as its default is, not the number 3.')
    expect(refusal({ speed: { fast: 1 } })).toBe('speed must be a number, as its default is, not an object.')
    expect(refusal({ speed: null })).toBe('speed must be a number, as its default is, not null.')
  })

  test('where the default says nothing, anything goes', () => {
    expect(refusal({ any: [], open: { a: { b: 1 } }, unknown: 3, enemy: {} })).toBeUndefined()
  })
})

test('taking values out leaves no empty objects behind', () => {
  const config = { a: 1, enemy: { hp: 1, boss: { hp: 2 } } }
  expect(withoutPaths(config, [['enemy', 'boss', 'hp'], ['a']])).toEqual({ enemy: { hp: 1 } })
  expect(withoutPaths(config, [['enemy']])).toEqual({ a: 1 })
})
