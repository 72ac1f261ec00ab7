import { expect, test } from 'vitest'
import { defaultSettings, readSettings, saveSettings } from './saved-settings.ts'

function storage(initial: Record<string, string> = {}): Pick<Storage, 'getItem' | 'setItem'> {
  const entries = new Map(Object.entries(initial))
  return { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => void entries.set(key, value) }
}

test('settings come back as they were saved, each workspace its own', () => {
  const store = storage()
  const settings = {
    ...defaultSettings,
    preset: 'play' as const,
    selectedModule: 'tank',
    expanded: { tank: ['["tanks"]'] },
  }
  saveSettings(store, 'tanks', settings)
  expect(readSettings(store, 'tanks')).toEqual(settings)
  expect(readSettings(store, 'boids')).toEqual(defaultSettings)
})

test('what is not JSON, or not of this shape, counts as never saved', () => {
  expect(readSettings(storage({ 'coppice:workspace:a': '{' }), 'a')).toEqual(defaultSettings)
  expect(readSettings(storage({ 'coppice:workspace:a': '[]' }), 'a')).toEqual(defaultSettings)
  expect(readSettings(storage({ 'coppice:workspace:a': '{"expanded":{"x":7,"y":["p"]},"preset":3}' }), 'a')).toEqual({
    ...defaultSettings,
    expanded: { y: ['p'] },
  })
})

test('a full storage does not throw', () => {
  const full = {
    setItem: () => {
      throw new Error('quota')
    },
  }
  expect(() => saveSettings(full, 'tanks', defaultSettings)).not.toThrow()
})
