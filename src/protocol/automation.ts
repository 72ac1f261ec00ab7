// `window.coppice`: the public automation API of the page. Names are exact; users drive their modules with it from tests.

import type { BusInfo } from './bus.ts'
import type { WaitCondition, WaitOptions } from './commands.ts'
import type { ConfigChange, ConfigPath, ConfigValues, ConfigView } from './config.ts'
import type { EngineEvent, EngineEventType } from './events.ts'
import type { LogFilter, LogLine } from './log.ts'
import type { ManifestModule } from './manifest.ts'
import type { Metrics, ModuleInfo, Status } from './program.ts'
import type { Problem } from './problem.ts'
import type { HealthChange } from './health.ts'
import type { StateMatches } from './state-query.ts'
import type { Receipt } from './receipt.ts'
import type { SocketEnd, SocketInfo } from './sockets.ts'
import type { ReplayResult } from './replay.ts'
import type { FileEntry } from './workspace.ts'
import type { DataPath } from './values.ts'

/** The editor's texts, unsaved changes included. Paths are relative to the workspace; files are opened as needed. */
export interface EditorAutomation {
  /** Brings the file's tab to the front. */
  open(path: string): Promise<void>
  /** Replaces the editor's text as one edit that can be undone; nothing is saved. */
  setText(path: string, text: string): Promise<void>
  text(path: string): Promise<string>
  /** Saves the file in front; resolves when its reload is decided. */
  save(): Promise<void>
  /** Saves all unsaved files in one transaction. */
  saveAll(): Promise<void>
  /**
   * Squiggles as they are now: problems (`coppice`), warnings on what a reload loses (`coppice-advice`), and those of the
   * language services (`typescript`, `json`).
   */
  markers(path: string): Promise<
    readonly {
      readonly severity: 'error' | 'warning' | 'information' | 'hint'
      readonly message: string
      readonly source: string
      readonly line: number
      readonly column: number
    }[]
  >
  isDirty(path: string): Promise<boolean>
}

export interface CoppiceAutomation {
  /** Resolves when the first frame has run (or, opened paused, when frame 0 stands). */
  readonly ready: Promise<void>
  status(): Promise<Status>
  pause(): Promise<Status>
  resume(): Promise<Status>
  step(n?: number): Promise<Status>
  reset(): Promise<Status>
  undoReset(): Promise<Status>
  setSpeed(speed: number): Promise<Status>
  waitFor(condition: WaitCondition, options?: WaitOptions): Promise<Status>
  modules(): Promise<readonly ModuleInfo[]>
  state(module: string): Promise<unknown>
  setState(module: string, path: string | DataPath, value: unknown): Promise<void>
  query(module: string, question: unknown): Promise<unknown>
  config(module: string): Promise<Readonly<Record<string, unknown>>>
  /** Where each value comes from. */
  configView(module: string): Promise<ConfigView>
  /** A live change over all else; objects are merged. */
  setConfig(module: string, changes: ConfigValues): Promise<ConfigChange>
  /** Takes live values back, these paths or all. */
  resetConfig(module: string, paths?: readonly ConfigPath[]): Promise<ConfigChange>
  /** Writes values to the file where they win; default: all live ones, which are no more live then. */
  writeConfig(module: string, values?: ConfigValues): Promise<readonly Receipt[]>
  reload(module: string): Promise<Receipt>
  /** Whether new code is tried out on a copy of the program before it runs; on by default. */
  setRehearsing(isRehearsing: boolean): Promise<void>
  receipts(): Promise<readonly Receipt[]>
  /** `state: 'before'`: the state is taken back too; also undoes a reset of the module. Default `now`. */
  undoReload(module: string, options?: { readonly state?: 'now' | 'before' }): Promise<Receipt>
  /** Computes the run again from frame 0 with the code of now, beside the program, and compares. */
  replayFromStart(): Promise<ReplayResult>
  unload(module: string): Promise<Receipt>
  load(entry: Partial<ManifestModule> & Pick<ManifestModule, 'name' | 'path'>): Promise<readonly Receipt[]>
  publish(topic: string, data: unknown): Promise<void>
  bus(): Promise<BusInfo>
  sockets(): Promise<readonly SocketInfo[]>
  /** Takes part in the program as a client of an `intra` socket: `(await connect('players', '7')).send('client:7:move', { x: 1 })`. */
  connect(socket: string, client: string): Promise<SocketEnd>
  logs(filter?: LogFilter): Promise<readonly LogLine[]>
  problems(): Promise<readonly Problem[]>
  readonly input: {
    key(code: string, down: boolean, options?: { readonly atFrame?: number }): Promise<void>
    pointer(
      pointer: { readonly x: number; readonly y: number; readonly buttons: number },
      options?: { readonly atFrame?: number },
    ): Promise<void>
  }
  metrics(): Promise<Metrics>
  /** Of the program; of a module's state; or of what stands at a path in it. */
  stateHash(module?: string, path?: string | DataPath): Promise<string>
  /** `tanks.*.hp`, `tanks.*.hp < 10`, `tanks.* where hp < 10 and team = "red"`; `**` is any depth, a single name is looked for everywhere. */
  findState(module: string, query: string, options?: { readonly limit?: number }): Promise<StateMatches>
  /** Changes of health of modules, queues and sockets, oldest first; of one module, or socket, or all. */
  healthHistory(module?: string): Promise<readonly HealthChange[]>
  readonly files: {
    list(): Promise<readonly FileEntry[]>
    /** The text on disk (not the editor's). */
    read(path: string): Promise<string>
    /** Resolves with the receipts of the reloads it caused, once committed or rejected; `[]` where nothing reloads. */
    write(path: string, text: string, options?: { readonly persist?: boolean }): Promise<readonly Receipt[]>
    apply(edits: readonly { readonly path: string; readonly text: string }[]): Promise<readonly Receipt[]>
  }
  /** There once the editor has loaded; a page without one has none. */
  editor?: EditorAutomation
  /** Handlers get the present first, where the event describes one. */
  on<Type extends EngineEventType>(
    event: Type,
    handler: (event: Extract<EngineEvent, { type: Type }>) => void,
  ): () => void
}
