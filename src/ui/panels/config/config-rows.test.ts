import { expect, test } from 'vitest'
import type { ConfigView } from '../../../protocol/config.ts'
import { changesAt, configEntries, liveCount, withValue } from './config-rows.ts'

const view: ConfigView = {
  layers: {
    defaults: { speed: 5, enemy: { hp: 1, tint: '#ff0000' } },
    file: { enemy: { hp: 2 } },
    manifest: { speed: 7 },
    live: { enemy: { tint: '#00ff00' } },
  },
  values: { speed: 7, enemy: { hp: 2, tint: '#00ff00' } },
  initOnly: [['enemy', 'hp']],
  places: { file: { 'enemy.hp': 3 }, manifest: { speed: 9 } },
}

test('each value is a row that says where it comes from; an object is a heading over its own', () => {
  const rows = configEntries('tank', 'tank.ts', view)
  expect(
    rows.map(({ id, isHeading, value, source, isInitOnly }) => [id, isHeading, value, source.label, isInitOnly]),
  ).toEqual([
    ['speed', false, 7, 'engine.json', false],
    ['enemy', true, undefined, 'live', false],
    ['enemy.hp', false, 2, 'file:3', true],
    ['enemy.tint', false, '#00ff00', 'live', false],
  ])
  expect(rows[3]?.below).toBe('#ff0000')
  expect(rows[2]?.source.place).toEqual({ file: 'config/tank.json', line: 3 })
})

test('live values are counted one by one', () => {
  expect(liveCount(view)).toBe(1)
  const live = { a: 1, b: { c: 1, d: [] } }
  expect(liveCount({ ...view, layers: { ...view.layers, live } })).toBe(3)
})

test('a change keeps the order of the rows', () => {
  expect(changesAt(['enemy', 'hp'], 9)).toEqual({ enemy: { hp: 9 } })
  const changed = withValue(view.values, ['enemy', 'hp'], 9)
  expect(JSON.stringify(changed)).toBe('{"speed":7,"enemy":{"hp":9,"tint":"#00ff00"}}')
})
