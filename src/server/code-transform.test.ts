// Powers and classes in module code, before Vite's own transform of imports.

import { describe, expect, it } from 'vitest'
import { transformCode } from './code-transform.ts'

const run = (code: string, names: Readonly<Record<string, unknown>> = {}): unknown => {
  const transformed = transformCode(code, true)?.code ?? code
  const calls: string[] = []
  const power = (a: number | bigint, b: number | bigint): number | bigint => {
    calls.push(`${a}^${b}`)
    return typeof a === 'bigint' && typeof b === 'bigint' ? a ** b : Number(a) ** Number(b)
  }
  const classes: unknown[] = []
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- the transformed code is what is tested
  const body = new Function(
    '__coppice_pow__',
    '__coppice_classes__',
    ...Object.keys(names),
    `"use strict";let result;${transformed};return result`,
  )
  const result: unknown = body(power, (rows: unknown) => classes.push(rows), ...Object.values(names))
  return { result, calls, ...(classes.length > 0 ? { classes: classes[0] } : {}) }
}

describe("[FL5] powers are the engine's", () => {
  it('rewrites nested, parenthesised and commented powers', () => {
    expect(run('result = 2 ** 3 ** 2')).toEqual({ result: 512, calls: ['3^2', '2^9'] })
    expect(run('result = (2) /* ** */ ** ((3))')).toEqual({ result: 8, calls: ['2^3'] })
    expect(run('result = (1 + 1) // **\n ** 4 + 1')).toEqual({ result: 17, calls: ['2^4'] })
    expect(run('result = 2n ** 3n')).toEqual({ result: 8n, calls: ['2^3'] })
  })
  it('rewrites assignments, evaluating object and key once', () => {
    expect(run('let x = 3; x **= 2; result = x')).toEqual({ result: 9, calls: ['3^2'] })
    expect(run('const o = { a: { b: 2 } }; o.a.b **= 3; result = o.a.b')).toEqual({ result: 8, calls: ['2^3'] })
    expect(run('const a = [0, 4]; let i = 1; a[i] **= i + 1; result = a[1]')).toEqual({ result: 16, calls: ['4^2'] })
    expect(run('const a = [2, 3]; let i = 0; a[i++] **= 2; result = [a, i]')).toEqual({
      result: [[4, 3], 1],
      calls: ['2^2'],
    })
    expect(
      run('let n = 0; const o = { p: 2 }; const f = () => { n++; return o }; f().p **= 3; result = [o.p, n]'),
    ).toEqual({ result: [8, 1], calls: ['2^3'] })
    expect(
      run(
        'let n = 0; const o = { p: 2 }; const f = () => { n++; return o }; f()["p"] **= f().p ** 2; result = [o.p, n]',
      ),
    ).toEqual({
      result: [16, 2],
      calls: ['2^2', '2^4'],
    })
    expect(run('class A { #v = 3; go() { this.#v **= 2; return this.#v } } result = new A().go()')).toMatchObject({
      result: 9,
    })
  })
  it('leaves comments, strings and globs alone', () => {
    expect(transformCode('/** doc */ const a = "x ** y" // **', true)).toBeUndefined()
    expect(transformCode('const a = b * c', true)).toBeUndefined()
  })
  it('leaves code that does not parse to whoever parses it next', () => {
    expect(transformCode('const a = = 2 ** 3', true)).toBeUndefined()
  })
})

describe('[ML7] classes are registered by file and name', () => {
  it('finds declarations, class expressions and exports, and marks private members', () => {
    const code =
      'class A {}\nexport class B { #x = 1 }\nconst C = class {}, D = 1\nexport const E = (class { get #y() { return 1 } })\nfunction f() { class Inner {} }'
    expect(transformCode(code, true)?.code).toContain(
      '__coppice_classes__([["A", A, false], ["B", B, true], ["C", C, false], ["E", E, true]]);',
    )
    expect(run('class A {}; const B = class {}')).toMatchObject({
      classes: [
        ['A', expect.any(Function), false],
        ['B', expect.any(Function), false],
      ],
    })
  })
  it('names an unnamed default export', () => {
    expect(transformCode('export default class { x = 1 }', true)?.code).toBe(
      'export default class __coppice_default_class__ { x = 1 }\n;__coppice_classes__([["default", __coppice_default_class__, false]]);',
    )
    expect(transformCode('export default class Named extends Base {}', true)?.code).toContain('["Named", Named, false]')
  })
  it('registers nothing in packages', () => {
    expect(transformCode('class A {}', false)).toBeUndefined()
  })
  it('keeps a source map', () => {
    const map = transformCode('const a = 1\nconst b = a ** 2', true)?.map
    expect(map?.mappings.split(';')).toHaveLength(2)
  })
})
