// Top-level classes of a workspace file are made known to the engine by one call at the file's end, so that it knows
// which instances may stand in a state, and keeps them working over a reload. Edits a MagicString in place.

import type MagicString from 'magic-string'
import type { ESTree } from 'vite'

/** Ambient function the appended call goes to: `[[name, class, has #private members], …]`. */
const classesFunction = '__coppice_classes__'

interface FoundClass {
  /** Name it is known by; `default` for an unnamed default export. */
  readonly name: string
  /** Binding to read it by. */
  readonly binding: string
  readonly hasPrivate: boolean
}

const hasPrivateMembers = (node: ESTree.Class): boolean =>
  node.body.body.some((member) => 'key' in member && member.key.type === 'PrivateIdentifier')

const classIn = (node: ESTree.Expression | null): ESTree.Class | undefined => {
  if (node === null) return undefined
  if (node.type === 'ParenthesizedExpression') return classIn(node.expression)
  return node.type === 'ClassExpression' ? node : undefined
}

const fromVariables = (node: ESTree.VariableDeclaration): FoundClass[] =>
  node.declarations.flatMap((declarator) => {
    const found = classIn(declarator.init)
    if (found === undefined || declarator.id.type !== 'Identifier') return []
    return [{ name: declarator.id.name, binding: declarator.id.name, hasPrivate: hasPrivateMembers(found) }]
  })

const fromStatement = (statement: ESTree.Program['body'][number], output: MagicString): FoundClass[] => {
  switch (statement.type) {
    case 'ClassDeclaration':
      if (statement.id === null) return []
      return [{ name: statement.id.name, binding: statement.id.name, hasPrivate: hasPrivateMembers(statement) }]
    case 'VariableDeclaration':
      return fromVariables(statement)
    case 'ExportNamedDeclaration': {
      const declaration = statement.declaration
      return declaration?.type === 'ClassDeclaration' || declaration?.type === 'VariableDeclaration'
        ? fromStatement(declaration, output)
        : []
    }
    case 'ExportDefaultDeclaration': {
      const declaration = statement.declaration
      if (declaration.type !== 'ClassDeclaration') return []
      if (declaration.id !== null) return fromStatement(declaration, output)
      const binding = '__coppice_default_class__'
      output.appendLeft(declaration.start + 'class'.length, ` ${binding}`)
      return [{ name: 'default', binding, hasPrivate: hasPrivateMembers(declaration) }]
    }
    default:
      return []
  }
}

/** Appends the call where the file declares classes at its top level; returns whether it does. */
export const registerClasses = (program: ESTree.Program, output: MagicString): boolean => {
  const classes = program.body.flatMap((statement) => fromStatement(statement, output))
  if (classes.length === 0) return false
  const rows = classes.map(({ name, binding, hasPrivate }) => `[${JSON.stringify(name)}, ${binding}, ${hasPrivate}]`)
  output.append(`\n;${classesFunction}([${rows.join(', ')}]);`)
  return true
}
