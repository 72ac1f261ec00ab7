// The public Vite plugin, exported as `coppice/vite`: adds the engine's environment, the workspaces and the IDE's page
// to a dev server. Everything of ours enters a project through it; its hooks only connect the parts.

import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { DevEnvironment, Plugin, UserConfig, ViteDevServer } from 'vite'
import { CoppiceError } from '../protocol/errors.ts'
import { transformCode } from './code-transform.ts'
import { hashOf } from './content-hash.ts'
import { announceHotUpdate, engineEnvironmentOptions, holdPageReloads, urlOfFile } from './engine-environment.ts'
import { refuseOutsideLinks } from './link-guard.ts'
import { manifestFile } from './manifest-reader.ts'
import { refuseOtherOrigins } from './origin-check.ts'
import { findPackageRoot } from './package-root.ts'
import { jsxDependencies, pageDependencies } from './page-dependencies.ts'
import { builtPage, servePage } from './page.ts'
import { codeText, loadAsset } from './workspace-assets.ts'
import { checkWorkspaceFolder, offeredWorkspaces } from './workspace-offer.ts'
import { WorkspaceServer } from './workspace-server.ts'

export interface CoppiceOptions {
  /**
   * Folder of modules, or a folder of such folders; relative to Vite's root. Default: `COPPICE_WORKSPACE`, else the root
   * where it has an engine.json, else the examples.
   */
  readonly workspace?: string
  /**
   * Whether the server sends the headers that isolate the page; default true. Off, the page can embed what they keep out, has no shared memory,
   * and says what it does without.
   */
  readonly isolation?: boolean
}

/** Shared memory, which captures and breakpoints need, is given to isolated pages only. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'credentialless',
}

const workspaceServers = new WeakMap<DevEnvironment, WorkspaceServer>()

/** The workspaces of a dev server that has the plugin. */
export const workspaceServerOf = (server: ViteDevServer): WorkspaceServer => {
  for (const environment of Object.values(server.environments)) {
    const found = workspaceServers.get(environment)
    if (found !== undefined) return found
  }
  throw new CoppiceError('not-supported', 'This Vite server has no coppice() plugin.')
}

const workspaceFolder = (options: CoppiceOptions, root: string, packageRoot: string): string => {
  const named = options.workspace ?? process.env['COPPICE_WORKSPACE']
  if (named !== undefined && named !== '') return checkWorkspaceFolder(resolve(root, named))
  if (existsSync(join(root, manifestFile))) return checkWorkspaceFolder(root)
  return checkWorkspaceFolder(join(packageRoot, 'src', 'examples'))
}

/** Adds Coppice to a Vite project: `plugins: [coppice({ workspace: './game' })]`. */
export const coppice = (options: CoppiceOptions = {}): Plugin[] => createPlugins(options, true)

/**
 * The same for servers whose page nobody opens: nothing of it is bundled, and packages of modules are kept apart from
 * those of a server with a page on the same folder.
 */
export const coppiceWithoutPage = (options: CoppiceOptions = {}): Plugin[] => createPlugins(options, false)

const createPlugins = (options: CoppiceOptions, hasPage: boolean): Plugin[] => {
  const packageRoot = findPackageRoot()
  let environmentName = ''

  const page: Plugin = {
    name: 'coppice',
    apply: 'serve',
    config(user): UserConfig {
      const root = resolve(user.root ?? process.cwd())
      if (user.server?.hmr === false)
        throw new CoppiceError(
          'not-supported',
          'coppice() needs hot updates: remove `server.hmr: false` from the Vite configuration.',
        )
      const folder = workspaceFolder(options, root, packageRoot)
      // Bundled packages are kept per environment name: two servers on one root must not share them.
      environmentName = `${hasPage ? 'engine' : 'headless'}_${hashOf(folder).slice(0, 8)}`
      // The page as built holds its packages: those of its sources, which Vite would find here, are not bundled for nothing.
      const isBuilt = builtPage(packageRoot) !== undefined
      const include = hasPage && !isBuilt ? [...pageDependencies, ...jsxDependencies] : []
      const headers = options.isolation === false ? {} : isolationHeaders
      return {
        server: {
          headers,
          fs: { allow: [root, packageRoot, folder] },
          ...(user.server?.cors === undefined ? { cors: false } : {}),
        },
        preview: { headers },
        optimizeDeps: { include, ...(isBuilt && root === packageRoot ? { noDiscovery: true } : {}) },
        environments: {
          [environmentName]: engineEnvironmentOptions(offeredWorkspaces(folder).map((workspace) => workspace.folder)),
        },
      }
    },
    configureServer(server) {
      const environment = server.environments[environmentName]
      if (environment === undefined) throw new CoppiceError('internal', `Vite made no environment ${environmentName}.`)
      const { root } = server.config
      const folder = workspaceFolder(options, root, packageRoot)
      const workspaces = new WorkspaceServer(server, environment, folder)
      workspaceServers.set(environment, workspaces)
      holdPageReloads(server, (file) => workspaces.folderOf(file) !== undefined)
      const { allowedHosts, cors } = server.config.server
      if (cors === false) server.middlewares.use(refuseOtherOrigins(Array.isArray(allowedHosts) ? allowedHosts : []))
      server.middlewares.use(refuseOutsideLinks(folder, root))
      servePage(server, packageRoot)
    },
    // Modules are not the page's: their changes must not reload it.
    hotUpdate: {
      order: 'pre',
      handler({ file, type, server }) {
        if (this.environment.name === environmentName) announceHotUpdate(this.environment, file, type)
        return workspaceServerOf(server).folderOf(file) === undefined ? undefined : []
      },
    },
  }

  const code: Plugin = {
    name: 'coppice:code',
    apply: 'serve',
    applyToEnvironment: (environment) => environment.name === environmentName,
    resolveId: {
      order: 'pre',
      handler: (id) => {
        if (id === 'coppice') return join(packageRoot, 'src', 'authoring', 'index.ts')
        return id === 'coppice/test' ? join(packageRoot, 'src', 'authoring', 'test.ts') : undefined
      },
    },
    load: {
      order: 'pre',
      async handler(id) {
        if (this.environment.mode !== 'dev' || id.startsWith('\0')) return undefined
        const [file = id] = id.split('?', 1)
        const query = id.slice(file.length)
        const workspaces = workspaceServers.get(this.environment)
        if (workspaces?.folderOf(file) === undefined) return undefined
        if (query === '') {
          const text = workspaces.overlayOf(file) ?? codeText(file)
          if (text !== undefined) return text
        }
        const isAsset = this.environment.config.assetsInclude(file)
        return loadAsset({ file, query, isAsset, url: urlOfFile(this.environment, file) })
      },
    },
    transform(text, id) {
      if (this.environment.mode !== 'dev') return undefined
      const [file = id] = id.split('?', 1)
      const isWorkspaceFile = workspaceServers.get(this.environment)?.folderOf(file) !== undefined
      return transformCode(text, isWorkspaceFile)
    },
  }
  // A workspace that lies elsewhere may use the packages of the project that serves it. (Without this Vite would find them from the
  // second request on: it remembers each import that led nowhere, resolved from its root.)
  const packages: Plugin = {
    name: 'coppice:packages',
    apply: 'serve',
    applyToEnvironment: (environment) => environment.name === environmentName,
    resolveId: {
      order: 'post',
      handler(id, importer) {
        const isPackage = /^[@\w]/.test(id) && !id.includes(':')
        if (!isPackage || importer === undefined || !isAbsolute(importer) || importer.includes('/node_modules/'))
          return undefined
        return this.resolve(id, join(this.environment.config.root, 'index.html'))
      },
    },
  }
  return [page, code, packages]
}
