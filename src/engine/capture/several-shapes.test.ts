import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { hashOf, Lab, Tank } from './fixtures/capture-lab.ts'

interface Entity {
  x: number
  [key: string]: unknown
}

/** As programs have them: a kind of thing each, with keys of its own, in an order of its own. */
const kinds: readonly ((i: number) => Entity)[] = [
  (i) => ({ x: i / 3, y: -i, name: `n${i}` }),
  (i) => ({ x: i / 3, y: -i, name: `n${i}`, target: i }),
  (i) => ({ y: -i, x: i / 3, name: `n${i}` }),
  (i) => ({ x: i, pos: { x: i, y: 1 }, velocity: { x: 0, y: i } }),
  (i) => ({ x: i, pos: { x: i, y: 1 }, life: i % 2 === 0 ? null : { x: 1, y: 2 } }),
  (i) => Object.assign(Object.create(Tank.prototype), { hp: i, x: i }),
]
const entityOf = (kind: number, i: number): Entity => kinds[kind % kinds.length]?.(i) ?? { x: i }
const listOf = (count: number, kindCount: number): Entity[] =>
  Array.from({ length: count }, (_, i) => entityOf(i % kindCount, i))

describe('[HS1] lists of objects of several shapes', () => {
  test.each([
    ['two shapes', 2],
    ['all shapes', kinds.length],
  ])('%s come back in order, and stay small', (_, kindCount) => {
    const lab = new Lab(4 * 2 ** 20)
    const list = listOf(1000, kindCount)
    for (let frame = 0; frame < 5; frame++) {
      for (const entity of list) entity.x += 0.5
      expect(lab.check({ list })).toEqual({ list })
    }
    // A word a value and a byte an item, no more: objects with records of their own take more than twice of that.
    expect(lab.store.lastWords).toBeLessThan(1000 * 7)
  })

  test('a shape that few have joins the rows when there are many', () => {
    const lab = new Lab(4 * 2 ** 20)
    const list = listOf(200, 1)
    const words: number[] = []
    for (let frame = 0; frame < 100; frame++) {
      list.push(entityOf(frame % 10 === 0 ? 1 : 0, frame))
      lab.check({ list })
      words.push(lab.store.lastWords)
    }
    // Never a jump: the cells of few, then rows.
    for (const [frame, now] of words.entries()) expect(now - (words[frame - 1] ?? now)).toBeLessThan(200)
  })

  test('nulls, holes and values of other kinds among objects', () => {
    const lab = new Lab()
    const slots: unknown[] = listOf(100, 3)
    for (let frame = 0; frame < 40; frame++) {
      slots[(frame * 7) % 100] = frame % 3 === 0 ? null : entityOf(frame, frame)
      if (frame % 5 === 0) Reflect.deleteProperty(slots, (frame * 11) % 100)
      if (frame % 8 === 0) slots[(frame * 13) % 100] = [undefined, 'x', 7, new Map([[1, 2]])][(frame / 8) % 4]
      const copy = lab.check({ slots })
      for (const index of slots.keys()) expect(index in copy.slots).toBe(index in slots)
    }
  })

  test('the same objects again, others of the other values: −0 for 0, undefined for a hole, null for an object', () => {
    const lab = new Lab()
    const slots: unknown[] = [...listOf(100, 2), 0, 'x', null]
    slots.length = 110
    const edits = [
      () => {},
      () => (slots[100] = -0),
      () => (slots[105] = undefined),
      () => (slots[7] = null),
      () => (slots[101] = 'y'),
      () => Reflect.deleteProperty(slots, 105),
    ]
    for (const edit of edits) {
      edit()
      for (let frame = 0; frame < 2; frame++) {
        const copy = lab.check({ slots })
        expect(Object.is(copy.slots[100], slots[100])).toBe(true)
        expect(105 in copy.slots).toBe(105 in slots)
      }
    }
  })

  test('the same objects again, in other shapes', () => {
    const lab = new Lab()
    const list = listOf(120, 2)
    for (let frame = 0; frame < 40; frame++) {
      const entity = list[(frame * 7) % 120] ?? { x: 0 }
      if (frame % 4 === 1) Reflect.deleteProperty(entity, 'target')
      if (frame % 4 === 2) entity['target'] = frame
      if (frame % 4 === 3) Reflect.setPrototypeOf(entity, Tank.prototype)
      expect(lab.check({ list })).toEqual({ list })
    }
  })

  test('a list that begins with null', () => {
    const lab = new Lab()
    const slots: (Entity | null)[] = [null, ...listOf(60, 1), null]
    for (let frame = 0; frame < 3; frame++) expect(lab.check({ slots })).toEqual({ slots })
    expect(lab.store.lastWords).toBeLessThan(400)
  })

  test('objects of a list that stand in another list too, or twice in their own, stay one', () => {
    const lab = new Lab()
    const list = listOf(100, 2)
    const state = { near: list.slice(10, 40), list: [...list, list[3]], far: list.filter((_, i) => i % 3 === 0) }
    for (let frame = 0; frame < 70; frame++) {
      if (frame % 10 === 9) state.near = list.slice(frame % 50, (frame % 50) + 30)
      const copy = lab.check(state)
      expect(copy.list[100]).toBe(copy.list[3])
      expect(copy.far[1]).toBe(copy.list[3])
      expect(copy.near[0]).toBe(copy.list[list.indexOf(state.near[0] ?? { x: 0 })])
    }
  })

  test('a list of some of another one’s objects, made anew in every frame, leaves that one in its rows', () => {
    const lab = new Lab()
    const list = listOf(300, 1)
    const state = { list, visible: list.slice(0, 0), selected: list[5] }
    for (let frame = 0; frame < 140; frame++) {
      state.visible = list.filter((_, i) => (i + frame) % 3 === 0)
      state.selected = list[(frame * 7) % 300]
      const copy = lab.check(state)
      expect(copy.visible.every((item) => copy.list.includes(item))).toBe(true)
      expect(lab.store.lastWords).toBeLessThan(300 * 3 + 100 * 2 + 300)
    }
  })

  test('one object in a field of all of them', () => {
    const lab = new Lab()
    const goal = { x: 1, y: 2 }
    const list: { x: number; goal: object }[] = Array.from({ length: 50 }, (_, i) => ({ x: i, goal: { x: i, y: 1 } }))
    lab.check({ list })
    for (const item of list) item.goal = goal
    for (let frame = 0; frame < 3; frame++) {
      const copy = lab.check({ list })
      expect(new Set(copy.list.map((item) => item.goal)).size).toBe(1)
    }
  })

  test('ids that climb are taken as proof only where they do', () => {
    const lab = new Lab()
    const list = Array.from({ length: 60 }, (_, id) => ({ id, group: id % 3 }))
    for (let frame = 0; frame < 4; frame++) {
      const copies = list.map((item) => ({ ...item }))
      const [first, second] = copies
      if (frame > 1 && first !== undefined) copies.push(first)
      if (frame > 2 && second !== undefined) copies[40] = second
      const copy = lab.check({ list: copies })
      expect(new Set(copy.list).size).toBe([60, 60, 60, 59][frame])
    }
  })

  test('equal objects are no aliases', () => {
    const lab = new Lab()
    for (let frame = 0; frame < 3; frame++) {
      const list = Array.from({ length: 300 }, () => ({ x: NaN, y: 0, inner: { z: 0 }, empty: {} }))
      const copy = lab.check({ list })
      expect(new Set(copy.list.flatMap((item) => [item, item.inner, item.empty])).size).toBe(900)
    }
  })
})

describe('[HS1] spawned, removed, moved, replaced', () => {
  const number = fc.nat({ max: 1000 })
  const step = fc.tuple(fc.nat({ max: 16 }), number, number)

  /** One thing that programs do to their lists. */
  function change(
    state: { list: Entity[]; [key: string]: unknown },
    [what, a, b]: readonly [number, number, number],
  ): void {
    const { list } = state
    const index = a % (list.length + 1)
    const item = list[index]
    const other = list[b % (list.length + 1)]
    switch (what) {
      case 0:
        list.push(...Array.from({ length: a % 30 }, (_, i) => entityOf(b + i, i)))
        return
      case 1:
        list.splice(index, b % 40)
        return
      case 2: {
        const last = list.pop()
        if (last !== undefined && index < list.length) list[index] = last
        return
      }
      case 3:
        state.list = list.filter((_, i) => i % 7 !== a % 7)
        return
      case 4:
        state.list = list.map((entity) => Object.assign(Object.create(Reflect.getPrototypeOf(entity)), entity))
        return
      case 5:
        list.sort((left, right) => ((left.x * (a + 1)) % 17) - ((right.x * (a + 1)) % 17))
        return
      case 6:
        for (const [i, entity] of list.entries()) if (i % 9 === a % 9) entity['fuel'] = b
        return
      case 7:
        for (const [i, entity] of list.entries()) if (i % 9 === a % 9) Reflect.deleteProperty(entity, 'fuel')
        return
      case 8:
        if (item === undefined) return
        Reflect.deleteProperty(item, 'x')
        item.x = b
        return
      case 9:
        for (const entity of list) if (typeof entity['pos'] === 'object') entity['pos'] = { x: b, y: a }
        return
      case 10:
        if (item !== undefined && other !== undefined) item['pos'] = other['pos']
        return
      case 11:
        state['selected'] = item
        return
      case 12:
        state['visible'] = list.filter((_, i) => i % 3 === a % 3)
        return
      case 13:
        if (other !== undefined) list[index] = other
        return
      case 14:
        Reflect.deleteProperty(state, 'visible')
        return
      case 15:
        list.splice(index, 0, ...Array.from({ length: 1 + (b % 30) }, (_, i) => entityOf(b + i, i)))
        return
      default:
        state['byName'] = new Map(list.map((entity, i) => [i, entity['pos'] ?? entity]))
        if (b % 2 === 0) Reflect.deleteProperty(state, 'byName')
    }
  }

  test('hash equal at every frame, aliases included', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.array(step, { minLength: 5, maxLength: 40 }), (kindCount, steps) => {
        const lab = new Lab(4 * 2 ** 20)
        const state = { list: listOf(120, kindCount + 1) }
        lab.check(state)
        for (const one of steps) {
          change(state, one)
          for (const entity of state.list) entity.x += 0.25
          expect(hashOf(lab.capture(state))).toBe(hashOf(state))
        }
      }),
      { numRuns: Number(process.env['CAPTURE_RUNS'] ?? 100) },
    )
  })
})
