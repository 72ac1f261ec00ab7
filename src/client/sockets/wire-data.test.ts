import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeData, encodeData } from './wire-data.ts'

const textOf = (data: unknown): string => new TextDecoder().decode(encodeData(data))

describe('[MB5] data on the wire', () => {
  test('plain data is plain JSON', () => {
    expect(textOf({ x: 1, list: ['a', null, true] })).toBe('{"x":1,"list":["a",null,true]}')
    expect(textOf(undefined)).toBe('')
    expect(decodeData(new Uint8Array())).toBeUndefined()
  })

  test('whatever the bus carries comes out as it went in', () => {
    const data = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      key: fc.oneof(fc.string(), fc.constantFrom('$map', '$$', '$', '__proto__')),
    })
    fc.assert(
      fc.property(data, (value) => {
        expect(decodeData(encodeData(value))).toStrictEqual(value)
      }),
    )
  })

  test.each([
    ['a circle', () => encodeData(circle()), /in a circle/],
    ['a function', () => encodeData({ f: () => 1 }), /a function can't be sent/],
    ['no JSON', () => decodeData(new TextEncoder().encode('{')), /JSON/],
    ['no UTF-8', () => decodeData(new Uint8Array([0xff, 0xfe])), /encoded data/],
    ['what Coppice never writes', () => decodeData(new TextEncoder().encode('{"$map":[1]}')), /nothing Coppice writes/],
    [
      'bytes of no whole number',
      () => decodeData(new TextEncoder().encode('{"$Float64Array":"AA=="}')),
      /multiple of 8/,
    ],
    [
      'a nest without end',
      () => decodeData(new TextEncoder().encode('['.repeat(1000) + ']'.repeat(1000))),
      /deeper than/,
    ],
  ])('%s is refused', (_what, attempt, why) => {
    expect(attempt).toThrow(why)
  })

  test('of any bytes there is data or an Error', () => {
    const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(text.replaceAll('"', '"$')))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), json), (bytes) => {
        try {
          decodeData(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
  })
})

function circle(): object {
  const value: { self?: unknown } = {}
  value.self = value
  return value
}
