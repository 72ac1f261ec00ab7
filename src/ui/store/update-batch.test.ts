import { expect, test } from 'vitest'
import { createUiStore } from './ui-store.ts'
import { type FlushSchedule, UpdateBatch } from './update-batch.ts'

/** A batch whose pictures come when `draw`, or `drawLater`, is called. */
function create(isHeld: () => boolean = () => false) {
  const store = createUiStore({ choice: 'dark', theme: 'dark' })
  const due: { soon?: () => void; later?: () => void } = {}
  const schedule =
    (when: 'soon' | 'later'): FlushSchedule =>
    (flush) => {
      due[when] = flush
      return () => {
        delete due[when]
      }
    }
  const batch = new UpdateBatch(store, { soon: schedule('soon'), later: schedule('later'), isHeld })
  let changes = 0
  store.subscribe(() => changes++)
  return {
    store,
    batch,
    draw: () => due.soon?.(),
    drawLater: () => due.later?.(),
    dues: () => Object.keys(due),
    changes: () => changes,
  }
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
  const { store, batch, draw, dues } = create()
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  store.setState({ isPaletteOpen: true })
  draw()
  expect(store.getState()).toMatchObject({ differingPaths: ['a.ts'], isPaletteOpen: true })
  expect(dues()).toEqual([])
  batch.add(() => ({ differingPaths: [] }))
  expect(dues()).toEqual(['soon'])
})

test('flush applies at once and cancels the picture; dispose forgets', () => {
  const { store, batch, dues, changes } = create()
  batch.add(() => ({ differingPaths: ['a.ts'] }))
  batch.flush()
  expect(store.getState().differingPaths).toEqual(['a.ts'])
  expect(dues()).toEqual([])
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

test('what recurs waits for a later picture, and comes sooner with news, in order', () => {
  const { store, batch, draw, drawLater, dues, changes } = create()
  batch.addRecurring(() => ({ differingPaths: ['a.ts'] }))
  batch.addRecurring((state) => ({ differingPaths: [...state.differingPaths, 'b.ts'] }))
  expect(dues()).toEqual(['later'])
  drawLater()
  expect(store.getState().differingPaths).toEqual(['a.ts', 'b.ts'])
  expect(dues()).toEqual([])
  batch.addRecurring(() => ({ differingPaths: ['c.ts'] }))
  batch.add((state) => ({ differingPaths: [...state.differingPaths, 'd.ts'] }))
  expect(dues()).toEqual(['soon'])
  batch.addRecurring((state) => ({ differingPaths: [...state.differingPaths, 'e.ts'] }))
  expect(dues()).toEqual(['soon'])
  draw()
  expect(store.getState().differingPaths).toEqual(['c.ts', 'd.ts', 'e.ts'])
  expect(changes()).toBe(2)
})
