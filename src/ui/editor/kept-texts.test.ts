// What outlives the page, in a storage of the test's own.

import { expect, test } from 'vitest'
import { contentHash } from '../../protocol/values.ts'
import type { KeyValueStorage } from './kept-texts.ts'
import { KeptTexts } from './kept-texts.ts'

const memoryStorage = (limit = Infinity): KeyValueStorage => {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError')
      items.set(key, value)
    },
    removeItem: (key) => void items.delete(key),
  }
}

test('[WS2] unsaved texts are found again, by workspace and path', () => {
  const storage = memoryStorage()
  const kept = new KeptTexts(storage, '/home/tanks')
  expect(kept.keepText('tank.ts', { text: 'mine', base: contentHash('a') })).toBe(true)
  kept.keepText('new.ts', { text: 'no base', base: undefined })
  kept.dropText('gone.ts')
  new KeptTexts(storage, '/home/other').keepText('tank.ts', { text: 'theirs', base: undefined })
  expect([...new KeptTexts(storage, '/home/tanks').texts()]).toEqual([
    ['tank.ts', { text: 'mine', base: 'a' }],
    ['new.ts', { text: 'no base', base: undefined }],
  ])
  kept.dropText('tank.ts')
  expect([...kept.texts().keys()]).toEqual(['new.ts'])
})

test('tabs and cursors are found again; a workspace never seen has none', () => {
  const storage = memoryStorage()
  const layout = {
    tabs: { paths: ['a.ts', 'b.ts'], active: 'b.ts' },
    views: { 'a.ts': { line: 3, column: 1, scrollTop: 40, scrollLeft: 0 } },
  }
  expect(new KeptTexts(storage, '/w').layout()).toBeUndefined()
  new KeptTexts(storage, '/w').keepLayout(layout)
  expect(new KeptTexts(storage, '/w').layout()).toEqual(layout)
})

test('what can’t be read is as if it were not there', () => {
  const storage = memoryStorage()
  storage.setItem('coppice.editor.layout:/w', '{"paths":["a.ts",5],"active":"x","views":{"a.ts":{"line":"no"}}}')
  storage.setItem('coppice.editor.text:/w:a.ts', 'not JSON')
  const kept = new KeptTexts(storage, '/w')
  expect(kept.layout()).toEqual({ tabs: { paths: ['a.ts'], active: 'a.ts' }, views: {} })
  expect(kept.texts().size).toBe(0)
})

test('a full storage is told of', () => {
  expect(new KeptTexts(memoryStorage(20), '/w').keepText('a.ts', { text: 'x'.repeat(100), base: undefined })).toBe(
    false,
  )
})
