// Builds the IDE's page into dist/page, where the plugin as built serves it (src/server/page.ts). Addresses are relative:
// the base of the server that will serve it is not known.

import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Monaco would start a TypeScript worker of its own, 7 MB of it, where the page gave it none (src/ui/editor/monaco-workers.ts does). */
const oneTypeScriptWorker: Plugin = {
  name: 'one-typescript-worker',
  transform: {
    filter: { id: /features[\\/]typescript[\\/]workerManager\.js$/ },
    handler(code) {
      const own = "new URL('ts.worker.js', import.meta.url)"
      if (!code.includes(own)) this.error(`Monaco no longer has ${own}: is its own worker still built?`)
      return { code: code.replace(own, "''"), map: null }
    },
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  base: './',
  plugins: [oneTypeScriptWorker],
  build: {
    outDir: 'dist/page',
    target: 'esnext',
    // Monaco is one large piece on purpose: it is loaded from this machine, after the program runs.
    chunkSizeWarningLimit: 20_000,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // Packages mark what is for the browser only; all of this is.
    rolldownOptions: { checks: { moduleLevelDirective: false, bundlerTimings: false } },
  },
  worker: { format: 'es' },
})
