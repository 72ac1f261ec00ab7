// `coppice <folder>`: a Vite dev server with nothing but the plugin, on our own page.

import { basename } from 'node:path'
import { type ViteDevServer, createServer } from 'vite'
import { readServeArguments, resolveTypedFolder, serveHelp } from './command-line.ts'
import { findPackageRoot } from './package-root.ts'
import { coppice } from './plugin.ts'
import { checkWorkspaceFolder } from './workspace-offer.ts'

/** Starts the server; it runs until the process ends. Undefined where only help was asked for. Throws CoppiceError. */
export const serve = async (args: readonly string[]): Promise<ViteDevServer | undefined> => {
  const { folder, port, host, isBrowserWanted, isIsolated, isHelpWanted } = readServeArguments(args)
  if (isHelpWanted) {
    process.stdout.write(serveHelp)
    return undefined
  }
  const workspace = folder === undefined ? undefined : checkWorkspaceFolder(resolveTypedFolder(folder))
  const canOpen = isBrowserWanted && process.env['CI'] === undefined && process.stdout.isTTY
  const server = await createServer({
    root: findPackageRoot(),
    configFile: false,
    server: {
      open: canOpen,
      ...(port === undefined ? {} : { port, strictPort: true }),
      ...(host === undefined ? {} : { host }),
    },
    plugins: [coppice({ isolation: isIsolated, ...(workspace === undefined ? {} : { workspace }) })],
  })
  await server.listen()
  process.stdout.write(
    `\n  Coppice  ${workspace === undefined ? 'examples' : `${basename(workspace)} (${workspace})`}\n\n`,
  )
  server.printUrls()
  return server
}
