// WS1: which paths a request may name. Turns a path relative to the workspace into one on disk, or refuses it: nothing
// outside by `..`, by an absolute path, or through a link anywhere on the way, a dangling one included.

import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { CoppiceError } from '../protocol/errors.ts'

const ignoredFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.coppice', 'dist'])

/** No part of the workspace's files: neither listed nor watched, read or written. `path` is relative, with `/`. */
export const isIgnoredPath = (path: string): boolean =>
  path.split('/').some((step) => ignoredFolders.has(step) || step === '.DS_Store') || path.endsWith('~')

/** `path` on disk as seen from `folder`, with `/`; undefined where it lies outside. The folder itself is ''. */
export const pathInside = (folder: string, path: string): string | undefined => {
  const inside = relative(folder, path)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined
  return sep === '/' ? inside : inside.replaceAll(sep, '/')
}

const outside = (path: string, why: string): CoppiceError =>
  new CoppiceError(
    'outside-workspace',
    `${path} is outside the workspace: ${why}. Only files of the workspace can be read or written.`,
  )

/** The steps of a well-formed relative path. Throws `invalid-path` or `outside-workspace`. */
const stepsOf = (path: unknown): readonly string[] => {
  if (typeof path !== 'string' || path === '' || path.length > 1_000)
    throw new CoppiceError('invalid-path', 'A path is a text of 1 to 1000 characters.')
  if (path.startsWith('/') || path.startsWith('\\') || /^[a-z]:/i.test(path))
    throw outside(path, 'it is an absolute path')
  const steps = path.split('/')
  if (steps.includes('..') || path.split('\\').includes('..')) throw outside(path, 'it goes up by ..')
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\\\u0000-\u001f]/.test(path) || steps.some((step) => step === '' || step === '.'))
    throw new CoppiceError(
      'invalid-path',
      `${JSON.stringify(path)} is not a path: write it as folder/file, with single / and no control characters.`,
    )
  if (isIgnoredPath(path))
    throw new CoppiceError(
      'invalid-path',
      `${path} is not one of the workspace's files (node_modules, .git, .coppice and dist are left alone).`,
    )
  return steps
}

/** A link counts, wherever it leads. Below a file there is nothing. */
const existsAtAll = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

const realPath = (path: string, asked: string): string => {
  try {
    return realpathSync.native(path)
  } catch {
    throw outside(asked, 'a link on the way leads nowhere')
  }
}

/** The nearest parent that exists, resolved; the rest of the path appended. */
const resolveParent = (path: string, asked: string): string => {
  if (existsAtAll(path)) return realPath(path, asked)
  return join(resolveParent(dirname(path), asked), basename(path))
}

/**
 * Where the named entry itself stands, its own link (if it is one) not followed: for rename and delete. `folder` is the
 * workspace's real path. Throws `invalid-path` or `outside-workspace`.
 */
export const resolveEntry = (folder: string, path: string): string => {
  const full = join(folder, ...stepsOf(path))
  const parent = resolveParent(dirname(full), path)
  if (pathInside(folder, parent) === undefined) throw outside(path, 'a link on the way leads out')
  return join(parent, basename(full))
}

/** Where reading or writing the named file ends up, all links followed. Throws `invalid-path` or `outside-workspace`. */
export const resolveInside = (folder: string, path: string): string => {
  const entry = resolveEntry(folder, path)
  if (!existsAtAll(entry)) return entry
  const real = realPath(entry, path)
  const inside = pathInside(folder, real)
  if (inside === undefined || inside === '') throw outside(path, 'it is a link that leads out')
  if (isIgnoredPath(inside))
    throw new CoppiceError(
      'invalid-path',
      `${path} is a link into ${inside}, which is not one of the workspace's files.`,
    )
  return real
}
