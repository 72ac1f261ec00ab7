// @ts-check
// `npm run build`: makes dist/ anew: what Node runs, the IDE's page, and the types. With `--if-changed` only where a
// source, or what it is built with, is not what dist/ was made from; so `npm start` is quick and never stale.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stampFile = join(dist, 'built-from')
const sources = ['src', 'public', '.config', 'index.html', 'package-lock.json']

/** Files below a folder, or the file itself; workspaces are read as they stand and not built. */
const filesIn = (/** @type {string} */ path) =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !/\.(test|bench)\.tsx?$|[/\\]examples[/\\]/.test(file))

const readStamp = () => {
  const hash = createHash('sha256').update(process.version)
  for (const file of sources.flatMap((name) => filesIn(join(root, name))).toSorted()) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

const stamp = readStamp()
const isFresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
if (!isFresh || !process.argv.includes('--if-changed')) {
  rmSync(dist, { recursive: true, force: true })
  for (const name of ['node', 'page']) {
    await build({ configFile: join(root, '.config', `${name}.config.ts`), logLevel: 'warn' })
  }
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const types = spawnSync(process.execPath, [compiler, '-p', '.config/tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (types.status === 0) writeFileSync(stampFile, stamp)
  else process.exitCode = 1
}
