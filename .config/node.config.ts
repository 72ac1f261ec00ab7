// Builds what Node runs of Coppice into dist/: the plugin, the command line, the headless runner and its threads, the engine, and what
// authors import. Packages stay imports.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    // The page and the types follow (.config/build.js).
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: {
        vite: 'src/server/plugin.ts',
        cli: 'src/server/cli.ts',
        headless: 'src/server/headless.ts',
        'headless-thread': 'src/server/headless-thread.ts',
        engine: 'src/engine/engine.ts',
        authoring: 'src/authoring/index.ts',
        test: 'src/authoring/test.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  // What the page is made of is no dependency of who installs Coppice.
  ssr: { target: 'node', external: true, noExternal: [/^@nats-io\//, 'tweetnacl'] },
})
