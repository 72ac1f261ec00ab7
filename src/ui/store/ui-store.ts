// The one store of the page: a mirror of what the client tells, and what the user chose on this page. Panels read it
// through selectors; nothing in it computes engine truth. Frame times are kept apart (frame-history.ts).

import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { ServerConnection } from '../../client/coppice-client.ts'
import type { SoundState } from '../../client/sound-player.ts'
import type { LayerWanted } from '../../protocol/events.ts'
import type { LogLine } from '../../protocol/log.ts'
import type { ManifestView } from '../../protocol/manifest.ts'
import type { ModuleInfo, Status } from '../../protocol/program.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Receipt } from '../../protocol/receipt.ts'
import type { SocketInfo } from '../../protocol/sockets.ts'
import type { SourceError } from '../../protocol/values.ts'
import type { FileEntry, OpenedWorkspace } from '../../protocol/workspace.ts'
import { emptyEditorState } from '../editor/editor-api.ts'
import type { EditorApi, EditorState } from '../editor/editor-api.ts'
import type { Theme, ThemeChoice } from '../theme/theme.ts'
import { defaultSettings } from './saved-settings.ts'
import type { SavedSettings } from './saved-settings.ts'
import type { RestorePlan } from './reload-actions.ts'
import type { ReplayState } from './replay-words.ts'

/** What a reload told the user last; `id` is the receipt's. */
export interface ReloadNotice {
  readonly receipt: Receipt
  /** Where it is shown: a card at the editor's corner, or a line of the status bar. */
  readonly place: 'card' | 'status-bar'
}

/** Something a command could not do, told until it is closed. */
export interface CommandFailure {
  readonly id: number
  readonly message: string
}

export interface UiState {
  readonly connection: ServerConnection
  /** Set once the first connection was made, so that a lost one can be told from the first attempt. */
  readonly wasConnected: boolean
  readonly workspace: OpenedWorkspace | undefined
  /** The same array until a file comes, goes or is renamed: a save changes no more than a size. */
  readonly files: readonly Pick<FileEntry, 'path' | 'kind'>[]
  readonly differingPaths: readonly string[]
  /** Modules whose code is not what their files say. */
  readonly differingModules: readonly string[]
  readonly status: Status | undefined
  readonly modules: readonly ModuleInfo[]
  /** Names of `modules`; the same array while they are, since the list itself changes ten times a second. */
  readonly moduleNames: readonly string[]
  /** Newest first. */
  readonly receipts: readonly Receipt[]
  readonly problems: readonly Problem[]
  /** By id. */
  readonly log: readonly LogLine[]
  readonly view: ManifestView | undefined
  /** Modules that draw, in no particular order. */
  readonly layers: readonly LayerWanted[]
  readonly workerError: { readonly message: string; readonly stack?: string } | undefined
  readonly editor: EditorState
  readonly editorApi: EditorApi | undefined
  /** A place asked for before the editor was there. */
  readonly pendingOpen: Pick<SourceError, 'file' | 'line' | 'column'> | undefined
  readonly themeChoice: ThemeChoice
  readonly theme: Theme
  readonly settings: SavedSettings
  readonly selectedModule: string | undefined
  /** Id of the receipt whose details are shown. */
  readonly selectedReload: number | undefined
  /** Texts to put back over files that were changed meanwhile: the user is asked. */
  readonly restoreQuestion: RestorePlan | undefined
  /** The replay from frame 0 that is under way, or what the last one found; undefined when that is closed. */
  readonly replay: ReplayState | undefined
  readonly notice: ReloadNotice | undefined
  readonly failures: readonly CommandFailure[]
  readonly isPaletteOpen: boolean
  /** Keys and pointer go to the program. */
  readonly isViewportFocused: boolean
  /** The picture has a window of its own. */
  readonly isPoppedOut: boolean
  readonly isRecording: boolean
  readonly sound: SoundState
  /** Of this page, as they stand. */
  readonly sockets: readonly SocketInfo[]
  /** This page writes what modules save; of several on one workspace, one does. */
  readonly isSaver: boolean
}

export type UiStore = StoreApi<UiState>

/** An empty store; `connectStore` fills it. */
export function createUiStore(theme: { readonly choice: ThemeChoice; readonly theme: Theme }): UiStore {
  return createStore<UiState>(() => ({
    connection: 'connecting',
    wasConnected: false,
    workspace: undefined,
    files: [],
    differingPaths: [],
    differingModules: [],
    status: undefined,
    modules: [],
    moduleNames: [],
    receipts: [],
    problems: [],
    log: [],
    view: undefined,
    layers: [],
    workerError: undefined,
    editor: emptyEditorState,
    editorApi: undefined,
    pendingOpen: undefined,
    themeChoice: theme.choice,
    theme: theme.theme,
    settings: defaultSettings,
    selectedModule: undefined,
    selectedReload: undefined,
    restoreQuestion: undefined,
    replay: undefined,
    notice: undefined,
    failures: [],
    isPaletteOpen: false,
    isViewportFocused: false,
    isPoppedOut: false,
    isRecording: false,
    sound: 'silent',
    sockets: [],
    isSaver: true,
  }))
}
