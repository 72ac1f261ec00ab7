// Which workspaces a dev server offers: the folder it was given, or, where that only holds workspaces, those in it.

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { CoppiceError } from '../protocol/errors.ts'
import { manifestFile } from './manifest-reader.ts'
import { isIgnoredPath } from './workspace-paths.ts'

export interface OfferedWorkspace {
  readonly name: string
  /** Absolute, links resolved. */
  readonly folder: string
}

const subfolders = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !isIgnoredPath(item.name) && !item.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted()

/** The folder as an absolute path. Throws `unknown-workspace` where it is none. */
export const checkWorkspaceFolder = (folder: string): string => {
  const full = resolve(folder)
  if (!existsSync(full))
    throw new CoppiceError('unknown-workspace', `The folder ${full} does not exist. Create it, or name another.`)
  if (!statSync(full).isDirectory())
    throw new CoppiceError('unknown-workspace', `${full} is a file. Name the folder it is in.`)
  return realpathSync.native(full)
}

/**
 * A folder with an engine.json of its own, or without folders that have one, is itself the workspace. Else each of
 * those is one, in order of name. Looked at anew each time: workspaces may come and go.
 */
export const offeredWorkspaces = (folder: string): readonly OfferedWorkspace[] => {
  const root = checkWorkspaceFolder(folder)
  const inner = existsSync(join(root, manifestFile))
    ? []
    : subfolders(root).filter((name) => existsSync(join(root, name, manifestFile)))
  if (inner.length === 0) return [{ name: basename(root) || 'workspace', folder: root }]
  return inner.map((name) => ({ name, folder: join(root, name) }))
}

/** The one of that name, or the one to start with. Throws `unknown-workspace`. */
export const pickWorkspace = (offered: readonly OfferedWorkspace[], name: string | undefined): OfferedWorkspace => {
  const picked =
    name === undefined
      ? (offered.find((workspace) => workspace.name === 'tanks') ?? offered[0])
      : offered.find((workspace) => workspace.name === name)
  if (picked === undefined)
    throw new CoppiceError(
      'unknown-workspace',
      `There is no workspace ${name ?? ''}. This server offers ${offered.map((workspace) => workspace.name).join(', ')}.`,
    )
  return picked
}
