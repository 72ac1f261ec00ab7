// Where a pointer is in the view. What needs a page is tested in one (e2e).

import { expect, it } from 'vitest'
import { toViewUnits } from './device-input.ts'

const view = { width: 1280, height: 720, fit: 'contain' } as const

it('the pointer is in units of the view, the bands beside the picture are outside', () => {
  const box = { left: 100, top: 50, width: 640, height: 560 }
  expect(toViewUnits({ clientX: 100, clientY: 150 }, box, view)).toEqual({ x: 0, y: 0, isInside: true })
  expect(toViewUnits({ clientX: 420, clientY: 330 }, box, view)).toEqual({ x: 640, y: 360, isInside: true })
  expect(toViewUnits({ clientX: 420, clientY: 60 }, box, view)).toMatchObject({ y: -180, isInside: false })
})

it('a view that follows its panel has no bands', () => {
  const box = { left: 0, top: 0, width: 500, height: 400 }
  expect(toViewUnits({ clientX: 250, clientY: 100 }, box, { width: 1000, height: 400, fit: 'panel' })).toEqual({
    x: 500,
    y: 100,
    isInside: true,
  })
})

it('a box without a size gives finite places', () => {
  const place = toViewUnits({ clientX: 5, clientY: 5 }, { left: 0, top: 0, width: 0, height: 0 }, view)
  expect(Number.isFinite(place.x) && Number.isFinite(place.y)).toBe(true)
})
