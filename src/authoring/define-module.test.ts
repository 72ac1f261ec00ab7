// Runs both compilers we support over define-module.types.ts; every expectation stands there.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { defineModule } from './define-module.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const compilers = [
  { version: '7', entry: '../../node_modules/typescript/bin/tsc' },
  { version: '5.9', entry: '../../node_modules/typescript-5.9/bin/tsc' },
]

/** What a compiler has to say; empty when all is well. */
function compile(entry: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, '-p', 'tsconfig.types.json'], { cwd: folder }, (error, stdout, stderr) => {
      resolve(error === null ? '' : `${stdout}${stderr}` || error.message)
    })
  })
}

describe('defineModule', () => {
  it('gives the definition back as it is', () => {
    const definition = { init: () => ({ count: 0 }), process() {} }
    expect(defineModule(definition)).toBe(definition)
  })

  it.each(compilers)(
    'infers and refuses what define-module.types.ts says, in TypeScript $version',
    async ({ entry }) => {
      expect(await compile(entry)).toBe('')
    },
    60_000,
  )
})
