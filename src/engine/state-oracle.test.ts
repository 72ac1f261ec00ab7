// Random programs and edits against ML5 told a second time, in the plainest way: by types as seen in values, and by copying.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRecord } from './definition.ts'
import { module, reload } from './testing-reload.ts'

type Field =
  | 'number'
  | 'string'
  | 'boolean'
  | { list: Fields; length: number }
  | { map: Fields; length: number }
  | { in: Fields }
type Fields = { [name: string]: Field }

const field: fc.Arbitrary<Field> = fc.letrec<{ field: Field; fields: Fields }>((tie) => ({
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Field>('number', 'string', 'boolean'),
    fc.record({ list: tie('fields'), length: fc.nat(2) }),
    fc.record({ map: tie('fields'), length: fc.nat(2) }),
    fc.record({ in: tie('fields') }),
  ),
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), tie('field'), { maxKeys: 4, noNullPrototype: true }),
})).field

function make(type: Field, seed: number, length?: number): unknown {
  if (type === 'number') return seed
  if (type === 'string') return `s${seed}`
  if (type === 'boolean') return seed % 2 === 0
  if ('in' in type) return makeAll(type.in, seed, length)
  const count = length ?? type.length
  const numbers = Array.from({ length: count }, (_, index) => index)
  if ('list' in type) return numbers.map((index) => makeAll(type.list, seed + index, length))
  return new Map(numbers.map((index) => [`k${index}`, makeAll(type.map, seed + index, length)]))
}

function makeAll(fields: Fields, seed: number, length?: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, make(type, seed, length)]))
}

/** What can be seen of a field in an `init` result. */
function seen(type: Field): string {
  if (typeof type === 'string') return type
  if ('in' in type) return `{${seenAll(type.in)}}`
  const [kind, fields] = 'list' in type ? ['list', type.list] : ['map', type.map]
  return `${kind}(${type.length === 0 ? '?' : seenAll(fields)})`
}

function seenAll(fields: Fields): string {
  return Object.keys(fields)
    .toSorted()
    .map((name) => `${name}:${seen(fields[name] ?? 'number')}`)
    .join()
}

function kindOf(type: Field): string {
  return typeof type === 'string' ? type : 'in' in type ? 'in' : 'list' in type ? 'list' : 'map'
}

function kindOfValue(value: unknown): string {
  return Array.isArray(value) ? 'list' : value instanceof Map ? 'map' : typeof value === 'object' ? 'in' : typeof value
}

class Refused extends Error {}

function bringField(before: Field | undefined, after: Field, state: unknown): unknown {
  const known = before !== undefined && kindOf(before) === kindOf(after) ? before : undefined
  if (known === undefined && kindOfValue(state) !== kindOf(after)) throw new Refused()
  if (typeof after === 'string') return state
  if ('in' in after) return bringAll(typeof known === 'object' && 'in' in known ? known.in : undefined, after.in, state)
  if (after.length === 0) return state
  const inner = 'list' in after ? after.list : after.map
  const isSeen = typeof known === 'object' && !('in' in known) && known.length > 0
  const old = isSeen ? ('list' in known ? known.list : known.map) : undefined
  if (Array.isArray(state)) return state.map((item: unknown) => bringAll(old, inner, item))
  if (!(state instanceof Map)) return state
  return new Map([...state].map(([key, item]: [unknown, unknown]) => [key, bringAll(old, inner, item)]))
}

function bringAll(before: Fields | undefined, after: Fields, state: unknown): unknown {
  const result = new Map<string, unknown>(Object.entries(isRecord(state) ? state : {}))
  const gone = before === undefined ? [] : Object.keys(before).filter((name) => !(name in after))
  const added = Object.keys(after).filter((name) => before === undefined || !(name in before))
  for (const [name, type] of Object.entries(after)) {
    const alike = gone.filter((old) => seen(before?.[old] ?? 'number') === seen(type))
    const rivals = added.filter((other) => seen(after[other] ?? 'number') === seen(type))
    const [old] = alike
    if (result.has(name)) result.set(name, bringField(before?.[name], type, result.get(name)))
    else if (old !== undefined && alike.length === 1 && rivals.length === 1) {
      result.set(name, result.get(old))
      result.delete(old)
    } else result.set(name, make(type, 5))
  }
  return Object.fromEntries(result)
}

test('[ML5] random shapes and edits: the state is what the rule says, or untouched', async () => {
  const fields = field.map((one): Fields => ({ first: one }))
  const more = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), field, { maxKeys: 4, noNullPrototype: true })
  const edited = fc
    .tuple(fields, more, more, fc.boolean(), fc.nat(3))
    .map(([first, before, after, isSame, length]) => ({
      before: { ...first, ...before },
      // Half of the edits leave most of the fields as they are.
      after: isSame ? { ...first, ...before, ...after } : { ...first, ...after },
      length,
    }))
  await fc.assert(
    fc.asyncProperty(edited, async ({ before, after, length }) => {
      const live = makeAll(before, 70, length)
      const { receipt, state } = await reload(
        module(() => makeAll(before, 1)),
        module(() => makeAll(after, 5)),
        (present: object) => void Object.assign(present, live),
      )
      let expected: unknown
      try {
        expected = bringAll(before, after, makeAll(before, 70, length))
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        expect(receipt?.outcome).toBe('rejected')
        expect(receipt?.migrateStub).toContain('stateVersion: 2')
        expect(state).toEqual(makeAll(before, 70, length))
        return
      }
      expect(receipt?.outcome).toBe('committed')
      expect(state).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})
