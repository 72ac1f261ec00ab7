// The page's one handle on engine and dev server, as the UI and `window.coppice` use it. create-client.ts makes it.

import type { CommandArguments, CommandName, CommandResult, LayerCanvas } from '../protocol/commands.ts'
import type { EngineEvent, LayerWanted } from '../protocol/events.ts'
import type { DeviceInput } from '../protocol/input.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import type { Milliseconds } from '../protocol/values.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { SocketInfo } from '../protocol/sockets.ts'
import type { ReplayProgress } from '../protocol/replay.ts'
import type {
  FileContent,
  FileEdit,
  FileEntry,
  OpenedWorkspace,
  SaveResult,
  ServerRequests,
  TypeLibrary,
  WriteOptions,
} from '../protocol/workspace.ts'
import type { CoppiceAutomation } from '../protocol/automation.ts'
import type { RunningReplay } from './replay.ts'
import type { SoundState } from './sound-player.ts'
import type { SourceChange } from './source-changes.ts'

export type ServerConnection = 'connecting' | 'connected' | 'disconnected'

/** What the page itself tells: connection, files, problems of the server's side. */
export type ClientEvent =
  | { readonly type: 'connection'; readonly connection: ServerConnection }
  | { readonly type: 'workspace'; readonly workspace: OpenedWorkspace }
  | {
      readonly type: 'files-changed'
      readonly changes: readonly { readonly path: string; readonly kind: 'created' | 'changed' | 'deleted' }[]
      readonly files: readonly FileEntry[]
      readonly isOwn: boolean
    }
  /** Files whose saved text is not the code that runs (rejected, undone, broken), and the modules it is not run in. */
  | { readonly type: 'differing-files'; readonly paths: readonly string[]; readonly modules: readonly string[] }
  /** Manifest and compile problems from the server together with the engine's. */
  | { readonly type: 'all-problems'; readonly problems: readonly Problem[] }
  /** A worker that hung was ended, and the program goes on in another; `lost`: why it had to begin at frame 0. */
  | {
      readonly type: 'hang-ended'
      readonly module: string | undefined
      readonly phase: CallPhase
      readonly message: string
      readonly lost: string | undefined
      /** From the end of the one worker to the start of the other. */
      readonly recoveryMs: Milliseconds
    }
  /** How the page's sockets stand; a few times a second while something changes. */
  | { readonly type: 'sockets'; readonly sockets: readonly SocketInfo[] }
  /** Whether sounds are heard. */
  | { readonly type: 'sound'; readonly state: SoundState }
  /** Whether this page writes saved data; of several on one workspace, one does. */
  | { readonly type: 'saved-data'; readonly isWriter: boolean }
  | { readonly type: 'type-libraries'; readonly libraries: readonly TypeLibrary[] }

export type CoppiceEvent = EngineEvent | ClientEvent
export type CoppiceEventType = CoppiceEvent['type']

export interface CoppiceClient {
  /** Opens a workspace; the promise settles when its first revision has been applied or rejected. */
  open(workspace: string | undefined, options?: { readonly startPaused?: boolean }): Promise<OpenedWorkspace>
  command<Name extends CommandName>(name: Name, ...args: CommandArguments<Name>): Promise<Awaited<CommandResult<Name>>>
  /** The present first, where there is one; returns how to stop. */
  on<Type extends CoppiceEventType>(
    type: Type,
    handler: (event: Extract<CoppiceEvent, { type: Type }>) => void,
  ): () => void
  /** Fire and forget: device input for the next frame. */
  sendInput(input: DeviceInput): void
  readonly files: {
    read(path: string): Promise<FileContent>
    /** Writes all or none, then waits for the reloads caused. */
    save(
      edits: readonly FileEdit[],
      options?: { readonly persist?: boolean },
    ): Promise<{ readonly result: SaveResult; readonly receipts: readonly Receipt[] }>
    create(path: string, text: string): Promise<readonly Receipt[]>
    rename(from: string, to: string): Promise<readonly Receipt[]>
    delete(path: string): Promise<readonly Receipt[]>
    duplicate(path: string, to: string): Promise<readonly Receipt[]>
    /** Any other request that changes files: `ask` makes it. Gives the receipts of the reloads caused. */
    change(ask: (options: WriteOptions) => Promise<SaveResult>): Promise<readonly Receipt[]>
  }
  /** A save is on its way to its first frame: what draws the page waits a moment. */
  readonly isSaving: boolean
  /** What a reload changed, file by file, as source texts; empty where that is not known (any more). */
  changesOf(receipt: Receipt): Promise<readonly SourceChange[]>
  /** The run so far, computed again from frame 0 with the code of now in a worker of its own. Throws `not-supported`. */
  replay(told: (progress: ReplayProgress) => void): RunningReplay
  /** Any other request of the dev server. */
  request<Name extends keyof ServerRequests>(
    name: Name,
    ...args: Parameters<ServerRequests[Name]>
  ): Promise<ReturnType<ServerRequests[Name]>>
  /** Answers a `layer-wanted` event; the canvas is transferred. */
  attachLayer(layer: LayerCanvas, wanted: LayerWanted): void
  /** Nothing new is played while muted. */
  setMuted(isMuted: boolean): void
  readonly automation: CoppiceAutomation
  dispose(): void
}
