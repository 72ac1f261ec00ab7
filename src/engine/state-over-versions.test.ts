// A module's state over its versions by shape (ML5), through the whole engine: what a save does to it, and what the receipt says.

import { describe, expect, test } from 'vitest'
import { isRecord } from './definition.ts'
import { TestEngine } from './testing-host.ts'
import { module, reload, tanks, words } from './testing-reload.ts'

describe('by shape', () => {
  test('[ML5] a state whose init gives the same shape stays the very object, whatever its values', async () => {
    const lab = new TestEngine()
    const seen: unknown[] = []
    const process = ({ state }: { state: unknown }): void => void seen.push(state)
    await lab.run({ a: module(() => tanks(3, { hp: 1 }), { process }) })
    await lab.execute('step', 1)
    const [receipt] = await lab.run({ a: module(() => tanks(5, { hp: 2 }), { process }) })
    await lab.execute('step', 1)
    expect(receipt?.stateChanges).toBeUndefined()
    expect(seen[1]).toBe(seen[0])
  })

  test('[ML5] init is not run where nothing it uses changed, and is where a declaration it uses did', async () => {
    let runs = 0
    const init = (): unknown => ({ n: ++runs })
    const text = (process: string, start: number): string =>
      `const start = ${start}\nconst unused = 1\n__vite_ssr_exportDefault__({ init: ${String(init)}, ${process} })\nconst runs = start`
    const lab = new TestEngine()
    const run = (process: string, start: number) => lab.run({ a: { ...module(init), text: text(process, start) } })
    await run('process() {}', 1)
    await run('process() { more() }', 1)
    expect(runs).toBe(1)
    await run('process() { more() }', 2)
    expect(runs).toBe(2)
    expect(await lab.execute('state', 'a')).toEqual({ n: 1 })
  })

  test('[ML5] fields only the new init has are added with its values, to each element', async () => {
    const { receipt, state } = await reload(
      module(() => tanks(2, { hp: 3 })),
      module(() => ({ ...tanks(2, { hp: 3, shield: 100, gun: { ammo: 5 } }), score: 0 })),
      (live: { tanks: object[] }) => live.tanks.push({ hp: 9 }),
    )
    const element = { shield: 100, gun: { ammo: 5 } }
    expect(state).toEqual({
      tanks: [
        { hp: 3, ...element },
        { hp: 3, ...element },
        { hp: 9, ...element },
      ],
      score: 0,
    })
    expect(words(receipt)).toEqual([
      'Added shield: 100 to 3 tanks',
      'Added gun: { ammo: 5 } to 3 tanks',
      'Added score: 0',
    ])
  })

  test('[ML5] added objects belong to one element each', async () => {
    const lab = new TestEngine()
    await lab.run({ a: module(() => tanks(2, { hp: 1 })) })
    const process = ({ state }: { state: { tanks: { gun: { ammo: number } }[] } }): void => {
      const [tank] = state.tanks
      if (tank !== undefined) tank.gun.ammo = 0
    }
    await lab.run({ a: module(() => tanks(2, { hp: 1, gun: { ammo: 5 } }), { process }) })
    await lab.execute('step', 1)
    expect(await lab.execute('state', 'a')).toMatchObject({ tanks: [{ gun: { ammo: 0 } }, { gun: { ammo: 5 } }] })
  })

  test('[ML5] one gone and one new of the same type is a rename and keeps value and place', async () => {
    const { receipt, state } = await reload(
      module(() => ({ ...tanks(2, { id: 0, hp: 3, name: 'x' }), speed: 1 })),
      module(() => ({ ...tanks(2, { id: 0, health: 1, name: 'x' }), speed: 1 })),
      (live: { tanks: { hp: number }[] }) => live.tanks.forEach((tank, index) => (tank.hp = 10 + index)),
    )
    expect(JSON.stringify(state)).toBe(
      '{"tanks":[{"id":0,"health":10,"name":"x"},{"id":0,"health":11,"name":"x"}],"speed":1}',
    )
    expect(words(receipt)).toEqual(['Renamed hp → health in 2 tanks'])
  })

  test('[ML5] two new ones of a type are no rename: added, and what is gone stays and is listed', async () => {
    const { receipt, state } = await reload(
      module(() => ({ hp: 3, name: 'x' })),
      module(() => ({ health: 1, shield: 2, name: 'x' })),
    )
    expect(state).toEqual({ hp: 3, health: 1, shield: 2, name: 'x' })
    expect(words(receipt)).toEqual(['Added health: 1', 'Added shield: 2', 'Kept unused field hp'])
  })

  test('[ML5] fields gone stay by reference, and come back as they are', async () => {
    const { lab, receipt, state } = await reload(
      module(() => tanks(1, { hp: 3, armour: 7 })),
      module(() => tanks(1, { hp: 3 })),
      (live: { tanks: { armour: number }[] }) => live.tanks.forEach((tank) => (tank.armour = 1)),
    )
    expect(state).toEqual(tanks(1, { hp: 3, armour: 1 }))
    expect(receipt?.stateChanges).toMatchObject([
      { kind: 'kept', path: 'tanks[].armour', words: 'Kept unused field armour of tanks' },
    ])
    const [back] = await lab.run({ tank: module(() => tanks(1, { hp: 3, armour: 7 })) })
    expect(back?.stateChanges).toBeUndefined()
    expect(await lab.execute('state', 'tank')).toEqual(tanks(1, { hp: 3, armour: 1 }))
  })

  test('[ML5] through nested objects, maps, sets and arrays of arrays', async () => {
    const { state, receipt } = await reload(
      module(() => ({
        player: { pos: { x: 0, y: 0 } },
        byId: new Map([['a', { hp: 1 }]]),
        cells: [[{ v: 0 }]],
        marks: new Set([{ at: 1 }]),
      })),
      module(() => ({
        player: { pos: { x: 0, y: 0, z: 5 } },
        byId: new Map([['a', { hp: 1, shield: 2 }]]),
        cells: [[{ v: 0, w: 1 }]],
        marks: new Set([{ at: 1, of: 'all' }]),
      })),
      (live: { byId: Map<string, object>; cells: object[][] }) => {
        live.byId.set('b', { hp: 7 })
        live.cells.push([{ v: 3 }, { v: 4 }])
      },
    )
    expect(state).toEqual({
      player: { pos: { x: 0, y: 0, z: 5 } },
      byId: new Map([
        ['a', { hp: 1, shield: 2 }],
        ['b', { hp: 7, shield: 2 }],
      ]),
      cells: [
        [{ v: 0, w: 1 }],
        [
          { v: 3, w: 1 },
          { v: 4, w: 1 },
        ],
      ],
      marks: new Set([{ at: 1, of: 'all' }]),
    })
    expect(words(receipt)).toEqual([
      'Added player.pos.z: 5',
      'Added shield: 2 to 2 elements of byId',
      'Added w: 1 to 3 cells',
      'Added of: "all" to 1 element of marks',
    ])
  })

  test('[ML5] [ML7] instances of classes, known by name, also those that extend them', async () => {
    const lab = new TestEngine()
    const first = (_: unknown, { classes }: { classes: (...all: (new () => object)[]) => void }) => {
      class Tank {
        hp = 3
      }
      class Heavy extends Tank {
        armour = 1
      }
      classes(Tank, Heavy)
      const process = ({ state }: { state: { tanks: object[] } }): void => void state.tanks.push(new Heavy())
      return { default: { init: () => ({ tanks: [new Tank()] }), process } }
    }
    const second = (_: unknown, { classes }: { classes: (...all: (new () => object)[]) => void }) => {
      class Tank {
        hp = 3
        shield = 100
        get total(): number {
          return this.hp + this.shield
        }
      }
      class Heavy extends Tank {
        armour = 1
      }
      classes(Tank, Heavy)
      const expose = (state: { tanks: Tank[] }): unknown =>
        state.tanks.map((tank) => [tank.total, tank instanceof Tank])
      const query = (state: { tanks: Tank[] }): unknown => expose(state)
      return { default: { init: () => ({ tanks: [new Tank()] }), process: () => undefined, query } }
    }
    await lab.run({ a: { code: first } })
    await lab.execute('step', 1)
    const [receipt] = await lab.run({ a: { code: second } })
    expect(words(receipt)).toEqual(['Added shield: 100 to 2 tanks'])
    expect(await lab.execute('query', 'a', undefined)).toEqual([
      [103, true],
      [103, true],
    ])
  })

  test('[ML5] arrays that are empty in init: nothing is known of the new, what is missing is added for the old', async () => {
    const empty = await reload(
      module(() => ({ tanks: [{ hp: 1 }] })),
      module(() => ({ tanks: [] })),
    )
    expect(empty.state).toEqual({ tanks: [{ hp: 1 }] })
    expect(empty.receipt?.stateChanges).toBeUndefined()
    const filled = await reload(
      module(() => ({ tanks: [] as object[] })),
      module(() => ({ tanks: [{ hp: 3, shield: 1 }] })),
      (live: { tanks: object[] }) => live.tanks.push({ hp: 9 }),
    )
    expect(filled.state).toEqual({ tanks: [{ hp: 9, shield: 1 }] })
    const misfit = await reload(
      module(() => ({ tanks: [] as object[] })),
      module(() => ({ tanks: [{ hp: 3 }] })),
      (live: { tanks: object[] }) => live.tanks.push({ hp: 'full' }),
    )
    expect(misfit.receipt).toMatchObject({ outcome: 'rejected', stateDifferences: [{ path: 'tanks[].hp' }] })
  })

  test('[ML5] typed arrays go by kind; another length keeps the data and is said', async () => {
    const { state, receipt } = await reload(
      module(() => ({ heights: new Float32Array([1, 2]) })),
      module(() => ({ heights: new Float32Array(4) })),
    )
    expect(state).toEqual({ heights: new Float32Array([1, 2]) })
    expect(words(receipt)).toEqual(['heights stays as long as it is: its length in `init`, 2 → 4, applies at reset'])
    const other = await reload(
      module(() => ({ heights: new Float32Array(2) })),
      module(() => ({ heights: new Float64Array(2) })),
    )
    expect(other.receipt?.stateDifferences).toEqual([
      { module: 'tank', path: 'heights', from: 'Float32Array', to: 'Float64Array' },
    ])
  })

  test('[ML5] elements that are not alike are left alone, and it is said', async () => {
    const { state, receipt } = await reload(
      module(() => ({ things: [{ hp: 1 }, { mass: 2 }] })),
      module(() => ({ things: [{ hp: 1, z: 0 }, { mass: 2 }] })),
    )
    expect(state).toEqual({ things: [{ hp: 1 }, { mass: 2 }] })
    expect(words(receipt)[0]).toMatch(/^What `init` changed in things applies at reset/)
  })

  test('[ML5] values that changed in init apply at reset, and the receipt says so', async () => {
    const init =
      (speed: number) =>
      ({ random }: { random: () => number }): unknown => ({ speed, start: random(), many: [speed] })
    const { lab, receipt, state } = await reload(module(init(5)), module(init(25)))
    expect(receipt?.stateChanges).toMatchObject([
      { kind: 'kept', path: '', detail: 'Values changed in `init` apply at reset: speed 5 → 25' },
    ])
    expect(state).toMatchObject({ speed: 5 })
    await lab.execute('reset')
    expect(await lab.execute('state', 'tank')).toMatchObject({ speed: 25 })
  })

  test('[ML5] init run for its shape leaves no trace: nothing logged, the numbers of a reset, the new configuration', async () => {
    const lab = new TestEngine()
    const seen: unknown[] = []
    const init =
      (fields: object) =>
      ({ config, random }: { config: { count: number }; random: () => number }): unknown => {
        seen.push([config.count, random()])
        return { n: 0, ...fields }
      }
    const code = (fields: object) => (globals: Readonly<Record<string, unknown>>) => {
      const made = init(fields)
      const logging = (context: never): unknown => {
        const { console: shadow } = globals
        if (isRecord(shadow) && typeof shadow['log'] === 'function') Reflect.apply(shadow['log'], shadow, ['init runs'])
        return made(context)
      }
      return { default: { config: { count: 1 }, init: logging, process: () => undefined } }
    }
    const lines = () => lab.execute('logs', { text: 'init runs' })
    await lab.run({ a: { code: code({}) } })
    await lab.execute('step', 5)
    await lab.run({ a: { code: code({}), manifest: { config: { count: 7 } } } })
    expect(JSON.stringify(await lines()).match(/init runs/g)).toHaveLength(1)
    expect(seen).toHaveLength(2)
    await lab.execute('reset')
    expect(seen[2]).toEqual(seen[1])
    expect(seen[1]).toEqual([7, expect.any(Number)])
  })
})
