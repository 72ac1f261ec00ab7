import { expect, test } from 'vitest'
import { createUiStore } from './ui-store.ts'
import { UpdateBatch } from './update-batch.ts'

/** A batch whose picture comes when `draw` is called. */
function create(isHeld?: () => boolean) {
  const store = createUiStore({ choice: 'dark', theme: 'dark' })
  let due: (() => void) | undefined
  const batch = new UpdateBatch(
    store,
    (flush) => {
      due = flush
      return () => {
        due = undefined
      }
    },
    isHeld,
  )
  let changes = 0
  store.subscribe(() => changes++)
  return { store, batch, draw: () => due?.(), isDue: () => due !== undefined, changes: () => changes }
}

test('updates between two pictures change the store once, each seeing the ones before it', () => {
  const { store, batch, draw, changes } = create()
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  batch.add((state) => ({ differingPaths: [...state.differingPaths, 'b.ts'] }))
  expect(store.getState().differingPaths).toEqual([])
  draw()
  expect(store.getState().differingPaths).toEqual(['a.ts', 'b.ts'])
  expect(changes()).toBe(1)
})

test('what others changed meanwhile is kept, and the next update is scheduled anew', () => {
  const { store, batch, draw, isDue } = create()
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  store.setState({ isPaletteOpen: true })
  draw()
  expect(store.getState()).toMatchObject({ differingPaths: ['a.ts'], isPaletteOpen: true })
  expect(isDue()).toBe(false)
  batch.add(() => ({ differingPaths: [] }))
  expect(isDue()).toBe(true)
})

test('flush applies at once and cancels the picture; dispose forgets', () => {
  const { store, batch, isDue, changes } = create()
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  batch.flush()
  expect(store.getState().differingPaths).toEqual(['a.ts'])
  expect(isDue()).toBe(false)
  batch.add(() => ({ differingPaths: [] }))
  batch.dispose()
  batch.flush()
  expect(store.getState().differingPaths).toEqual(['a.ts'])
  expect(changes()).toBe(1)
})

test('pictures that are held bring nothing, the first after them brings all', () => {
  let isHeld = true
  const { store, batch, draw, changes } = create(() => isHeld)
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  draw()
  batch.add((state) => ({ differingPaths: [...state.differingPaths, 'b.ts'] }))
  draw()
  expect(changes()).toBe(0)
  isHeld = false
  draw()
  expect(store.getState().differingPaths).toEqual(['a.ts', 'b.ts'])
  expect(changes()).toBe(1)
})
