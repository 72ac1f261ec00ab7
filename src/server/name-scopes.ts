// Which name of a file means which declaration: scopes as JavaScript has them, types left out. Each declaration knows its
// references, and each reference the nodes around it.

import type { ESTree } from 'vite'

export type BindingKind = 'var' | 'let' | 'const' | 'function' | 'class' | 'import' | 'parameter'

/** A name used as a value. */
export interface Reference {
  readonly name: string
  readonly node: ESTree.Node
  /** Outermost first; the last is the parent. */
  readonly ancestors: readonly ESTree.Node[]
  /** Undefined: a global. */
  readonly binding: Binding | undefined
}

export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  /** Where the name stands in its declaration. */
  readonly identifier: ESTree.Node
  /** The declarator of a variable, the function or class, the import's specifier. */
  readonly declaration: ESTree.Node
  readonly isTop: boolean
  readonly references: Reference[]
}

export interface NameScopes {
  /** Declarations at the top level of the file. */
  readonly top: readonly Binding[]
  /** In order of the text. */
  readonly references: readonly Reference[]
  /** Of an identifier in a declaration. */
  declaredBy(identifier: ESTree.Node): Binding | undefined
}

const isNode = (value: unknown): value is ESTree.Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value

/** The nodes right below a node, in order of the text as far as the parser keeps it. */
export const childNodes = (node: ESTree.Node): readonly ESTree.Node[] =>
  Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )

export const isFunction = (
  node: ESTree.Node,
): node is Extract<ESTree.Node, { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }> =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

/** Wrappers that stand for the expression inside them. */
export const isWrapper = (node: ESTree.Node): boolean =>
  node.type === 'TSAsExpression' ||
  node.type === 'TSSatisfiesExpression' ||
  node.type === 'TSNonNullExpression' ||
  node.type === 'TSTypeAssertion' ||
  node.type === 'ParenthesizedExpression' ||
  node.type === 'ChainExpression'

/** The identifiers a pattern declares. */
export const namesIn = (pattern: ESTree.Node): readonly Extract<ESTree.Node, { type: 'Identifier' }>[] => {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern]
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)))
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => namesIn(property.type === 'Property' ? property.value : property))
    case 'TSParameterProperty':
      return namesIn(pattern.parameter)
    default:
      return []
  }
}

class Scope {
  readonly #names = new Map<string, Binding>()
  readonly parent: Scope | undefined

  constructor(parent: Scope | undefined) {
    this.parent = parent
  }

  declare(binding: Binding): void {
    if (!this.#names.has(binding.name)) this.#names.set(binding.name, binding)
  }

  find(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.parent?.find(name)
  }

  all(): readonly Binding[] {
    return [...this.#names.values()]
  }
}

class ScopeWalk {
  readonly references: Reference[] = []
  readonly declared = new Map<ESTree.Node, Binding>()

  walk(node: ESTree.Node, scope: Scope, ancestors: readonly ESTree.Node[]): void {
    const below = [...ancestors, node]
    if (node.type.startsWith('TS') && !isWrapper(node) && node.type !== 'TSParameterProperty') return
    if (isFunction(node)) {
      this.#walkFunction(node, scope, below)
      return
    }
    switch (node.type) {
      case 'Identifier': {
        const binding = scope.find(node.name)
        const reference = { name: node.name, node, ancestors, binding }
        this.references.push(reference)
        binding?.references.push(reference)
        return
      }
      case 'MemberExpression':
        this.walk(node.object, scope, below)
        if (node.computed) this.walk(node.property, scope, below)
        return
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if (node.computed) this.walk(node.key, scope, below)
        if (node.value !== null) this.walk(node.value, scope, below)
        return
      case 'VariableDeclarator':
        this.#walkPattern(node.id, scope, below)
        if (node.init !== null) this.walk(node.init, scope, below)
        return
      case 'LabeledStatement':
        this.walk(node.body, scope, below)
        return
      case 'ExportSpecifier':
        if (ancestors.some((outer) => outer.type === 'ExportNamedDeclaration' && outer.source !== null)) return
        this.walk(node.local, scope, below)
        return
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = new Scope(scope)
        if (node.id !== null) this.#declare(inner, 'class', node.id, node, false)
        if (node.superClass !== null) this.walk(node.superClass, scope, below)
        this.walk(node.body, inner, below)
        return
      }
      case 'CatchClause': {
        const inner = new Scope(scope)
        if (node.param !== null) {
          for (const name of namesIn(node.param)) this.#declare(inner, 'let', name, node, false)
          this.#walkPattern(node.param, inner, below)
        }
        this.walk(node.body, inner, below)
        return
      }
      case 'BlockStatement':
      case 'StaticBlock':
      case 'SwitchStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope(scope)
        this.#declareBlock(statementsOf(node), inner, false)
        for (const child of childNodes(node)) this.walk(child, inner, below)
        return
      }
      default:
        for (const child of childNodes(node)) this.walk(child, scope, below)
    }
  }

  program(program: ESTree.Program): readonly Binding[] {
    const scope = new Scope(undefined)
    this.#declareVars(program, scope, true)
    this.#declareBlock(program.body, scope, true)
    for (const statement of program.body) this.walk(statement, scope, [program])
    return scope.all()
  }

  #walkFunction(node: Extract<ESTree.Node, { params: unknown }>, scope: Scope, below: readonly ESTree.Node[]): void {
    const inner = new Scope(scope)
    if (node.type === 'FunctionExpression' && node.id !== null) this.#declare(inner, 'function', node.id, node, false)
    if (!isFunction(node)) return
    for (const parameter of node.params)
      for (const name of namesIn(parameter)) this.#declare(inner, 'parameter', name, parameter, false)
    for (const parameter of node.params) this.#walkPattern(parameter, inner, below)
    if (node.body === null) return
    if (node.body.type !== 'BlockStatement') {
      this.walk(node.body, inner, below)
      return
    }
    this.#declareVars(node.body, inner, false)
    this.#declareBlock(node.body.body, inner, false)
    for (const statement of node.body.body) this.walk(statement, inner, [...below, node.body])
  }

  /** What a declared pattern refers to: its defaults and computed keys. */
  #walkPattern(pattern: ESTree.Node, scope: Scope, ancestors: readonly ESTree.Node[]): void {
    const below = [...ancestors, pattern]
    switch (pattern.type) {
      case 'AssignmentPattern':
        this.#walkPattern(pattern.left, scope, below)
        this.walk(pattern.right, scope, below)
        return
      case 'RestElement':
        this.#walkPattern(pattern.argument, scope, below)
        return
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element !== null) this.#walkPattern(element, scope, below)
        return
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'Property' && property.computed) this.walk(property.key, scope, below)
          this.#walkPattern(property.type === 'Property' ? property.value : property, scope, below)
        }
        return
      case 'TSParameterProperty':
        this.#walkPattern(pattern.parameter, scope, below)
        return
      default:
    }
  }

  #declare(
    scope: Scope,
    kind: BindingKind,
    identifier: Extract<ESTree.Node, { type: 'Identifier' }>,
    declaration: ESTree.Node,
    isTop: boolean,
  ): void {
    const binding: Binding = { name: identifier.name, kind, identifier, declaration, isTop, references: [] }
    scope.declare(binding)
    this.declared.set(identifier, binding)
  }

  /** Names that belong to the block itself. */
  #declareBlock(statements: readonly ESTree.Node[], scope: Scope, isTop: boolean): void {
    for (const outer of statements) {
      const exported = outer.type === 'ExportNamedDeclaration' || outer.type === 'ExportDefaultDeclaration'
      const statement = exported ? (outer.declaration ?? outer) : outer
      switch (statement.type) {
        case 'VariableDeclaration':
          if (statement.kind === 'let' || statement.kind === 'const')
            for (const declarator of statement.declarations)
              for (const name of namesIn(declarator.id)) this.#declare(scope, statement.kind, name, declarator, isTop)
          break
        case 'FunctionDeclaration':
          if (statement.id !== null) this.#declare(scope, 'function', statement.id, statement, isTop)
          break
        case 'ClassDeclaration':
          if (statement.id !== null) this.#declare(scope, 'class', statement.id, statement, isTop)
          break
        case 'TSEnumDeclaration':
          this.#declare(scope, 'const', statement.id, statement, isTop)
          break
        case 'ImportDeclaration':
          for (const specifier of statement.specifiers)
            this.#declare(scope, 'import', specifier.local, specifier, isTop)
          break
        default:
      }
    }
  }

  /** `var`s belong to the function around them, however deep they stand. */
  #declareVars(node: ESTree.Node, scope: Scope, isTop: boolean): void {
    for (const child of childNodes(node)) {
      if (isFunction(child) || child.type.startsWith('TS')) continue
      if (child.type === 'VariableDeclaration' && child.kind === 'var')
        for (const declarator of child.declarations)
          for (const name of namesIn(declarator.id)) this.#declare(scope, 'var', name, declarator, isTop)
      this.#declareVars(child, scope, isTop)
    }
  }
}

const statementsOf = (node: ESTree.Node): readonly ESTree.Node[] => {
  switch (node.type) {
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body
    case 'SwitchStatement':
      return node.cases.flatMap((one) => one.consequent)
    case 'ForStatement':
      return node.init === null ? [] : [node.init]
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left]
    default:
      return []
  }
}

/** Resolves every name of a file. */
export const nameScopes = (program: ESTree.Program): NameScopes => {
  const walk = new ScopeWalk()
  const top = walk.program(program)
  return { top, references: walk.references, declaredBy: (identifier) => walk.declared.get(identifier) }
}
