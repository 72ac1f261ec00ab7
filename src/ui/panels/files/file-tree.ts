// Files of the workspace as a tree: folders first, then by name, `engine.json` always on top.

import type { FileEntry } from '../../../protocol/workspace.ts'

export interface FileNode {
  /** Path relative to the workspace. */
  readonly id: string
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly children: readonly FileNode[]
}

/** The tree of a flat list; folders that are only implied by a file's path are made. */
export function fileTree(entries: readonly Pick<FileEntry, 'path' | 'kind'>[]): readonly FileNode[] {
  const folders = new Map<string, FileNode[]>([['', []]])
  const into = (path: string): FileNode[] => {
    const known = folders.get(path)
    if (known !== undefined) return known
    const children: FileNode[] = []
    folders.set(path, children)
    into(parentOf(path)).push({ id: path, name: nameOf(path), kind: 'folder', children })
    return children
  }
  for (const entry of entries) {
    if (entry.kind === 'folder') into(entry.path)
    else into(parentOf(entry.path)).push({ id: entry.path, name: nameOf(entry.path), kind: 'file', children: [] })
  }
  for (const children of folders.values()) children.sort(compare)
  return folders.get('') ?? []
}

/** Every folder on the way to a file. */
export function foldersAbove(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1)
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'))
}

/** A free name for a copy: `tank-copy.ts`, `tank-copy-2.ts`, … */
export function copyName(path: string, taken: readonly string[]): string {
  const dot = path.lastIndexOf('.')
  const stem = dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path
  const ending = path.slice(stem.length)
  for (let count = 1; ; count++) {
    const candidate = `${stem}-copy${count === 1 ? '' : `-${count}`}${ending}`
    if (!taken.includes(candidate)) return candidate
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function compare(a: FileNode, b: FileNode): number {
  if (a.id === 'engine.json' || b.id === 'engine.json') return a.id === 'engine.json' ? -1 : 1
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1
  return a.name.localeCompare(b.name, 'en', { numeric: true })
}
