// Titles of edits, as receipts and reload lists show them.

import { describe, expect, it } from 'vitest'
import { editTitle } from './edit-title.ts'

const title = (before: string | undefined, after: string | undefined): string =>
  editTitle([{ path: 'tank.ts', before, after }])

describe('[ML11] the title says what was edited', () => {
  it.each([
    ['config: { speed: 5 }', 'config: { speed: 25 }', 'speed 5 → 25'],
    ['const gravity = 9.81', 'const gravity = 1.62', 'gravity 9.81 → 1.62'],
    ["ctx.fillStyle = 'red'", "ctx.fillStyle = 'dark blue'", "fillStyle 'red' → 'dark blue'"],
    ['x: 5', 'x: -5', 'x 5 → -5'],
    ['color: 0xff0000', 'color: 0x00ff00', 'color 0xff0000 → 0x00ff00'],
    ['state.x += dt', 'state.y += dt', 'x → y'],
    ['a < b', 'a > b', 'a < → >'],
    ['const flag = true', 'const flag = false', 'flag true → false'],
    ['x: 1', 'x: 1\ny: 2\nz: 3', 'tank.ts: 2 lines'],
    ['a\nb()\nc\nd\ne\nf\n// 1', 'a\nb(()\nc\nd\ne\nf\n', 'tank.ts: 2 lines'],
    ['a\nb\nc\nd', 'a\nc\nb\nd', 'tank.ts: 2 lines'],
    ['a\nb\nc', 'a\nc', 'tank.ts: 1 line'],
    ['x = 1', 'x = 1\n', 'tank.ts: 1 line'],
    ['same', 'same', 'tank.ts'],
    [undefined, 'new', 'tank.ts'],
    ['old', undefined, 'tank.ts deleted'],
    ['x: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', 'x: 1', 'x "aaaaaaaaaaaaaaaaaaaaaa… → 1'],
  ])('%j → %j: %s', (before, after, expected) => {
    expect(title(before, after)).toBe(expected)
  })

  it('of several files names them', () => {
    const files = ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts'].map((path) => ({ path, before: '1', after: '2' }))
    expect(editTitle(files.slice(0, 2))).toBe('a.ts, b.ts')
    expect(editTitle(files)).toBe('a.ts, b.ts, c.ts and 2 more')
    expect(editTitle([])).toBe('')
  })
})
