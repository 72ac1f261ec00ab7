// The row of open files as values: order, front, names.

import { expect, test } from 'vitest'
import { addTab, closeTabs, cycleTab, moveTab, noTabs, openTab, renameTab, tabLabel } from './tab-list.ts'

const three = { paths: ['a.ts', 'b.ts', 'c.ts'], active: 'b.ts' }

test('a new tab stands right of the one in front and comes to the front; an open one only comes to the front', () => {
  expect(openTab(noTabs, 'a.ts')).toEqual({ paths: ['a.ts'], active: 'a.ts' })
  expect(openTab(three, 'd.ts')).toEqual({ paths: ['a.ts', 'b.ts', 'd.ts', 'c.ts'], active: 'd.ts' })
  expect(openTab(three, 'c.ts')).toEqual({ ...three, active: 'c.ts' })
  expect(openTab(three, 'b.ts')).toBe(three)
})

test('a tab added in the background leaves the front as it is', () => {
  expect(addTab(three, 'd.ts').active).toBe('b.ts')
  expect(addTab(noTabs, 'd.ts').active).toBe('d.ts')
})

test('closing the one in front brings its right neighbour, else its left one', () => {
  expect(closeTabs(three, ['b.ts'])).toEqual({ paths: ['a.ts', 'c.ts'], active: 'c.ts' })
  expect(closeTabs({ ...three, active: 'c.ts' }, ['c.ts'])).toEqual({ paths: ['a.ts', 'b.ts'], active: 'b.ts' })
  expect(closeTabs(three, ['a.ts'])).toEqual({ paths: ['b.ts', 'c.ts'], active: 'b.ts' })
  expect(closeTabs(three, three.paths)).toEqual({ paths: [], active: undefined })
  expect(closeTabs(three, ['x.ts'])).toBe(three)
})

test('tabs move before another or to the end', () => {
  expect(moveTab(three, 'c.ts', 'a.ts').paths).toEqual(['c.ts', 'a.ts', 'b.ts'])
  expect(moveTab(three, 'a.ts', undefined).paths).toEqual(['b.ts', 'c.ts', 'a.ts'])
  expect(moveTab(three, 'x.ts', 'a.ts')).toBe(three)
})

test('going about the tabs goes around the ends', () => {
  expect(cycleTab(three, 1).active).toBe('c.ts')
  expect(cycleTab(three, 2).active).toBe('a.ts')
  expect(cycleTab({ ...three, active: 'a.ts' }, -1).active).toBe('c.ts')
  expect(cycleTab(noTabs, 1)).toBe(noTabs)
})

test('a renamed file keeps its place', () => {
  expect(renameTab(three, 'b.ts', 'tank.ts')).toEqual({ paths: ['a.ts', 'tank.ts', 'c.ts'], active: 'tank.ts' })
})

test('files of one name are told apart by their folder', () => {
  const tabs = { paths: ['map/index.ts', 'tank/index.ts', 'main.ts'], active: undefined }
  expect(tabs.paths.map((path) => tabLabel(tabs, path))).toEqual(['map/index.ts', 'tank/index.ts', 'main.ts'])
  expect(tabLabel({ paths: ['src/deep/main.ts'], active: undefined }, 'src/deep/main.ts')).toBe('main.ts')
})
