import { expect, it } from 'vitest'
import { describeCompileError } from './compile-error.ts'

const messageOf = (source: string): string => {
  const { message, line, column } = describeCompileError(new Error('failed'), 'a.ts', source)
  return `${line}:${column} ${message}`
}

it.each([
  ['export default f({ process(({ state }) { a } })', '1:28 Unexpected `(`.'],
  ['const a = ;', '1:11 Unexpected `;`.'],
  ['f({ speed: 5 other: 6 })', '1:14 Expected `,` or `}` but found `other`.'],
  ['const const a = 1', "1:7 Identifier expected. 'const' is a reserved word that cannot be used here."],
  ['let x = 5\nlet x = 6', '2:5 Identifier `x` has already been declared.'],
])('[ML1] what can not be parsed is quoted as it stands there: %s', (source, told) => {
  expect(messageOf(source)).toBe(told)
})

it.each([
  ['export default f({\n  a: 1,\n', '2:8 Expected `}` but found the end of the file.'],
  ['a +', '1:4 Unexpected end of the file.'],
])('[ML1] what is never closed is told of where the file ends: %s', (source, told) => {
  expect(messageOf(source)).toBe(told)
})

it('[ML1] where a bracket is missing, the line of the one it would close is told', () => {
  expect(messageOf('f({\n  speed: 5\n  other: 6 })')).toBe(
    '3:3 Expected `,` or `}` but found `other`. The `{` opens in line 1.',
  )
})

it('[ML1] a long text that can not be parsed is quoted in part', () => {
  expect(messageOf(`f([1 '${'c'.repeat(40)}'])`)).toBe(`1:6 Expected \`,\` or \`]\` but found \`'${'c'.repeat(23)}…\`.`)
})
