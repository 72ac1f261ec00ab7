// Copiers compiled for one shape of plain data: which keys, which of them hold plain objects or short lists of primitives. Each checks the
// value it is given in full, in the same pass, and gives `otherShape` for all that is not of its shape: then the general way copies it
// (plain-copy.ts), to the same result. The text they are made of holds keys as string literals and nothing else from outside.

import { isCallable } from './reflection.ts'

export const otherShape: unique symbol = Symbol('of another shape')

/** A copy that shares nothing with the value, or `otherShape`. */
export type ShapeCopier = (value: unknown) => unknown

/** Both copiers of a shape. */
export interface CopiersOfShape {
  /** Of anybody's value: one with symbol keys is of another shape. */
  readonly fresh: ShapeCopier
  /** Of a copy made here, which has none. */
  readonly again: ShapeCopier
}

const mostObjects = 8
const mostKeys = 24
const longestList = 64

/** `list`: of primitives. */
type Shape =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'list' }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [key: string, shape: Shape])[] }

/** Undefined for all but small trees of plain objects and lists of primitives. */
export function copiersFor(sample: unknown): CopiersOfShape | undefined {
  const seen: object[] = []
  const shape = shapeOf(sample, seen)
  if (shape?.kind !== 'object' || new Set(seen).size !== seen.length) return undefined
  return { fresh: compile(shape, true), again: compile(shape, false) }
}

function shapeOf(value: unknown, seen: object[]): Shape | undefined {
  if (typeof value !== 'object' || value === null) return { kind: 'leaf' }
  seen.push(value)
  if (seen.length > mostObjects) return undefined
  if (Array.isArray(value))
    return value.length <= longestList && value.every((item) => typeof item !== 'object' || item === null)
      ? { kind: 'list' }
      : undefined
  const keys = Object.keys(value)
  if (Reflect.getPrototypeOf(value) !== Object.prototype || keys.length > mostKeys || keys.includes('__proto__'))
    return undefined
  const fields: [string, Shape][] = []
  for (const [key, item] of Object.entries(value)) {
    const shape = shapeOf(item, seen)
    if (shape === undefined) return undefined
    fields.push([key, shape])
  }
  return { kind: 'object', fields }
}

/** Writes the text of one copier. */
class CopierText {
  readonly #isFresh: boolean
  readonly #lines: string[] = []
  /** Variables that hold objects, which must all be others. */
  readonly #objects: string[] = []
  readonly keys: (readonly string[])[] = []
  #variables = 0

  constructor(isFresh: boolean) {
    this.#isFresh = isFresh
  }

  /** The body of a function of `value`. */
  body(shape: Shape): string {
    this.#lines.push("if (typeof value !== 'object' || value === null) return otherShape")
    const result = this.#check('value', shape)
    return [...this.#lines, `return ${result}`].join('\n')
  }

  /** Checks what the variable holds; gives the expression of its copy. */
  #check(name: string, shape: Shape): string {
    switch (shape.kind) {
      case 'leaf':
        this.#lines.push(`if (${isNoPrimitive(name)}) return otherShape`)
        return name
      case 'list':
        return this.#checkList(name)
      case 'object':
        return this.#checkObject(name, shape.fields)
    }
  }

  #checkList(name: string): string {
    const copy = `c${this.#variables++}`
    const item = `i${this.#variables++}`
    this.#lines.push(
      `if (!isArray(${name}) || getPrototypeOf(${name}) !== arrayPrototype || ${name}.length > ${longestList}) return otherShape`,
      ...this.#unlike(name),
      `const ${copy} = ${name}.slice()`,
      `for (let ${item} = 0; ${item} < ${copy}.length; ${item}++) {`,
      `const value = ${copy}[${item}]`,
      `if (${isNoPrimitive('value')}) return otherShape`,
      '}',
    )
    return copy
  }

  #checkObject(name: string, fields: readonly (readonly [string, Shape])[]): string {
    const place = this.keys.push(fields.map(([key]) => key)) - 1
    const count = `n${this.#variables++}`
    this.#lines.push(
      `if (typeof ${name} !== 'object' || ${name} === null || getPrototypeOf(${name}) !== objectPrototype) return otherShape`,
      ...this.#unlike(name),
      ...(this.#isFresh ? [`if (getOwnPropertySymbols(${name}).length > 0) return otherShape`] : []),
      `let ${count} = 0`,
      `for (const key in ${name}) if (key !== keys${place}[${count}++]) return otherShape`,
      `if (${count} !== ${fields.length}) return otherShape`,
    )
    const copies = fields.map(([key, shape]) => {
      const field = `f${this.#variables++}`
      // An accessor is asked once.
      this.#lines.push(`const ${field} = ${name}[${JSON.stringify(key)}]`)
      return `${JSON.stringify(key)}: ${this.#check(field, shape)}`
    })
    return `{ ${copies.join(', ')} }`
  }

  /** An object met twice is an alias or a cycle, which the general way preserves. */
  #unlike(name: string): readonly string[] {
    const same = this.#objects.map((other) => `${name} === ${other}`)
    this.#objects.push(name)
    return same.length === 0 ? [] : [`if (${same.join(' || ')}) return otherShape`]
  }
}

function isNoPrimitive(name: string): string {
  return `typeof ${name} === 'object' ? ${name} !== null : typeof ${name} === 'function' || typeof ${name} === 'symbol'`
}

function compile(shape: Shape, isFresh: boolean): ShapeCopier {
  const text = new CopierText(isFresh)
  const body = text.body(shape)
  const given: Readonly<Record<string, unknown>> = {
    otherShape,
    isArray: Array.isArray,
    getPrototypeOf: Reflect.getPrototypeOf,
    getOwnPropertySymbols: Object.getOwnPropertySymbols,
    objectPrototype: Object.prototype,
    arrayPrototype: Array.prototype,
    ...Object.fromEntries(text.keys.map((keys, index) => [`keys${index}`, keys])),
  }
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- compiling for the shape of the data is what this file is for
  const maker = new Function(...Object.keys(given), `'use strict'\nreturn (value) => {\n${body}\n}`)
  const made: unknown = Reflect.apply(maker, undefined, Object.values(given))
  if (!isCallable(made)) throw new TypeError('a compiled copier is no function')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its text is made here, with this parameter
  return made as ShapeCopier
}
