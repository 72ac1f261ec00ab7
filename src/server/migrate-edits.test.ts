import { parseSync } from 'vite'
import { describe, expect, it, test } from 'vitest'
import { migrateEdits } from './migrate-edits.ts'

const stub = `  stateVersion: 2,
  // From a state of another version to this one.
  migrate: (old: any, fromVersion) => {
    old.nextId = String(old.nextId) // was number
    return old
  },
`

const inserted = (text: string): string | undefined => {
  const edits = migrateEdits('a.ts', text, stub)
  const result = edits
    ?.toSorted((a, b) => b.start - a.start)
    .reduce((whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end), text)
  if (result !== undefined) expect(parseSync('a.ts', result).errors).toEqual([])
  return result
}

const head = "import { defineModule } from 'coppice'\n\n"

describe('[ML5] a migrate to start from', () => {
  it('comes after init', () => {
    expect(
      inserted(
        `${head}export default defineModule({\n  init: () => ({ nextId: '' }), // as text\n  process() {},\n})\n`,
      ),
    ).toBe(
      `${head}export default defineModule({\n  init: () => ({ nextId: '' }), // as text\n${stub}  process() {},\n})\n`,
    )
  })

  test.each([
    ['all on one line', `${head}export default defineModule({ init: () => ({ nextId: '' }), process() {} })`],
    [
      'no comma behind init',
      `${head}export default defineModule({\n  process() {},\n  init: () => ({ nextId: '' })\n})\n`,
    ],
    [
      'a comma on a line of its own',
      `${head}export default defineModule({\n  init: () => ({ a: 1 })\n  , process() {},\n})\n`,
    ],
    [
      'a definition with a name',
      `${head}const tank = defineModule({\n  process() {},\n  init() { return {} },\n} as const)\nexport default tank\n`,
    ],
  ])('leaves a text that parses: %s', (_title, text) => {
    expect(inserted(text)).toContain('stateVersion: 2,')
  })

  it('gives a version that is there the new value', () => {
    const text = `${head}export default defineModule({\n  stateVersion: 1,\n  init: () => ({}),\n  process() {},\n})\n`
    const result = inserted(text)
    expect(result?.match(/stateVersion/g)).toHaveLength(1)
    expect(result).toContain('stateVersion: 2,\n  init')
    expect(result).toContain('  migrate: (old: any, fromVersion) => {')
  })

  it('keeps a migrate that is there, with the new one above it to be brought in', () => {
    const text = `${head}export default defineModule({\n  stateVersion: 1,\n  init: () => ({}),\n  migrate: (old) => old,\n  process() {},\n})\n`
    const result = inserted(text)
    expect(result).toContain(
      '  // migrate: (old: any, fromVersion) => {\n  //   old.nextId = String(old.nextId) // was number\n',
    )
    expect(result).toContain('  // },\n  migrate: (old) => old,\n')
    expect(result).toContain('stateVersion: 2,\n  init')
  })

  it('is refused where there is no place for it', () => {
    expect(migrateEdits('a.ts', 'export const a = 1', stub)).toBeUndefined()
    expect(migrateEdits('a.ts', `${head}export default defineModule({ init: = })`, stub)).toBeUndefined()
    expect(
      migrateEdits('a.ts', `${head}export default defineModule({ init: () => ({}) })`, 'no members'),
    ).toBeUndefined()
  })
})
