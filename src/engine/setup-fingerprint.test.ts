// When two versions of a file count as having the same `setup`.

import { describe, expect, test } from 'vitest'
import type { CodeText } from '../protocol/code.ts'
import { contentHash } from '../protocol/values.ts'
import { setupFingerprint } from './setup-fingerprint.ts'

const setup = 'setup: () => makeWorld(GRAVITY)'

function entry(changes: { readonly [part: string]: string } = {}, world = 'w1', other = 'o1'): CodeText {
  const text = [
    'const __vite_ssr_import_0__ = await __vite_ssr_import__("./world.ts", { importedNames: ["World"] });',
    'const __vite_ssr_import_1__ = await __vite_ssr_import__("./other.ts");',
    changes['gravity'] ?? 'const GRAVITY = 9.81',
    changes['speed'] ?? 'let speed = 5',
    'function makeWorld(g) {',
    changes['body'] ?? '  return new __vite_ssr_import_0__.World(g)',
    '}',
    'const __vite_ssr_export_default__ = defineModule({',
    `  ${setup},`,
    changes['process'] ?? '  process() {}',
    '})',
    changes['after'] ?? '',
  ].join('\n')
  const imports = { './world.ts': contentHash(world), './other.ts': contentHash(other) }
  return { hash: contentHash('x'), file: 'a.ts', text, imports }
}

const before = setupFingerprint(setup, entry())

describe('[ML6] setup', () => {
  test.each([
    ['process', { process: '  process() { return 2 }' }],
    ['a declaration it does not use', { speed: 'let speed = 25' }],
  ])('is the same where %s changed', (_, changes) => {
    expect(setupFingerprint(setup, entry(changes))).toBe(before)
  })

  test('is the same where an import it does not use changed', () => {
    expect(setupFingerprint(setup, entry({}, 'w1', 'o2'))).toBe(before)
  })

  test.each([
    ['a constant it uses', { gravity: 'const GRAVITY = 1.6' }],
    ['a function it calls', { body: '  return new __vite_ssr_import_0__.World(2 * g)' }],
    ['an assignment to what it uses', { after: 'GRAVITY = 3' }],
  ])('is another where %s changed', (_, changes) => {
    expect(setupFingerprint(setup, entry(changes))).not.toBe(before)
  })

  test('is another where its own source or an import it reaches changed', () => {
    expect(setupFingerprint('setup: () => makeWorld(2)', entry())).not.toBe(before)
    expect(setupFingerprint(setup, entry({}, 'w2'))).not.toBe(before)
  })

  test('a module without setup has none', () => {
    expect(setupFingerprint('', entry())).toBe('')
  })
})
