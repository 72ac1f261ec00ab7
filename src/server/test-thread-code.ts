// The code of threads, built from the sources as they are: for tests, where `dist` may be older.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { hashOf } from './content-hash.ts'
import { findPackageRoot } from './package-root.ts'

/** Address of headless-thread.ts as one JavaScript file, known by its content; a `data:` URL would stand in every line of each stack. */
export const buildThreadCode = async (): Promise<URL> => {
  const output = await build({
    configFile: false,
    root: findPackageRoot(),
    logLevel: 'silent',
    build: { ssr: 'src/server/headless-thread.ts', write: false, target: 'node20' },
    ssr: { noExternal: true },
  })
  const [bundle] = Array.isArray(output) ? output : [output]
  const chunk = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined
  if (chunk === undefined) throw new Error('headless-thread.ts was not built')
  const folder = join(tmpdir(), 'coppice-test-threads')
  const file = join(folder, `${hashOf(chunk.code)}.mjs`)
  await mkdir(folder, { recursive: true })
  // Several test files may do so at once.
  const unfinished = `${file}.${process.pid}.${performance.now()}`
  await writeFile(unfinished, chunk.code)
  await rename(unfinished, file)
  return pathToFileURL(file)
}
