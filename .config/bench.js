// @ts-check
// `npm run bench [name …]`. Bundles the benchmarks first, so that they measure code as it ships: an import of a module
// runner is a property access, which the inner loops would feel.

import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = fileURLToPath(new URL('../node_modules/.cache/coppice-bench', import.meta.url))

await build({
  configFile: false,
  root,
  publicDir: false,
  logLevel: 'warn',
  build: { ssr: 'e2e/bench/run.ts', target: 'node20', outDir, emptyOutDir: true, minify: false },
  ssr: { target: 'node', external: true },
})
/** @type {{ runBenchmarks(asked: readonly string[]): Promise<boolean> }} */
const bundle = await import(pathToFileURL(`${outDir}/run.js`).href)
process.exit((await bundle.runBenchmarks(process.argv.slice(2))) ? 0 : 1)
