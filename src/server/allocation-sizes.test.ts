import { describe, expect, it } from 'vitest'
import { transformCode } from './code-transform.ts'

const transformed = (code: string): string => transformCode(code, true)?.code ?? code

describe('[ML4] allocations say how much they take before they take it', () => {
  it.each([
    ['new Float64Array(n)', 'new Float64Array(__coppice_size__(8, n))'],
    ['new Uint8Array(n * 4, 2)', 'new Uint8Array(__coppice_size__(1, n * 4), 2)'],
    ['new ArrayBuffer(50000000)', 'new ArrayBuffer(__coppice_size__(1, 50000000))'],
    ['Array(n).fill(0)', 'Array(__coppice_size__(8, n)).fill(0)'],
    ['Array.from({ length: n }, () => 0)', 'Array.from(__coppice_size__(8, { length: n }), () => 0)'],
    ['Int16Array.from(list)', 'Int16Array.from(__coppice_size__(2, list))'],
    ['new Float32Array(2 ** 28)', 'new Float32Array(__coppice_size__(4, __coppice_pow__(2 , 28)))'],
    ['new Array(Array.from(list))', 'new Array(__coppice_size__(8, Array.from(__coppice_size__(8, list))))'],
  ])('%s', (code, expected) => {
    expect(transformed(`export const x = ${code}`)).toBe(`export const x = ${expected}`)
  })

  it.each([
    'new Float64Array(3)',
    'new Float64Array()',
    'new Float32Array([1, 2, 3])',
    'new Array(...list)',
    'list.from(n)',
    '((Float64Array) => new Float64Array(n))(Mine)',
  ])('%s stays', (code) => {
    expect(transformed(`export const x = ${code}`)).toBe(`export const x = ${code}`)
  })

  it('packages are let be', () => {
    expect(transformCode('export const x = new Float64Array(n)', false)).toBeUndefined()
  })
})
