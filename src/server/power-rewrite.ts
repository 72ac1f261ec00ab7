// `a ** b` → `__coppice_pow__(a, b)`, and `**=` likewise: engines differ in the last bit of a power, the ambient
// function does not. Edits a MagicString in place; positions are UTF-16 offsets into the code it was made from.

import type MagicString from 'magic-string'
import { type ESTree, Visitor } from 'vite'

/** Ambient name the rewritten code calls. Takes numbers or bigints. */
const powerFunction = '__coppice_pow__'

/** False: surely no `**` operator in it. True: worth parsing (a comment may be all there is). */
export const mayContainPower = (code: string): boolean => /(?<![/*])\*\*(?!\*)/.test(code)

const operatorAt = (code: string, from: number, operator: string): number => {
  let at = from
  while (!code.startsWith(operator, at)) {
    if (code.startsWith('/*', at)) at = code.indexOf('*/', at) + 2
    else if (code.startsWith('//', at)) at = code.indexOf('\n', at) + 1
    else at++
  }
  return at
}

/** Reading it twice does nothing that reading it once would not. */
const isPlain = (node: ESTree.Node): boolean => {
  switch (node.type) {
    case 'Identifier':
    case 'ThisExpression':
    case 'Super':
    case 'Literal':
      return true
    case 'MemberExpression':
      return !node.computed && isPlain(node.object)
    default:
      return false
  }
}

/** Rewrites every power in `program`; returns whether there was one. */
export const rewritePowers = (program: ESTree.Program, code: string, output: MagicString): boolean => {
  let temporaries = 0
  let hasPower = false
  const source = (node: ESTree.Node): string => code.slice(node.start, node.end)

  const rewriteMember = (node: ESTree.AssignmentExpression, left: ESTree.MemberExpression, operator: number): void => {
    const isSimple = isPlain(left.object) && (!left.computed || isPlain(left.property))
    if (isSimple) {
      output.overwrite(operator, operator + 3, `= ${powerFunction}(${source(left)},`)
      output.appendLeft(node.end, ')')
      return
    }
    // Object and key are evaluated once and kept. A nested use of the same pair is safe: the reference on the left is
    // taken before the right side runs.
    temporaries++
    const object = `__coppice_object${temporaries}__`
    const key = `__coppice_key${temporaries}__`
    const target = left.computed ? `${object}[${key}]` : `${object}.${source(left.property)}`
    output.appendRight(left.object.start, `(${object} = `)
    if (left.computed) {
      const bracket = operatorAt(code, left.object.end, '[')
      output.overwrite(left.object.end, bracket + 1, `, ${key} = `)
      output.overwrite(left.property.end, operator + 3, `, ${target} = ${powerFunction}(${target},`)
    } else output.overwrite(left.object.end, operator + 3, `, ${target} = ${powerFunction}(${target},`)
    output.appendLeft(node.end, '))')
  }

  new Visitor({
    BinaryExpression(node) {
      if (node.operator !== '**') return
      hasPower = true
      const operator = operatorAt(code, node.left.end, '**')
      output.appendRight(node.start, `${powerFunction}(`)
      output.overwrite(operator, operator + 2, ',')
      output.appendLeft(node.end, ')')
    },
    AssignmentExpression(node) {
      if (node.operator !== '**=') return
      hasPower = true
      const operator = operatorAt(code, node.left.end, '**=')
      if (node.left.type === 'MemberExpression') rewriteMember(node, node.left, operator)
      else {
        output.overwrite(operator, operator + 3, `= ${powerFunction}(${source(node.left)},`)
        output.appendLeft(node.end, ')')
      }
    },
  }).visit(program)

  if (temporaries > 0) {
    const names = Array.from({ length: temporaries }, (_, index) => [
      `__coppice_object${index + 1}__`,
      `__coppice_key${index + 1}__`,
    ])
    output.append(`\nvar ${names.flat().join(', ')};`)
  }
  return hasPower
}
