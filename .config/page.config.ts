// Builds the IDE's page into dist/page, where the plugin as built serves it (src/server/page.ts). Addresses are relative:
// the base of the server that will serve it is not known.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  base: './',
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
