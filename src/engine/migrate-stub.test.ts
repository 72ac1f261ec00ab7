import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRecord } from './definition.ts'
import { migrateStub } from './migrate-stub.ts'
import { compareShapes } from './state-plan.ts'
import { shapeOf } from './state-shape.ts'

class Tank {
  hp: unknown = 3
}
const names = (prototype: object): string | undefined => (prototype === Tank.prototype ? 'Tank' : undefined)

function stub(before: unknown, after: unknown, language: 'typescript' | 'javascript' = 'javascript'): string {
  const comparison = compareShapes(shapeOf(before, names), shapeOf(after, names), after)
  return migrateStub({ ...comparison, fromVersion: 1, toVersion: 2, language })
}

/** Runs the text as a module would. */
async function migrate(text: string, old: unknown, fromVersion = 1): Promise<unknown> {
  const source = `export const definition = {\n${text}}`
  const loaded: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)
  const definition = isRecord(loaded) ? loaded['definition'] : undefined
  const run = isRecord(definition) ? definition['migrate'] : undefined
  if (typeof run !== 'function') throw new Error('no migrate')
  return Reflect.apply(run, undefined, [old, fromVersion])
}

test('[ML5] the stub says what changed, field by field', () => {
  const before = { tanks: [{ hp: 3, x: 0, armour: true }], byId: new Map([[1, { v: 1 }]]), names: ['a'] }
  const after = { tanks: [{ hp: 'full', y: 0, gun: { ammo: 3 } }], byId: new Map([[1, { v: 'x' }]]), names: [1] }
  expect(stub(before, after, 'typescript')).toBe(`  stateVersion: 2,
  // From a state of another version to this one. \`old\` is a copy; throw to refuse it.
  migrate: (old: any, fromVersion) => {
    if (fromVersion !== 1) throw new Error(\`there is no way here from version \${fromVersion}\`)
    for (const tank of old.tanks) {
      tank.hp = String(tank.hp) // was number
      tank.y = tank.x
      delete tank.x
      tank.gun = { ammo: 3 }
    }
    for (const byIdItem of old.byId.values()) {
      byIdItem.v = String(byIdItem.v) // was number
    }
    old.names = old.names.map((item: any) => Number(item))
    // no longer in init: tanks[].armour
    return old
  },
`)
})

test('[ML5] it runs: converted, renamed, added; other versions are refused', async () => {
  const before = { tanks: [new Tank()], size: 1, list: ['1'], flags: new Set([1]), 'two words': 1 }
  const tank = new Tank()
  tank.hp = 'full'
  const after = { tanks: [tank], size: 'big', list: [1], flags: new Set(['a']), 'two words': 'x', "it's": "a 'b'" }
  const live = { ...before, tanks: [new Tank(), new Tank()], list: ['4', '5'] }
  const text = stub(before, after)
  const migrated = await migrate(text, live)
  expect(migrated).toEqual({
    tanks: [expect.objectContaining({ hp: '3' }), expect.objectContaining({ hp: '3' })],
    size: '1',
    list: [4, 5],
    flags: new Set(['1']),
    'two words': '1',
    "it's": "a 'b'",
  })
  await expect(migrate(text, live, 7)).rejects.toThrow('there is no way here from version 7')
})

test('[ML5] a state that is itself another thing', async () => {
  expect(await migrate(stub([1], new Set([1])), [1, 2])).toEqual(new Set([1, 2]))
  expect(await migrate(stub(1, 'x'), 4)).toBe('4')
})

test('[ML5] what can not be said in a line is left to fill in', () => {
  expect(stub({ a: 1 }, { a: 1, tank: new Tank() })).toContain('old.tank = undefined /* fill in: as in init */')
  expect(stub({ a: 1 }, { a: { b: 1 } })).toContain('old.a = old.a /* make it { b } */ // was number')
})

const leaf = fc.constantFrom<unknown>(0, 'x', true)
const record = fc.dictionary(fc.constantFrom('a', 'b', 'class', 'two words', '7'), leaf, { noNullPrototype: true })
const init = fc.record({
  one: record,
  tanks: fc.tuple(record).map((all): unknown => all),
  byId: record.map((one) => new Map([[1, one]])),
  nested: fc.tuple(record).map((all) => [[all[0]]]),
})

test('[ML5] of flat differences, the stub makes a state of the new shape, but for fields no longer used', async () => {
  await fc.assert(
    fc.asyncProperty(init, init, async (before, after) => {
      const migrated = await migrate(stub(before, after), structuredClone(before))
      const { plan } = compareShapes(shapeOf(migrated, names), shapeOf(after, names), after)
      expect(plan).toBeUndefined()
    }),
    { numRuns: 150 },
  )
})
