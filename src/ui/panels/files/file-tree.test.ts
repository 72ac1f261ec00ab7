import { expect, test } from 'vitest'
import type { FileEntry } from '../../../protocol/workspace.ts'
import { copyName, fileTree, foldersAbove } from './file-tree.ts'
import type { FileNode } from './file-tree.ts'

const file = (path: string): FileEntry => ({ path, kind: 'file', size: 1 })
const shape = (nodes: readonly FileNode[]): unknown =>
  nodes.map((node) => (node.kind === 'folder' ? [node.name, shape(node.children)] : node.name))

test('engine.json on top, then folders, then files by name', () => {
  const tree = fileTree([
    file('tank.ts'),
    file('map10.ts'),
    file('map2.ts'),
    file('lib/a/b.ts'),
    file('engine.json'),
    { path: 'art', kind: 'folder', size: 0 },
  ])
  expect(shape(tree)).toEqual([
    'engine.json',
    ['art', []],
    ['lib', [['a', ['b.ts']]]],
    'map2.ts',
    'map10.ts',
    'tank.ts',
  ])
})

test('a folder listed after its files is the same folder', () => {
  expect(shape(fileTree([file('lib/b.ts'), { path: 'lib', kind: 'folder', size: 0 }]))).toEqual([['lib', ['b.ts']]])
})

test('folders above a file', () => {
  expect(foldersAbove('lib/a/b.ts')).toEqual(['lib', 'lib/a'])
  expect(foldersAbove('b.ts')).toEqual([])
})

test('a copy gets a name that is free', () => {
  expect(copyName('lib/tank.ts', [])).toBe('lib/tank-copy.ts')
  expect(copyName('tank.ts', ['tank-copy.ts'])).toBe('tank-copy-2.ts')
  expect(copyName('.env', [])).toBe('.env-copy')
})
