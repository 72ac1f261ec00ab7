// One handler per request of the page. Arguments arrive unchecked; what a handler throws becomes the answer.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configFileOf } from '../protocol/config.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { ContentHash } from '../protocol/values.ts'
import type { FileEdit, OpenedWorkspace, ServerRequestName, ServerRequests } from '../protocol/workspace.ts'
import { type ConfigTexts, takeOutEdits, writeConfigEdits } from './config-edit.ts'
import { codeWarnings } from './code-warnings.ts'
import { emptyModule, firstModuleFiles } from './first-module.ts'
import { addModuleEntry, renameModulePaths, writeManifest } from './manifest-edit.ts'
import { manifestFile } from './manifest-reader.ts'
import { readManifest } from './manifest.ts'
import { watchLoops } from './loop-watch.ts'
import { migrateEdits } from './migrate-edits.ts'
import {
  readConfigValues,
  readEdits,
  readEntry,
  readHashes,
  readModuleName,
  readOptionalText,
  readSavedEntries,
  readText,
  readTexts,
  readWriteOptions,
} from './request-arguments.ts'
import { socketCredentials } from './socket-credentials.ts'
import { typeLibraries } from './type-libraries.ts'
import { resolveInside } from './workspace-paths.ts'
import type { Follower, WorkspaceSession } from './workspace-session.ts'

/** What a handler needs of the connection that asks. */
export interface RequestContext {
  /** The workspace opened on this connection. Throws `unknown-workspace` before one is. */
  session(): WorkspaceSession
  workspaces(): readonly string[]
  /** The connection itself, as the workspace knows it. */
  readonly follower: Follower
  open(name: string | undefined, known: readonly ContentHash[]): Promise<OpenedWorkspace>
}

type Handlers = {
  readonly [Name in ServerRequestName]: (
    context: RequestContext,
    args: readonly unknown[],
  ) => Promise<ReturnType<ServerRequests[Name]>>
}

const readManifestText = (session: WorkspaceSession): Promise<string | undefined> =>
  readFile(join(session.folder, manifestFile), 'utf8').catch(() => undefined)

const readConfigTexts = async (session: WorkspaceSession, module: string): Promise<ConfigTexts> => ({
  manifest: await readManifestText(session),
  file: await readFile(resolveInside(session.folder, configFileOf(module)), 'utf8').catch(() => undefined),
})

/** Modules of a renamed file or folder follow it, in the same revision. */
const renameWithManifest = async (session: WorkspaceSession, from: string, to: string) => {
  const changes = await session.files.rename(from, to)
  const before = await readManifestText(session)
  const after = before === undefined ? undefined : renameModulePaths(before, from, to)
  return after === undefined
    ? changes
    : [...changes, ...(await session.files.write([{ path: manifestFile, text: after }]))]
}

export const requestHandlers: Handlers = {
  open: (context, [name, known]) => context.open(readOptionalText(name, 'workspace'), readHashes(known ?? [], 'known')),

  listWorkspaces: async (context) => context.workspaces(),

  listFiles: async (context) => context.session().entries,

  readFile: (context, [path]) => context.session().files.read(readText(path, 'path')),

  writeFiles: (context, [edits, options]) => context.session().save(readEdits(edits), readWriteOptions(options)),

  createFile: (context, [path, text, options]) => {
    const session = context.session()
    const name = readText(path, 'path')
    const content = readText(text, 'text')
    return session.change(() => session.files.create(name, content), readWriteOptions(options).writeId)
  },

  renameFile: (context, [from, to, options]) => {
    const session = context.session()
    const before = readText(from, 'from')
    const after = readText(to, 'to')
    return session.change(() => renameWithManifest(session, before, after), readWriteOptions(options).writeId)
  },

  deleteFile: (context, [path, options]) => {
    const session = context.session()
    const name = readText(path, 'path')
    return session.change(() => session.files.delete(name), readWriteOptions(options).writeId)
  },

  duplicateFile: (context, [path, to, options]) => {
    const session = context.session()
    const name = readText(path, 'path')
    const copy = readText(to, 'to')
    return session.change(() => session.files.duplicate(name, copy), readWriteOptions(options).writeId)
  },

  createFirstModule: (context) => {
    const session = context.session()
    return session.change(() => session.files.write(firstModuleFiles(session.folder)))
  },

  addModule: (context, [value]) => {
    const session = context.session()
    const entry = readEntry(value)
    return session.change(async () => {
      const text = await readManifestText(session)
      if (text !== undefined && !readManifest(text).isGood)
        throw new CoppiceError('invalid-argument', 'engine.json has errors. Correct them before a module is added.')
      const present = session.revisions.current?.manifest.modules ?? []
      const edits: FileEdit[] = [
        {
          path: manifestFile,
          text: text === undefined ? writeManifest([...present, entry]) : addModuleEntry(text, entry),
        },
      ]
      if (!existsSync(resolveInside(session.folder, entry.path)))
        edits.push({ path: entry.path, text: emptyModule(entry.name) })
      return session.files.write(edits)
    })
  },

  loadModule: async (context, [value]) => {
    const session = context.session()
    const entry = readEntry(value)
    resolveInside(session.folder, entry.path)
    return session.layEntry(entry)
  },

  writeConfig: (context, [module, values, options]) => {
    const session = context.session()
    const name = readModuleName(module)
    const own = readConfigValues(values)
    return session.change(
      async () => session.files.write(writeConfigEdits(await readConfigTexts(session, name), name, own)),
      readWriteOptions(options).writeId,
    )
  },

  takeOutConfig: (context, [module, path, layers, options]) => {
    const session = context.session()
    const name = readModuleName(module)
    const keys = readTexts(path, 'path')
    const from = readTexts(layers, 'layers').filter((layer) => layer === 'file' || layer === 'manifest')
    return session.change(
      async () => session.files.write(takeOutEdits(await readConfigTexts(session, name), name, keys, from)),
      readWriteOptions(options).writeId,
    )
  },

  writeSaved: (context, [entries]) => context.session().writeSaved(readSavedEntries(entries), context.follower),

  texts: async (context, [hashes]) => {
    const { texts } = context.session().revisions
    return readHashes(hashes, 'hashes').flatMap((hash) => texts.get(hash) ?? [])
  },

  typeLibraries: (context) => typeLibraries(context.session()),

  codeWarnings: async (_context, [path, text]) => codeWarnings(readText(path, 'path'), readText(text, 'text')),

  socketCredentials: async () => socketCredentials(process.env),

  watchLoops: async (_context, [texts]) => readTexts(texts, 'texts').map((text) => watchLoops(text)),

  migrateEdits: async (_context, [path, text, stub]) => {
    const name = readText(path, 'path')
    const edits = migrateEdits(name, readText(text, 'text'), readText(stub, 'stub'))
    if (edits === undefined)
      throw new CoppiceError(
        'compile',
        `${name} has no place for a migrate: it does not parse, or holds no defineModule({ … }).`,
      )
    return edits
  },
}

export const isRequestName = (name: string): name is ServerRequestName => Object.hasOwn(requestHandlers, name)
