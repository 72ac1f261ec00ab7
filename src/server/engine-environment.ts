// All use of Vite's Environment API, which is not final: the environment that modules are transformed in, its hot
// channel, and what the rest of the server asks of it. Vite invalidates and announces; nothing here knows workspaces.
//
//   disk ─ watcher ─► Vite: invalidate ─► hotUpdate hook ─► fileChanged    (this file's two ways out)
//   new package ─► Vite's optimizer ─► full-reload on the channel ─► packagesChanged

import { posix, sep } from 'node:path'
import {
  DevEnvironment,
  type EnvironmentModuleNode,
  type EnvironmentOptions,
  type HotPayload,
  type ResolvedConfig,
  type ViteDevServer,
  defaultClientConditions,
  defaultClientMainFields,
} from 'vite'
import { pathInside } from './workspace-paths.ts'

/** A text as Vite's module-runner transform gave it. `deps` are the specifiers as they stand in it, dynamic ones too. */
export interface TransformedText {
  /** Vite's id of it: absolute file with query, or a virtual one. */
  readonly id: string
  /** Absolute file; undefined for virtual ones. */
  readonly file: string | undefined
  readonly text: string
  readonly map: object | undefined
  readonly deps: readonly string[]
}

export interface EngineEnvironmentListener {
  /** A file changed and Vite's cached transforms of it are already invalid. Absolute path with `/`. */
  fileChanged(file: string, kind: 'create' | 'update' | 'delete'): void
  /** The set of pre-bundled packages changed: every cached transform is invalid. */
  packagesChanged(): void
  /** The server stops, or makes room for its restarted self. */
  closed(): void
}

const listeners = new WeakMap<object, EngineEnvironmentListener>()

/** Names the environment's listener; there is one. */
export const listenToEnvironment = (environment: DevEnvironment, listener: EngineEnvironmentListener): void => {
  listeners.set(environment, listener)
}

/** To be called by the plugin's `hotUpdate` hook in this environment. */
export const announceHotUpdate = (environment: object, file: string, kind: 'create' | 'update' | 'delete'): void => {
  listeners.get(environment)?.fileChanged(file, kind)
}

class EngineEnvironment extends DevEnvironment {
  constructor(name: string, config: ResolvedConfig) {
    // Revisions go to the page by the connections of their workspace. This channel only listens to Vite, and has no way
    // in: nobody outside can fetch a transformed file by it.
    const send = (payload: HotPayload): void => {
      if (payload.type === 'full-reload') listeners.get(this)?.packagesChanged()
    }
    super(name, config, {
      hot: true,
      transport: { send, on: () => undefined, off: () => undefined, close: () => undefined },
    })
  }

  override async close(): Promise<void> {
    listeners.get(this)?.closed()
    await super.close()
  }
}

const escapeGlob = (path: string): string =>
  path
    .split(sep)
    .join('/')
    .replaceAll(/[()[\]{}!*+?@|\\]/g, String.raw`\$&`)

/** Options of the environment; `folders` are searched at start for packages to pre-bundle. */
export const engineEnvironmentOptions = (folders: readonly string[]): EnvironmentOptions => ({
  // With `client`, import analysis would put the page's hot context into the texts.
  consumer: 'server',
  keepProcessEnv: false,
  // Packages as a browser gets them: the same texts run in a worker and in Node.
  resolve: {
    noExternal: true,
    conditions: [...defaultClientConditions],
    mainFields: [...defaultClientMainFields],
    builtins: [],
  },
  optimizeDeps: {
    noDiscovery: false,
    // The bundles run in a worker too: no `node:module` in them.
    rolldownOptions: { platform: 'browser' },
    entries: folders.flatMap((folder) => [
      `${escapeGlob(folder)}/**/*.{ts,mts,tsx,js,mjs,jsx}`,
      `!${escapeGlob(folder)}/**/*.test.*`,
    ]),
  },
  dev: {
    moduleRunnerTransform: true,
    // What a text imports is asked for by the walk, and by nobody when the walk stops.
    preTransformRequests: false,
    createEnvironment: (name, config) => new EngineEnvironment(name, config),
  },
})

/** Files whose change makes Vite reload every page, whoever uses them. */
const tsconfigPath = /\/tsconfig\.json$/

/**
 * Keeps the IDE's page when a file of a workspace changes that Vite would reload every page for: its tsconfig.json and its
 * HTML files. The running program lives in that page; the engine's environment still learns of the change.
 */
export const holdPageReloads = (server: ViteDevServer, isWorkspaceFile: (file: string) => boolean): void => {
  const { hot } = server.environments.client
  const { root } = server.config
  const send = hot.send.bind(hot)
  let isTold = false
  for (const event of ['add', 'change', 'unlink'])
    server.watcher.prependListener(event, (file: string) => {
      if (!tsconfigPath.test(file.split(sep).join('/')) || !isWorkspaceFile(file)) return
      isTold = true
      // Vite sends the reload before its listener returns.
      queueMicrotask(() => {
        isTold = false
      })
    })
  const isHeld = (payload: HotPayload | string): boolean => {
    if (typeof payload === 'string' || payload.type !== 'full-reload') return false
    const isOfWorkspace =
      payload.path !== undefined && payload.path !== '*' && isWorkspaceFile(posix.join(root, payload.path))
    return isTold || isOfWorkspace
  }
  hot.send = (...payload: readonly [HotPayload | string, unknown?]): void => {
    if (!isHeld(payload[0])) Reflect.apply(send, undefined, payload)
  }
}

/** The URL Vite knows a file by. */
export const urlOfFile = (environment: DevEnvironment, file: string): string => {
  const inside = pathInside(environment.config.root, file)
  return inside === undefined ? posix.join('/@fs/', file.split(sep).join('/')) : `/${inside}`
}

const unwrapUrl = (url: string): string =>
  url.startsWith('/@id/') ? url.slice('/@id/'.length).replace('__x00__', '\0') : url

const lenientExport = /^(__vite_ssr_exportName__\(".*?", \(\) => )\{ try \{ return (.+) \} catch \{\} \}\);$/gm

/**
 * Vite's exports are `undefined` where they are read before they have a value, as in a circle of imports; the browser's
 * own modules throw there, and so do these: a number that is missing must not become NaN somewhere else.
 */
const strictExports = (text: string): string => text.replaceAll(lenientExport, '$1$2);')

/** Transforms one URL, from Vite's cache where nothing changed. Rejects with Vite's or a plugin's error. */
export const transformUrl = async (environment: DevEnvironment, url: string): Promise<TransformedText> => {
  const plain = unwrapUrl(url)
  const result = await environment.transformRequest(plain)
  const node = await environment.moduleGraph.getModuleByUrl(plain)
  if (result === null || node?.id === undefined || node.id === null) throw new Error(`Vite gave nothing for ${url}`)
  return {
    id: node.id,
    file: node.file === null || node.id.startsWith('\0') ? undefined : node.file,
    text: strictExports(result.code),
    map: result.map !== null && result.map.mappings !== '' ? result.map : undefined,
    deps: [...new Set([...(result.deps ?? []), ...(result.dynamicDeps ?? [])])],
  }
}

const invalidate = (environment: DevEnvironment, nodes: Iterable<EnvironmentModuleNode>): void => {
  for (const node of nodes) environment.moduleGraph.invalidateModule(node)
}

/** Makes Vite transform (and resolve the imports of) all files of a folder anew. */
export const invalidateFolder = (environment: DevEnvironment, folder: string): void => {
  invalidate(
    environment,
    [...environment.moduleGraph.idToModuleMap.values()].filter(
      (node) => node.file !== null && pathInside(folder, node.file) !== undefined,
    ),
  )
}

/** Makes Vite transform one file anew. */
export const invalidateFile = (environment: DevEnvironment, file: string): void => {
  invalidate(environment, environment.moduleGraph.getModulesByFile(file) ?? [])
}

/** Vite's word for a text that names a pre-bundled package whose bundle was made anew meanwhile. */
export const isOutdatedPackage = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ERR_OUTDATED_OPTIMIZED_DEP' ||
    error.code === 'ERR_OPTIMIZE_DEPS_PROCESSING_ERROR' ||
    error.code === 'ERR_FILE_NOT_FOUND_IN_OPTIMIZED_DEP_DIR')
