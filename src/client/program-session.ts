// One page's program: joins the dev server (what the program should be) with the engine worker (what runs). Revisions go
// to the engine in the order they come; events of both go to one hub. The server may come and go, and the worker be
// ended and started anew: texts and the newest revision stay here.
//
//   server ──push revision──► code store ──applyRevision──► engine ──receipts, problems, modules──► hub ──► page

import type { ProgramRevision } from '../protocol/code.ts'
import type { CommandArguments, CommandName, CommandResult } from '../protocol/commands.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { EngineEvent } from '../protocol/events.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ReplayProgress } from '../protocol/replay.ts'
import type { ContentHash } from '../protocol/values.ts'
import type {
  FileEdit,
  OpenedWorkspace,
  SaveResult,
  ServerPush,
  ServerRequestName,
  ServerRequests,
  WriteOptions,
} from '../protocol/workspace.ts'
import { CodeStore } from './code-store.ts'
import type { ClientEvent, CoppiceEvent, CoppiceEventType, ServerConnection } from './coppice-client.ts'
import { EngineGuard } from './engine-guard.ts'
import type { EngineThread } from './engine-link.ts'
import { EventHub, engineEventKey } from './event-hub.ts'
import { VersionEntries, differingCode, mergeProblems, problemsOfRevision } from './program-problems.ts'
import type { RunningReplay } from './replay.ts'
import { SavedKeeper } from './saved-keeper.ts'
import { SavesUnderWay } from './saves-under-way.ts'
import { ServerLink } from './server-link.ts'
import { type SourceChange, SourceChanges } from './source-changes.ts'
import type { SoundState } from './sound-player.ts'
import type { DevServer } from './vite-connection.ts'

/** Revisions whose receipts may still come. */
const maxRevisions = 200
/** Saved data is written no more often. */
const savedEveryMs = 200

export interface SessionParts {
  readonly startEngine: () => EngineThread
  readonly server: DevServer
  /** Where saved data waits while there is no server. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

export class ProgramSession {
  readonly #hub = new EventHub<CoppiceEvent>(presentKey)
  readonly #store = new CodeStore()
  readonly #sources = new SourceChanges({ store: this.#store, read: (path) => this.#readText(path) })
  readonly #server: ServerLink
  readonly #ownWrites = new Set<string>()
  /** The page's own problems, by id. */
  readonly #ownProblems = new Map<string, Problem>()
  readonly #revisions = new Map<number, ProgramRevision>()
  readonly #applied = new Map<number, Promise<readonly Receipt[]>>()
  #versions = new VersionEntries()
  readonly #engine: EngineGuard
  readonly #saved: SavedKeeper
  readonly #saves = new SavesUnderWay(() => performance.now())
  /** Texts the present worker was sent: it lacks those that came before it. */
  #sentTexts = new Set<ContentHash>()
  #workspace: OpenedWorkspace | undefined
  #newest: ProgramRevision | undefined
  /** Revisions on their way through the engine: until they are through, files and code differ by design. */
  #underWay = 0
  #isReconnecting = false

  constructor(parts: SessionParts) {
    this.#engine = new EngineGuard({
      startEngine: parts.startEngine,
      store: this.#store,
      emit: (event) => this.#onEngineEvent(event),
      layersGone: () => this.#layersGone(),
      watchLoops: (texts) => this.request('watchLoops', texts),
      hungEnded: ({ module, phase, message, lost, recoveryMs }) =>
        this.#hub.emit({ type: 'hang-ended', module, phase, message, lost, recoveryMs }),
    })
    this.#saved = new SavedKeeper({
      write: (entries) => this.request('writeSaved', entries),
      setSaved: (saved) => this.command('setSaved', saved),
      tell: (problems) => this.#setSavedProblems(problems),
      writerChanged: (isWriter) => this.#hub.emit({ type: 'saved-data', isWriter }),
      storage: parts.storage,
      later: (callback) => setTimeout(callback, savedEveryMs),
    })
    this.#server = new ServerLink(parts.server, {
      onConnection: (connection) => this.#onConnection(connection),
      onPush: (push) => this.#onPush(push),
    })
  }

  readonly command = <Name extends CommandName>(
    name: Name,
    ...args: CommandArguments<Name>
  ): Promise<Awaited<CommandResult<Name>>> => this.#engine.command(name, ...args)

  request<Name extends ServerRequestName>(
    name: Name,
    ...args: Parameters<ServerRequests[Name]>
  ): Promise<ReturnType<ServerRequests[Name]>> {
    return this.#server.request(name, ...args)
  }

  on<Type extends CoppiceEventType>(
    type: Type,
    handler: (event: Extract<CoppiceEvent, { type: Type }>) => void,
  ): () => void {
    return this.#hub.on(type, handler)
  }

  problems(): readonly Problem[] {
    return this.#hub.present('all-problems')?.problems ?? []
  }

  /** Another workspace than the one that runs gets a new worker: modules of one name must not inherit a stranger's state. */
  async open(
    workspace: string | undefined,
    options: { readonly startPaused?: boolean } = {},
  ): Promise<OpenedWorkspace> {
    const opened = await this.request('open', workspace, this.#store.known())
    if (this.#workspace !== undefined && this.#workspace.folder !== opened.folder) this.restartEngine()
    if (this.#workspace?.serverId !== opened.serverId || this.#workspace.folder !== opened.folder)
      this.#forgetRevisions()
    this.#workspace = opened
    this.#sources.open(opened.files)
    this.#hub.emit({ type: 'workspace', workspace: opened })
    void this.#readTypeLibraries()
    await this.#saved.open(opened.folder, opened.saved)
    await this.#apply(opened.revision, options)
    return opened
  }

  /** Ends the worker and starts another without a program; `open` or the next revision fills it from the code store. */
  restartEngine(): void {
    this.#layersGone()
    for (const type of ['status', 'modules', 'frames', 'problems', 'view', 'sockets-wanted', 'internal-error'] as const)
      this.#hub.forget(type)
    this.#versions = new VersionEntries()
    this.#sentTexts = new Set()
    this.#engine.restart()
  }

  /** The run so far, computed again from frame 0 with the code of now, beside it. Throws `not-supported`. */
  replay(told: (progress: ReplayProgress) => void): RunningReplay {
    return this.#engine.replay(told)
  }

  /** Whether new code is tried out in the standby before it runs (ML4). */
  setRehearsing(isRehearsing: boolean): void {
    this.#engine.setRehearsing(isRehearsing)
  }

  async save(
    edits: readonly FileEdit[],
    options: { readonly persist?: boolean } = {},
  ): Promise<{ readonly result: SaveResult; readonly receipts: readonly Receipt[] }> {
    const write = async () => {
      const result = await this.request('writeFiles', edits, { ...options, writeId: this.#ownWrite() })
      return { result, receipts: await this.receiptsOf(result) }
    }
    return this.#saves.follow(write())
  }

  /** A save is on its way to its first frame, and has not taken long so far. */
  get isSaving(): boolean {
    return this.#saves.isWaitedFor
  }

  /** Any other change of files by this page: `ask` makes the request. */
  async change(ask: (options: WriteOptions) => Promise<SaveResult>): Promise<readonly Receipt[]> {
    return this.receiptsOf(await ask({ writeId: this.#ownWrite() }))
  }

  /** The receipts of what a change of files led to. Its revision was pushed before the change was answered. */
  async receiptsOf(result: SaveResult): Promise<readonly Receipt[]> {
    return result.revision === undefined ? [] : ((await this.#applied.get(result.revision)) ?? [])
  }

  /** What a reload changed, as source texts; empty where that is not known any more. */
  changesOf(receipt: Receipt): Promise<readonly SourceChange[]> {
    return this.#sources.of(receipt)
  }

  /** A problem of the page's own; `undefined` takes it back. */
  setOwnProblem(id: string, problem: Omit<Problem, 'id'> | undefined): void {
    if (problem === undefined && !this.#ownProblems.has(id)) return
    if (problem === undefined) this.#ownProblems.delete(id)
    else this.#ownProblems.set(id, { ...problem, id })
    this.#tellProblems()
  }

  /** Something of the page's own to be heard. */
  tell(event: ClientEvent): void {
    this.#hub.emit(event)
  }

  tellSound(state: SoundState): void {
    this.#hub.emit({ type: 'sound', state })
  }

  /** The page may be gone in a moment. */
  leave(): void {
    this.#saved.leave()
  }

  /** What should not happen, made visible. */
  tellBug(error: unknown): void {
    // What was under way when a worker or the server went was told by that.
    if (error instanceof CoppiceError && (error.code === 'closed' || error.code === 'disconnected')) return
    const message = error instanceof Error ? error.message : String(error)
    const stack = error instanceof Error ? error.stack : undefined
    this.#hub.emit({ type: 'internal-error', message, ...(stack === undefined ? {} : { stack }) })
  }

  dispose(): void {
    this.#engine.dispose()
    this.#server.dispose()
  }

  #setSavedProblems(problems: readonly Problem[]): void {
    for (const { id, source } of this.#ownProblems.values()) if (source === 'saved') this.#ownProblems.delete(id)
    for (const problem of problems) this.#ownProblems.set(problem.id, problem)
    this.#tellProblems()
  }

  #ownWrite(): string {
    const writeId = crypto.randomUUID()
    this.#ownWrites.add(writeId)
    return writeId
  }

  /** Canvases go with the engine that drew on them. */
  #layersGone(): void {
    for (const module of this.#hub.keys('layer-wanted')) this.#onEngineEvent({ type: 'layer-gone', module })
  }

  #onEngineEvent(event: EngineEvent): void {
    if (event.type === 'layer-gone') this.#hub.forget('layer-wanted', event.module)
    if (event.type === 'receipt') {
      const { receipt } = event
      const revision = receipt.revision === undefined ? undefined : this.#revisions.get(receipt.revision)
      this.#versions.add(receipt, revision)
      this.#sources.receiptCame(receipt, revision, this.#versions)
    }
    this.#hub.emit(event)
    if (event.type === 'outputs') this.#saved.keep(event.outputs)
    if (event.type === 'problems') this.#tellProblems()
    if (event.type === 'receipt' || event.type === 'modules' || event.type === 'status') this.#tellDifferingFiles()
  }

  #onConnection(connection: ServerConnection): void {
    this.#hub.emit({ type: 'connection', connection })
    if (connection === 'disconnected') this.#isReconnecting = true
    if (connection !== 'connected' || !this.#isReconnecting) return
    this.#isReconnecting = false
    const name = this.#workspace?.name
    // The engine compares the new server's revision with what runs: where nothing changed, nothing happens.
    if (name !== undefined) this.open(name).catch((error: unknown) => this.tellBug(error))
  }

  #onPush(push: ServerPush): void {
    switch (push.type) {
      case 'revision':
        this.#apply(push.revision, {}).catch((error: unknown) => this.tellBug(error))
        return
      case 'files-changed': {
        const isOwn = push.writeId !== undefined && this.#ownWrites.delete(push.writeId)
        this.#hub.emit({ type: 'files-changed', changes: push.changes, files: push.files, isOwn })
        return
      }
      case 'saved':
        this.#saved.came(push.content).catch((error: unknown) => this.tellBug(error))
        return
      case 'saved-lease':
        this.#saved.leased(push.isWriter)
        return
      case 'type-libraries-changed':
        void this.#readTypeLibraries()
    }
  }

  #apply(revision: ProgramRevision, options: { readonly startPaused?: boolean }): Promise<readonly Receipt[]> {
    this.#store.add(revision.texts)
    this.#newest = { ...revision, texts: [] }
    this.#revisions.set(revision.revision, this.#newest)
    this.#sources.revisionCame(revision)
    const texts = this.#store.complete(revision).texts.filter(({ hash }) => !this.#sentTexts.has(hash))
    for (const { hash } of texts) this.#sentTexts.add(hash)
    const sent = { ...revision, texts }
    this.#underWay += 1
    const applied = this.command('applyRevision', sent, options).finally(() => {
      this.#underWay -= 1
      this.#tellDifferingFiles()
    })
    this.#applied.set(revision.revision, applied)
    for (const old of this.#revisions.keys()) {
      if (this.#revisions.size <= maxRevisions) break
      this.#revisions.delete(old)
      this.#applied.delete(old)
    }
    this.#tellProblems()
    return applied
  }

  /** Revisions of another server or workspace count from 1 again. */
  #forgetRevisions(): void {
    this.#revisions.clear()
    this.#applied.clear()
    this.#newest = undefined
  }

  #tellProblems(): void {
    const engine = this.#hub.present('problems')?.problems ?? []
    const modules = this.#hub.present('modules')?.modules ?? []
    const ofRevision = this.#newest === undefined ? [] : problemsOfRevision(this.#newest, modules)
    const problems = mergeProblems(engine, ofRevision, [...this.#ownProblems.values()])
    this.#hub.emit({ type: 'all-problems', problems })
  }

  #tellDifferingFiles(): void {
    const modules = this.#hub.present('modules')?.modules
    if (this.#newest === undefined || modules === undefined || this.#underWay > 0) return
    const code = differingCode(this.#newest, modules, this.#versions, this.#store)
    const isManifestHeld = this.#hub.present('status')?.status.isManifestHeld === true
    const differing = isManifestHeld ? { ...code, paths: ['engine.json', ...code.paths] } : code
    const before = this.#hub.present('differing-files')
    const isSame =
      before?.paths.join('\n') === differing.paths.join('\n') &&
      before.modules.join('\n') === differing.modules.join('\n')
    if (!isSame) this.#hub.emit({ type: 'differing-files', ...differing })
  }

  /** Undefined where there is no text to be had, whatever the reason: nobody waits for it. */
  async #readText(path: string): Promise<string | undefined> {
    try {
      const content = await this.request('readFile', path)
      return content.kind === 'text' ? content.text : undefined
    } catch (error) {
      if (error instanceof CoppiceError) return undefined
      throw error
    }
  }

  async #readTypeLibraries(): Promise<void> {
    try {
      this.#hub.emit({ type: 'type-libraries', libraries: await this.request('typeLibraries') })
    } catch (error) {
      this.tellBug(error)
    }
  }
}

const presentKey = (event: CoppiceEvent): string | undefined => {
  switch (event.type) {
    case 'connection':
    case 'workspace':
    case 'differing-files':
    case 'saved-data':
    case 'sound':
    case 'all-problems':
    case 'type-libraries':
    case 'sockets':
      return ''
    case 'files-changed':
    case 'hang-ended':
      return undefined
    default:
      return engineEventKey(event)
  }
}
