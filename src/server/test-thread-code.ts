// The code of threads, built from the sources as they are: for tests, where `dist` may be older.

import { build } from 'vite'
import { findPackageRoot } from './package-root.ts'

/** Address of headless-thread.ts as one JavaScript module. */
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
  return new URL(`data:text/javascript,${encodeURIComponent(chunk.code)}`)
}
