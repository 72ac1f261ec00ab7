import { describe, expect, test } from 'vitest'
import { contentHash } from '../../protocol/values.ts'
import type { FileContent } from '../../protocol/workspace.ts'
import { planRestore } from './reload-actions.ts'

const file = (text: string): FileContent => ({ path: 'tank.ts', kind: 'text', text, hash: contentHash(`#${text}`) })
const change = { file: 'tank.ts', before: 'old', after: 'new' }

describe('[ML11] the text from before goes back into the file', () => {
  test('where the file is as the reload found it', () => {
    expect(planRestore({ trigger: 'save' }, [change], [file('new')])).toEqual({
      edits: [{ path: 'tank.ts', text: 'old', base: '#new' }],
      conflicts: [],
    })
  })
  test('of an undo it is the text it brought back', () => {
    const undo = { file: 'tank.ts', before: 'new', after: 'old' }
    expect(planRestore({ trigger: 'undo' }, [undo], [file('new')]).edits).toEqual([
      { path: 'tank.ts', text: 'old', base: '#new' },
    ])
  })
  test('a file changed since is asked about', () => {
    expect(planRestore({ trigger: 'save' }, [change], [file('newer')])).toEqual({
      edits: [{ path: 'tank.ts', text: 'old', base: '#newer' }],
      conflicts: ['tank.ts'],
    })
  })
  test('one that holds it already, or was not there before, is left alone', () => {
    expect(planRestore({ trigger: 'save' }, [change], [file('old')]).edits).toEqual([])
    expect(planRestore({ trigger: 'save' }, [{ ...change, before: undefined }], [file('new')]).edits).toEqual([])
  })
  test('one deleted by that reload is written anew', () => {
    const deleted = { file: 'tank.ts', before: 'old', after: undefined }
    expect(planRestore({ trigger: 'disk' }, [deleted], [undefined])).toEqual({
      edits: [{ path: 'tank.ts', text: 'old' }],
      conflicts: [],
    })
  })
})
