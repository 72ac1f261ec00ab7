// One dev server's workspaces and connections: requests of pages come in over Vite's websocket, are handled for the
// workspace opened on that connection, and answered; pushes go only to those who opened it (WS5).

import { randomUUID } from 'node:crypto'
import type { DevEnvironment, ViteDevServer, WebSocketClient } from 'vite'
import type { ContentHash } from '../protocol/values.ts'
import { CoppiceError, type ErrorData } from '../protocol/errors.ts'
import { type OpenedWorkspace, type ServerAnswerMessage, type ServerPush, serverEvents } from '../protocol/workspace.ts'
import { EngineCode } from './engine-code.ts'
import { isOwnOrigin } from './origin-check.ts'
import { readRequest } from './request-arguments.ts'
import { type RequestContext, isRequestName, requestHandlers } from './server-requests.ts'
import { type OfferedWorkspace, offeredWorkspaces, pickWorkspace } from './workspace-offer.ts'
import { pathInside } from './workspace-paths.ts'
import { type Follower, WorkspaceSession } from './workspace-session.ts'

const errorData = (error: unknown): ErrorData => {
  if (error instanceof CoppiceError)
    return {
      code: error.code,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}

/** One page. It has at most one workspace open. */
class Connection implements Follower, RequestContext {
  readonly known = new Set<ContentHash>()
  readonly #server: WorkspaceServer
  readonly #client: WebSocketClient
  #session: WorkspaceSession | undefined

  constructor(server: WorkspaceServer, client: WebSocketClient) {
    this.#server = server
    this.#client = client
  }

  push(push: ServerPush): void {
    this.#client.send(serverEvents.push, push)
  }

  answer(answer: ServerAnswerMessage): void {
    this.#client.send(serverEvents.answer, answer)
  }

  get follower(): Follower {
    return this
  }

  session(): WorkspaceSession {
    if (this.#session === undefined)
      throw new CoppiceError('unknown-workspace', 'No workspace is open on this connection. Ask `open` first.')
    return this.#session
  }

  workspaces(): readonly string[] {
    return this.#server.offered().map((workspace) => workspace.name)
  }

  async open(name: string | undefined, known: readonly ContentHash[]): Promise<OpenedWorkspace> {
    const picked = this.#server.pick(name)
    this.leave()
    const session = this.#server.session(picked.folder)
    this.#session = session
    this.known.clear()
    for (const hash of known) this.known.add(hash)
    const current = await session.open(this)
    const revision = {
      ...session.forFollower(current, this),
      trigger: 'open' as const,
      title: `${picked.name} opened`,
      changedFiles: [],
    }
    return {
      name: picked.name,
      workspaces: this.workspaces(),
      folder: picked.folder,
      files: session.entries,
      saved: await session.readSaved(this),
      revision,
      isEmpty: current.manifest.modules.length === 0 && current.problems.length === 0,
      serverId: this.#server.id,
    }
  }

  leave(): void {
    this.#session?.leave(this)
    this.#session = undefined
  }
}

export class WorkspaceServer {
  readonly id = randomUUID()
  readonly #folder: string
  readonly #engineCode: EngineCode
  readonly #sessions = new Map<string, WorkspaceSession>()
  readonly #connections = new WeakMap<object, Connection>()
  readonly #refused = new WeakSet<object>()

  /** `folder` is the workspace, or holds workspaces. */
  constructor(server: ViteDevServer, environment: DevEnvironment, folder: string) {
    this.#folder = folder
    const listener = {
      fileChanged: (file: string): void => this.#noteFile(file),
      packagesChanged: (): void => this.#sessions.forEach((session) => session.notePackages()),
      closed: (): void => this.dispose(),
    }
    this.#engineCode = new EngineCode(
      environment,
      server.watcher,
      server.config.logger,
      listener,
      (file) => this.#sessionOf(file)?.folder,
    )
    this.#listen(server)
  }

  offered(): readonly OfferedWorkspace[] {
    return offeredWorkspaces(this.#folder)
  }

  /** The workspace of that name, or the one to start with. Throws `unknown-workspace`. */
  pick(name: string | undefined): OfferedWorkspace {
    return pickWorkspace(this.offered(), name)
  }

  /** The session of a workspace folder, started at first use. */
  session(folder: string): WorkspaceSession {
    const known = this.#sessions.get(folder)
    if (known !== undefined) return known
    const session = new WorkspaceSession(folder, this.#engineCode)
    this.#sessions.set(folder, session)
    return session
  }

  /** The workspace folder a file belongs to; undefined for packages and all else. */
  folderOf(file: string): string | undefined {
    return this.#sessionOf(file)?.folder
  }

  overlayOf(file: string): string | undefined {
    return this.#sessionOf(file)?.overlayOf(file)
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose()
    this.#sessions.clear()
  }

  #sessionOf(file: string): WorkspaceSession | undefined {
    if (file.includes('/node_modules/') && !this.#folder.includes('/node_modules/')) return undefined
    for (const session of this.#sessions.values()) if (pathInside(session.folder, file) !== undefined) return session
    return undefined
  }

  #noteFile(file: string): void {
    const session = this.#sessionOf(file)
    const path = session === undefined ? undefined : pathInside(session.folder, file)
    if (path !== undefined) session?.noteFile(path)
    // A package may have been installed: what could not be found is looked for again.
    else if (/\/(package\.json|package-lock\.json)$/.test(file))
      for (const each of this.#sessions.values()) each.notePackages()
  }

  #listen({ ws, config }: ViteDevServer): void {
    const allowedHosts = Array.isArray(config.server.allowedHosts) ? config.server.allowedHosts : []
    ws.on('connection', (socket, request) => {
      if (isOwnOrigin(request, allowedHosts)) return
      this.#refused.add(socket)
      socket.close(1008, 'another origin')
    })
    ws.on(serverEvents.request, (data: unknown, client: WebSocketClient) => {
      void this.#answer(data, client)
    })
    ws.on('vite:client:disconnect', (_data: unknown, client: WebSocketClient) => {
      this.#connections.get(client)?.leave()
      this.#connections.delete(client)
    })
  }

  async #answer(data: unknown, client: WebSocketClient): Promise<void> {
    let id = 0
    const connection = this.#connections.get(client) ?? new Connection(this, client)
    this.#connections.set(client, connection)
    try {
      const request = readRequest(data)
      ;({ id } = request)
      if (this.#refused.has(client.socket))
        throw new CoppiceError('forbidden', 'Requests of another origin are refused.')
      if (!isRequestName(request.name))
        throw new CoppiceError('unknown-command', `There is no request ${request.name}.`)
      const result = await requestHandlers[request.name](connection, request.args)
      connection.answer({ id, ok: true, result })
    } catch (error) {
      const data = errorData(error)
      if (data.code === 'internal') this.#engineCode.reportError(error)
      connection.answer({ id, ok: false, error: data })
    }
  }
}
