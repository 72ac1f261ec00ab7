// For tests: a real Vite dev server with the plugin on a folder of files, and pages that speak to it as the browser does.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ViteDevServer, createServer } from 'vite'
import { CoppiceError, type ErrorData } from '../protocol/errors.ts'
import type { ProgramRevision } from '../protocol/code.ts'
import type { ContentHash } from '../protocol/values.ts'
import {
  type OpenedWorkspace,
  type ServerPush,
  type ServerRequestName,
  type ServerRequests,
  serverEvents,
} from '../protocol/workspace.ts'
import { findPackageRoot } from './package-root.ts'
import { coppiceWithoutPage } from './plugin.ts'
import { openTestSocket } from './test-socket.ts'

export type TestFiles = Readonly<Record<string, string | Uint8Array>>

/** A module that counts, with a constant to edit. */
export const counterModule = (by: number, imports = ''): string =>
  `import { defineModule } from 'coppice'\n${imports}\nconst by = ${by}\nexport default defineModule({ init: () => ({ count: 0 }), process({ state }) { state.count += by } })\n`

const writeFiles = async (folder: string, files: TestFiles): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** A new folder under the system's temporary one, links resolved. */
export const makeFolder = async (files: TestFiles): Promise<string> => {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'coppice-test-')))
  await writeFiles(folder, files)
  return folder
}

type Push<Type extends ServerPush['type']> = Extract<ServerPush, { readonly type: Type }>

/** A page's side of the connection. */
export interface TestPage {
  request<Name extends ServerRequestName>(
    name: Name,
    ...args: Parameters<ServerRequests[Name]>
  ): Promise<ReturnType<ServerRequests[Name]>>
  /** As `request`, with whatever name and arguments. */
  requestAnything(name: string, args: unknown): Promise<unknown>
  /** All that was pushed so far, in order. */
  readonly pushes: readonly ServerPush[]
  /** The next push of that type that passes; those already seen by an earlier call are not considered again. */
  next<Type extends ServerPush['type']>(type: Type, passes?: (push: Push<Type>) => boolean): Promise<Push<Type>>
  /** How often the server asked the page to load itself anew. */
  reloads(): number
  readonly closed: Promise<void>
  close(): void
}

/** What our own server sent: the tests look at what is in it. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const trusted = <Type>(value: unknown): Type => value as Type

interface Pending {
  resolve(result: unknown): void
  reject(error: unknown): void
}

export interface PageOptions {
  readonly origin?: string
  readonly token?: string
  readonly host?: string
}

const isOfType = <Type extends ServerPush['type']>(push: ServerPush, type: Type): push is Push<Type> =>
  push.type === type

const connectPage = async (server: ViteDevServer, options: PageOptions): Promise<TestPage> => {
  const { port } = server.config.server
  const token = options.token ?? server.config.webSocketToken
  const headers = { origin: options.origin ?? `http://localhost:${port}`, host: options.host ?? `localhost:${port}` }
  const socket = await openTestSocket(
    new URL(`http://127.0.0.1:${port}/?token=${token}`),
    options.origin === '' ? { host: headers.host } : headers,
  )
  const pushes: ServerPush[] = []
  const pending = new Map<number, Pending>()
  const waiting = new Set<() => void>()
  let lastId = 0
  let taken = 0
  let reloads = 0
  socket.onMessage((text) => {
    const message = trusted<{ type?: string; event?: string; data?: unknown }>(JSON.parse(text))
    if (message.type === 'full-reload') reloads += 1
    if (message.event === serverEvents.push) {
      pushes.push(trusted<ServerPush>(message.data))
      for (const wake of waiting) wake()
    }
    if (message.event === serverEvents.answer) {
      const answer = trusted<{ id: number; ok: boolean; result?: unknown; error?: ErrorData }>(message.data)
      const asked = pending.get(answer.id)
      pending.delete(answer.id)
      const { code = 'internal', message: text = '', details } = answer.error ?? {}
      if (answer.ok) asked?.resolve(answer.result)
      else asked?.reject(new CoppiceError(code, text, { details }))
    }
  })
  const ask = (name: string, args: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      pending.set(id, { resolve, reject })
      socket.send(JSON.stringify({ type: 'custom', event: serverEvents.request, data: { id, name, args } }))
    })
  return {
    pushes,
    reloads: () => reloads,
    closed: socket.closed,
    close: () => socket.close(),
    requestAnything: ask,
    request: <Name extends ServerRequestName>(name: Name, ...args: Parameters<ServerRequests[Name]>) =>
      trusted<Promise<ReturnType<ServerRequests[Name]>>>(ask(name, args)),
    next: (type, passes = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          for (let index = taken; index < pushes.length; index++) {
            const push = pushes[index]
            if (push === undefined || !isOfType(push, type) || !passes(push)) continue
            taken = index + 1
            waiting.delete(look)
            resolve(push)
            return
          }
        }
        waiting.add(look)
        look()
      }),
  }
}

export interface TestServer {
  readonly folder: string
  readonly vite: ViteDevServer
  readonly url: string
  connect(options?: PageOptions): Promise<TestPage>
  /** A page with the workspace open. */
  open(
    name?: string,
    known?: readonly ContentHash[],
  ): Promise<{ readonly page: TestPage; readonly opened: OpenedWorkspace }>
  close(): Promise<void>
}

/** Starts a dev server on the folder. It is left alone at `close`. */
export const serveFolder = async (
  folder: string,
  cacheDir: string = join(folder, '.coppice', 'vite'),
): Promise<TestServer> => {
  const vite = await createServer({
    root: findPackageRoot(),
    configFile: false,
    cacheDir,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { port: 5310, host: '127.0.0.1' },
    plugins: [coppiceWithoutPage({ workspace: folder })],
  })
  await vite.listen()
  const connect = (options: PageOptions = {}): Promise<TestPage> => connectPage(vite, options)
  return {
    folder,
    vite,
    url: `http://localhost:${vite.config.server.port}`,
    connect,
    open: async (name, known = []) => {
      const page = await connect()
      return { page, opened: await page.request('open', name, known) }
    },
    close: () => vite.close(),
  }
}

/** Starts a dev server on a new folder of these files; both go at `close`. */
export const serveFiles = async (files: TestFiles): Promise<TestServer> => {
  const folder = await makeFolder(files)
  const server = await serveFolder(folder)
  return {
    ...server,
    close: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Hash of a module's entry text. Throws where the module has none, with its error. */
export const entryOf = (revision: ProgramRevision, name: string): ContentHash => {
  const module = revision.modules.find((each) => each.module === name)
  if (module === undefined) throw new Error(`no module ${name}`)
  if ('error' in module) throw new Error(`${name}: ${module.error.message}`)
  return module.entry
}
