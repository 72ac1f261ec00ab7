// The contract between the editor (src/ui/editor, the only Monaco import, loaded lazily) and the rest of the page. The
// page renders `EditorPanel` from `editor-panel.tsx` with these props; the editor answers with an EditorApi and tells
// its state. Neither side knows more of the other.

import type { CoppiceClient } from '../../client/coppice-client.ts'
import type { SourcePosition } from '../../protocol/values.ts'

/** Line and column from 1. */
export type EditorPosition = Pick<SourcePosition, 'line' | 'column'>

/** A command the editor adds to the page's palette: `Format document`, `Go to symbol`. */
export interface EditorCommand {
  /** Unique among the editor's commands. */
  readonly id: string
  readonly title: string
  /** For display: `Shift+Alt+F`. */
  readonly shortcut?: string
  readonly run: () => void
}

/** What the page can ask of the editor. Calls made before a workspace's files are there wait for them. */
export interface EditorApi {
  /** Opens (or comes back to) a file's tab, moves the cursor there where a position is given, and takes the focus. */
  openFile(path: string, position?: EditorPosition): Promise<void>
  /** Saves the file in front; does nothing where no file is open. A conflict is shown by the editor. */
  saveActive(): Promise<void>
  /** Saves every unsaved file in one write, so that they reload as one transaction. */
  saveAll(): Promise<void>
  /** Closes the file in front; unsaved text is asked about. */
  closeActive(): Promise<void>
  /** Puts a `migrate` to start from into a module's text as one edit that can be undone; nothing is saved. */
  writeMigrate(path: string, stub: string): Promise<void>
  focus(): void
  commands(): readonly EditorCommand[]
}

/** What the editor tells the page. Paths are relative to the workspace. */
export interface EditorState {
  /** In tab order. */
  readonly openPaths: readonly string[]
  readonly activePath: string | undefined
  /** Files whose text in the editor is not the one on disk. */
  readonly dirtyPaths: readonly string[]
  readonly cursor: EditorPosition | undefined
  /** For the status bar: `TypeScript`, `JSON`. */
  readonly language: string | undefined
}

/** The editor before it has loaded, or with nothing open. */
export const emptyEditorState: EditorState = {
  openPaths: [],
  activePath: undefined,
  dirtyPaths: [],
  cursor: undefined,
  language: undefined,
}

/**
 * Props of `EditorPanel` (a named export of `src/ui/editor/editor-panel.tsx`). The editor fills the box it is given,
 * draws its own file tabs (34 px high) at the top, and keeps what is open in localStorage per workspace. Everything
 * about files, problems, receipts and type libraries it takes from `client.on(…)` itself.
 */
export interface EditorPanelProps {
  readonly client: CoppiceClient
  /** Changes when another workspace is opened; open files are per workspace. */
  readonly workspace: string
  /** The palette in force; colours are read from the CSS variables of `theme/tokens.css` (`--ground`, `--text`, …). */
  readonly theme: 'dark' | 'light'
  /** Called once when the editor can be used, again with a new one if it is mounted anew. */
  readonly onReady: (api: EditorApi) => void
  /** Called on every change of tabs, dirty marks, or cursor. */
  readonly onStateChange: (state: EditorState) => void
}
