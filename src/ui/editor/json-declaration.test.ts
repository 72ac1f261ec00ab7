// JSON texts as types.

import { expect, test } from 'vitest'
import { jsonDeclaration } from './json-declaration.ts'

test('a JSON file has the type of its text', () => {
  expect(jsonDeclaration('{"name":"a","sizes":[1,2],"on":null}')).toBe(
    'declare const value: { "name": string; "sizes": (number)[]; "on": null }\nexport default value\n',
  )
  expect(jsonDeclaration('[]')).toContain('never[]')
})

test('text that is not JSON yet is unknown', () => {
  expect(jsonDeclaration('{')).toContain(': unknown')
})
