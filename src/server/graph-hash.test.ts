// Hashes that cover what a text imports.

import { describe, expect, it } from 'vitest'
import { type GraphNode, hashGraph } from './graph-hash.ts'

type Rows = Readonly<Record<string, readonly [digest: string, ...imports: readonly string[]]>>

const graph = (rows: Rows): ReadonlyMap<string, GraphNode> =>
  new Map(
    Object.entries(rows).map(([key, [digest, ...imports]]) => [
      key,
      { digest, imports: new Map(imports.map((name) => [`./${name}`, name])) },
    ]),
  )

const hashes = (rows: Rows): Readonly<Record<string, string>> => Object.fromEntries(hashGraph(graph(rows)))

const changed = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .toSorted((left, right) => left.localeCompare(right))

describe('[ML3] code is content-addressed', () => {
  it('a change reaches who imports it, however far, and nobody else', () => {
    const before = hashes({ a: ['A', 'b'], b: ['B', 'c'], c: ['C'], d: ['D', 'c'], e: ['E'] })
    const after = hashes({ a: ['A', 'b'], b: ['B', 'c'], c: ['C2'], d: ['D', 'c'], e: ['E'] })
    expect(changed(before, after)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('files that import each other are hashed as a whole, in whatever order they are found', () => {
    const before = hashes({ a: ['A', 'b'], b: ['B', 'c'], c: ['C', 'a'], user: ['U', 'b'] })
    const found = hashes({ user: ['U', 'b'], c: ['C', 'a'], b: ['B', 'c'], a: ['A', 'b'] })
    expect(found).toEqual(before)
    const after = hashes({ a: ['A', 'b'], b: ['B', 'c'], c: ['C2', 'a'], user: ['U', 'b'] })
    expect(changed(before, after)).toEqual(['a', 'b', 'c', 'user'])
    expect(new Set(Object.values(before)).size).toBe(4)
  })

  it('an import of itself is a cycle of one', () => {
    expect(hashes({ a: ['A', 'a'] })['a']).toMatch(/^[0-9a-f]{32}$/)
  })
})
