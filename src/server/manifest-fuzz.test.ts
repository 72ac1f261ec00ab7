// engine.json with anything in any of its fields: a manifest that can be used, or problems with their places; never a throw.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isModuleName, readManifest } from './manifest.ts'

const good = {
  targetFps: 60,
  seed: 1,
  math: 'portable',
  view: { width: 960, height: 720, fit: 'contain' },
  modules: [
    { name: 'tank', path: 'tank.ts', strategy: 'sequential', hz: 30, config: { speed: 5, enemy: { hp: 1 } } },
    { name: 'map', path: 'map.ts' },
  ],
  sockets: [{ name: 'local', kind: 'local', channel: 'game', send: ['a:**'], receive: ['b'] }],
}

/** Every place in the manifest, fields that hold others included. */
const places: readonly (readonly (string | number)[])[] = (function placesIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))
  return [path, ...inner]
})(good)

const withValue = (value: unknown, [key, ...rest]: readonly (string | number)[], put: unknown): unknown => {
  if (key === undefined) return put
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? withValue(item, rest, put) : item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? withValue(item, rest, put) : item]),
  )
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(-1, 0, 1e308, '', '../x.ts', '/etc/passwd', 'C:\\x.ts', '__proto__', 'a\u0000b', 'x'.repeat(300)),
)

test('whatever stands in a field, what can be used of it is sound, and what can not is told of with its place', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), strange, (place, value) => {
      const text = JSON.stringify(withValue(good, place, value), undefined, 2)
      const { manifest, isGood, problems } = readManifest(text)
      expect(isGood).toBe(problems.every(({ severity }) => severity === 'warning'))
      for (const problem of problems) {
        expect(problem).toMatchObject({ file: 'engine.json', source: 'manifest', message: /./ })
        expect(problem.line).toBeGreaterThanOrEqual(1)
        expect(problem.line).toBeLessThanOrEqual(text.split('\n').length)
        expect(problem.column).toBeGreaterThanOrEqual(1)
      }
      expect(manifest.targetFps).toBeGreaterThanOrEqual(1)
      expect(manifest.targetFps).toBeLessThanOrEqual(1000)
      expect(Number.isInteger(manifest.seed)).toBe(true)
      for (const { name, path, hz = 1 } of manifest.modules) {
        expect(isModuleName(name)).toBe(true)
        expect(path).not.toMatch(/^\/|^[a-z]:|(^|\/)\.\.(\/|$)/i)
        expect(hz).toBeGreaterThan(0)
      }
      expect(new Set(manifest.modules.map(({ name }) => name)).size).toBe(manifest.modules.length)
    }),
    { numRuns: 400 },
  )
})

test('a text cut, doubled or with anything in it is read to its end', () => {
  const text = JSON.stringify(good, undefined, 2)
  const hurt = fc
    .tuple(fc.nat(text.length), fc.nat(text.length), fc.string({ maxLength: 4 }))
    .map(([from, to, junk]) => text.slice(0, from) + junk + text.slice(to))
  fc.assert(
    fc.property(fc.oneof(hurt, fc.string()), (broken) => {
      const { isGood, problems } = readManifest(broken)
      if (!isGood) expect(problems.some(({ severity }) => severity === 'error')).toBe(true)
      else expect(problems.every(({ severity }) => severity === 'warning')).toBe(true)
    }),
  )
})
