// Page ↔ dev server: requests with one answer each, and what the server tells without being asked. Carried as custom
// events over Vite's own websocket; the names of those events stand here too.

import type { CodeText, ProgramRevision } from './code.ts'
import type { CodeEdit, CodeWarning } from './code-warning.ts'
import type { ConfigPath, ConfigValues } from './config.ts'
import type { ErrorData } from './errors.ts'
import type { ManifestModule } from './manifest.ts'
import type { SocketCredentials } from './sockets.ts'
import type { SavedContent, SavedEntry, SavedWrite } from './saved.ts'
import type { ContentHash } from './values.ts'

export interface FileEntry {
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** Bytes; 0 for folders. */
  readonly size: number
}

/** Larger files are not opened in the editor. Bytes. */
export const maxTextBytes = 2 * 1024 * 1024

export type FileContent =
  | { readonly path: string; readonly kind: 'text'; readonly text: string; readonly hash: ContentHash }
  /** Not shown in the editor; says why. */
  | { readonly path: string; readonly kind: 'binary' | 'too-large'; readonly size: number; readonly hash: ContentHash }

/** One file of a save. `base` is the hash of the text the edit started from; absent: overwrite whatever is there. */
export interface FileEdit {
  readonly path: string
  readonly text: string
  readonly base?: ContentHash
}

export interface SaveResult {
  readonly files: readonly { readonly path: string; readonly hash: ContentHash }[]
  /** The revision this save led to, pushed before this answer; absent where nothing that runs changed. */
  readonly revision?: number
}

/** `details` of a `file-conflict` error. */
export interface FileConflict {
  readonly path: string
  readonly yours: string
  readonly onDisk: string
  readonly onDiskHash: ContentHash
}

export interface OpenedWorkspace {
  readonly name: string
  /** All this server offers, for the picker. */
  readonly workspaces: readonly string[]
  /** Absolute, for display. */
  readonly folder: string
  readonly files: readonly FileEntry[]
  readonly revision: ProgramRevision
  /** No module was found: the page offers to create a first one. */
  readonly isEmpty: boolean
  /** Absent: nothing was saved, and this page writes. */
  readonly saved?: SavedContent
  /** Changes when the server is restarted. */
  readonly serverId: string
}

/** A declaration file for Monaco. `path` as TypeScript would find it: `node_modules/coppice/index.d.ts`. */
export interface TypeLibrary {
  readonly path: string
  readonly text: string
}

/** `writeId` comes back with the `files-changed` the write causes: so a page knows its own. */
export interface WriteOptions {
  readonly writeId?: string
}

/** Everything the page can ask of the dev server. All paths are relative to the workspace opened on this connection. */
export interface ServerRequests {
  /** `known`: hashes the page already has, so that a reconnect does not send them again. No name: the server's default. */
  open(workspace: string | undefined, known: readonly ContentHash[]): OpenedWorkspace
  /** Names of all this server offers now: they come and go. */
  listWorkspaces(): readonly string[]
  listFiles(): readonly FileEntry[]
  readFile(path: string): FileContent
  /** All are written or none; a conflict names the first file and carries both texts. `persist: false`: runs, not saved. */
  writeFiles(edits: readonly FileEdit[], options?: WriteOptions & { readonly persist?: boolean }): SaveResult
  createFile(path: string, text: string, options?: WriteOptions): SaveResult
  renameFile(from: string, to: string, options?: WriteOptions): SaveResult
  deleteFile(path: string, options?: WriteOptions): SaveResult
  duplicateFile(path: string, to: string, options?: WriteOptions): SaveResult
  /** Writes `engine.json`, `tsconfig.json` and a first module into an empty workspace. */
  createFirstModule(): SaveResult
  /** Adds an entry to `engine.json`, and its file from a template where there is none. */
  addModule(entry: ManifestModule): SaveResult
  /** Lays an entry over the manifest without writing it. */
  loadModule(entry: ManifestModule): SaveResult
  /** Writes values of a module's configuration to where they win: `engine.json` where that sets them, else `config/<module>.json`. */
  writeConfig(module: string, values: ConfigValues, options?: WriteOptions): SaveResult
  /** Takes a value out of these files. */
  takeOutConfig(
    module: string,
    path: ConfigPath,
    layers: readonly ('file' | 'manifest')[],
    options?: WriteOptions,
  ): SaveResult
  /** Of several pages on one workspace, one writes. */
  writeSaved(entries: readonly SavedEntry[]): SavedWrite
  texts(hashes: readonly ContentHash[]): readonly CodeText[]
  typeLibraries(): readonly TypeLibrary[]
  /** What a reload would lose or a replay could not repeat in this text (ML12); it need not be saved. */
  codeWarnings(path: string, text: string): readonly CodeWarning[]
  /** Transformed texts with their loops made to look at the time; each as it is where it does not parse. */
  watchLoops(texts: readonly string[]): readonly string[]
  /** The edits that put a `migrate` to start from into a module's text; `compile` where there is no place for it. */
  migrateEdits(path: string, text: string, stub: string): readonly CodeEdit[]
  /** From the environment of the server: COPPICE_NATS_TOKEN, COPPICE_NATS_USER, COPPICE_NATS_PASSWORD. */
  socketCredentials(): SocketCredentials
}

export type ServerRequestName = keyof ServerRequests

export type ServerPush =
  | { readonly type: 'revision'; readonly revision: ProgramRevision }
  /** `writeId` is that of the write that caused it, where one did. Deleted files have no hash. */
  | {
      readonly type: 'files-changed'
      readonly changes: readonly {
        readonly path: string
        readonly kind: 'created' | 'changed' | 'deleted'
        readonly hash?: ContentHash
      }[]
      readonly files: readonly FileEntry[]
      readonly writeId?: string
    }
  | { readonly type: 'type-libraries-changed' }
  /** Another page or program changed saved data. */
  | { readonly type: 'saved'; readonly content: SavedContent }
  /** This page writes saved data from now on. */
  | { readonly type: 'saved-lease'; readonly isWriter: boolean }

/** Names of the custom events on Vite's websocket. */
export const serverEvents = {
  request: 'coppice:request',
  answer: 'coppice:answer',
  push: 'coppice:push',
} as const

export interface ServerRequestMessage {
  readonly id: number
  readonly name: ServerRequestName
  readonly args: readonly unknown[]
}

export type ServerAnswerMessage =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorData }
