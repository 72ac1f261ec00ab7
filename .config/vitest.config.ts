// Unit tests: beside the files they test, in Node. What starts servers or compilers is a project of its own, one file at
// a time, with more patience. Results also go to test-results/unit.json for .ci/run.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

export default defineConfig({
  root: source('.'),
  resolve: {
    alias: [
      { find: /^coppice$/, replacement: source('src/authoring/index.ts') },
      { find: /^coppice\/test$/, replacement: source('src/authoring/test.ts') },
      { find: /^coppice\/vite$/, replacement: source('src/server/plugin.ts') },
      { find: /^coppice\/engine$/, replacement: source('src/engine/engine.ts') },
    ],
  },
  test: {
    environment: 'node',
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude: ['src/server/**', 'src/**/*.types.test.ts', 'src/**/network-*.test.ts', '**/node_modules/**'],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [
            'src/server/**/*.test.ts',
            'src/**/*.types.test.ts',
            'src/**/network-*.test.ts',
            '.config/**/*.test.ts',
          ],
          // Node 20 has the browser's WebSocket behind this flag.
          execArgv: ['--experimental-websocket'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
