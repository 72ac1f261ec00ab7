import { describe, expect, test } from 'vitest'
import { hashOf, Heavy, isObjectLike, known, Lab, Tank } from './fixtures/capture-lab.ts'

describe('[HS1] what is seen late, and how late', () => {
  const twin: object = Object.create(Tank.prototype)
  const classNameOf = (value: unknown): string | undefined =>
    known.get(typeof value === 'object' && value !== null ? (Reflect.getPrototypeOf(value) ?? {}) : {})

  test.each([
    ['another prototype with the same constructor, in rows', 64, 16, [0, 15]],
    ['the same in many rows', 64, 1000, [0, 1, 499, 998, 999]],
    ['the same outside of rows', 64, 5, [0, 4]],
  ] as const)('%s, within %i captures', (_, bound, count, places) => {
    known.set(twin, 'a.ts#Twin')
    for (const place of places) {
      for (const framesBefore of [1, 7, 30]) {
        const lab = new Lab()
        const tanks = Array.from({ length: count }, () => new Tank())
        for (let frame = 0; frame < framesBefore; frame++) lab.check({ tanks })
        Reflect.setPrototypeOf(tanks[place] ?? {}, twin)
        let late = 0
        const isSeen = (): boolean => {
          const copy = lab.capture({ tanks })
          expect(hashOf(copy)).toBe(hashOf({ tanks }))
          const items: unknown = isObjectLike(copy) ? Reflect.get(Object(copy), 'tanks') : undefined
          return Array.isArray(items) && classNameOf(items[place]) === 'a.ts#Twin'
        }
        while (!isSeen()) late++
        expect(late).toBeLessThan(bound)
        for (let frame = 0; frame < 3; frame++) expect(isSeen()).toBe(true)
      }
    }
    known.delete(twin)
  })

  test('a key added to an object of a long list; and captures that lack it are dropped', () => {
    for (const place of [0, 4095, 4096, 9999]) {
      const lab = new Lab(8 * 2 ** 20)
      const tanks: object[] = Array.from({ length: 10_000 }, () => new Tank())
      for (let frame = 0; frame < 3; frame++) lab.capture({ tanks })
      const before = lab.frame
      Reflect.set(tanks[place] ?? {}, 'fuel', 1)
      const isSeen = (): boolean => hashOf(lab.capture({ tanks })) === hashOf({ tanks })
      let late = 0
      while (!isSeen()) late++
      expect(late).toBeLessThan(3)
      // Of the captures since only good ones are left.
      const wrong = lab.store.moments.filter(({ frame }) => frame > before && frame <= before + late)
      expect(wrong).toEqual([])
      expect(isSeen()).toBe(true)
    }
  })

  test.each([
    ['a key deleted', (tank: object) => Reflect.deleteProperty(tank, 'any')],
    ['a value of another type', (tank: object) => Reflect.set(tank, 'hp', 'x')],
    ['another class', (tank: object) => Reflect.setPrototypeOf(tank, Heavy.prototype)],
  ])('but not, of a long list: %s', (_, edit) => {
    for (const place of [0, 5000, 9999]) {
      const lab = new Lab(8 * 2 ** 20)
      const tanks = Array.from({ length: 10_000 }, (_, i) =>
        Object.assign(new Tank(), { any: i % 2 === 0 ? undefined : i }),
      )
      for (let frame = 0; frame < 3; frame++) lab.capture({ tanks })
      edit(tanks[place] ?? {})
      expect(hashOf(lab.capture({ tanks }))).toBe(hashOf({ tanks }))
    }
  })

  test('a symbol on an object that is known, within 64 captures', () => {
    const lab = new Lab()
    const state = { one: { x: 1 } }
    for (let frame = 0; frame < 20; frame++) lab.check(state)
    Reflect.set(state.one, Symbol('late'), 1)
    expect(() => {
      for (let frame = 0; frame < 64; frame++) lab.capture(state)
    }).toThrow('state.one has the symbol key')
  })
})
