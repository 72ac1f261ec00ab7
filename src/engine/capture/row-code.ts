// Functions compiled for a layout: one packs rows of objects into words and checks each of them fully against the layout,
// the other makes the objects again. The text they are made of holds keys as string literals and nothing else from outside.

import { isCallable, type Callable } from '../reflection.ts'
import { bareClass, plainClass } from './capture-format.ts'
import { columnWidth, objectPaths, widthOf, type Layout } from './layout.ts'

/** What the rows of one list had in their string columns in the last capture: by column, then by row. */
export interface RowTexts {
  readonly texts: (string | undefined)[][]
  readonly ids: number[][]
}

/**
 * Packs rows `from` … `to` − 1, the first at word `at`, and gives the row it stopped at: `to`, or the first that is not
 * as the layout says or not made of the objects in `objects` (all objects of a row, row by row), which were checked in full
 * when they came (`isShaped`) and are again now and then.
 *
 * Checked per row: each object is the one expected, has the `constructor` in `constructors`, has all keys, and the type of each
 * value; and, by `pack`, that its enumerable keys stand in the expected order and there is no other (`for…in`; its prototypes
 * have none: see `hasPlainChain`). That is most of the time it takes, so `packKnown` leaves it out.
 * Not seen by either: another prototype with the same `constructor`; accessors, symbol keys, hidden or read-only properties. State
 * may not hold those (state-rules.ts); `StateChecker` finds them, a share a frame. A getter is captured as the value it gave.
 */
export type PackRows = (
  rows: readonly unknown[],
  from: number,
  to: number,
  objects: readonly object[],
  constructors: readonly unknown[],
  words: Float64Array,
  at: number,
  texts: RowTexts,
) => number

/** Appends `count` objects made of the rows from word `at` on. Cells that refer to rows not made yet give undefined. */
export type MakeRows = (
  words: Float64Array,
  at: number,
  count: number,
  texts: readonly string[],
  valueOf: (tag: number, payload: number) => unknown,
  rows: unknown[],
) => void

/** Class and keys of one object of each row. */
export interface RowShape {
  readonly className: string
  readonly keys: readonly string[]
}

/** A layout with all that follows from it. */
export interface RowCode {
  readonly layout: Layout
  readonly text: string
  /** Words of a row. */
  readonly width: number
  /** Objects of a row, the row's own first. */
  readonly paths: readonly (readonly string[])[]
  /** What each of them must be, in the same order. */
  readonly shapes: readonly RowShape[]
  readonly textColumns: number
  readonly pack: PackRows
  readonly packKnown: PackRows
}

export interface PackContext {
  readonly intern: (text: string) => number
  /** Writes a cell at a word. */
  readonly writeCell: (value: unknown, at: number) => void
}

/** The full check of one object: its class, its enumerable keys, their order. `isClass`: of `ClassNames`. */
export function isShaped(
  object: object,
  { className, keys }: RowShape,
  isClass: (prototype: object | null, className: string) => boolean,
): boolean {
  if (!isClass(Reflect.getPrototypeOf(object), className)) return false
  let index = 0
  for (const key in object) if (key !== keys[index++]) return false
  return index === keys.length
}

/** Own keys of prototypes are hidden in any class; where one is not, `for…in` over an instance would list it. */
export function hasPlainChain(prototype: object | null): boolean {
  for (const key in prototype) return key === ''
  return true
}

export function compilePacking(layout: Layout, text: string, context: PackContext): RowCode {
  const paths = objectPaths(layout)
  const { shapes, textColumns } = new PackSource(layout, true)
  let known: PackRows | undefined
  return {
    layout,
    text,
    width: widthOf(layout),
    paths,
    shapes,
    textColumns,
    pack: compileRows(layout, context, true),
    // Most lists never need it.
    get packKnown() {
      return (known ??= compileRows(layout, context, false))
    },
  }
}

function compileRows(layout: Layout, context: PackContext, areKeysChecked: boolean): PackRows {
  const source = new PackSource(layout, areKeysChecked)
  const columns = Array.from({ length: source.textColumns }, (_, column) => column)
  const made = evaluate(
    ['context', 'shapes'],
    `const { intern, writeCell } = context
${source.constants.join('\n')}
return function packRows(rows, from, to, objects, constructors, words, at, { texts, ids }) {
  ${columns.map((column) => `const texts${column} = texts[${column}], ids${column} = ids[${column}]`).join('\n  ')}
  ${source.locals.join('\n  ')}
  for (let row = from; row < to; row++, at += ${widthOf(layout)}) {
    const o0 = rows[row]
${source.body}
  }
  return to
}`,
    [context, source.shapes],
  )
  return asPackRows(made)
}

class PackSource {
  readonly body: string
  readonly constants: string[] = []
  readonly locals: string[] = []
  readonly shapes: Layout[] = []
  textColumns = 0
  readonly #areKeysChecked: boolean
  readonly #objectCount: number
  #word = 0

  constructor(layout: Layout, areKeysChecked: boolean) {
    this.#areKeysChecked = areKeysChecked
    this.#objectCount = objectPaths(layout).length
    this.body = this.#ofLayout(layout)
  }

  /** Statements for the object `o<n>`, n being the number of layouts so far. */
  #ofLayout(layout: Layout): string {
    const n = this.shapes.push(layout) - 1
    const lines = [`if (o${n} !== objects[row * ${this.#objectCount} + ${n}]) return row`]
    if (this.#areKeysChecked) {
      this.constants.push(`const keys${n} = shapes[${n}].keys`)
      lines.push(
        `let key${n} = 0`,
        `for (const key in o${n}) if (key !== keys${n}[key${n}++]) return row`,
        `if (key${n} !== ${layout.keys.length}) return row`,
      )
    }
    // A key of that name is data, and says nothing of the class.
    if (!layout.keys.includes('constructor')) {
      this.locals.push(`const constructor${n} = constructors[${n}]`)
      lines.push(`if (o${n}.constructor !== constructor${n}) return row`)
    }
    for (const [index, column] of layout.columns.entries()) {
      const value = `v${n}_${index}`
      const key = JSON.stringify(layout.keys[index])
      if (typeof column === 'object') {
        lines.push(`const o${this.shapes.length} = o${n}[${key}]`, this.#ofLayout(column))
        continue
      }
      lines.push(`const ${value} = o${n}[${key}]`)
      if (column === 'any') lines.push(`if (${value} === undefined && !(${key} in o${n})) return row`)
      lines.push(this.#ofValue(column, value))
      this.#word += columnWidth(column)
    }
    return lines.join('\n')
  }

  #ofValue(column: Exclude<Layout['columns'][number], Layout>, value: string): string {
    const word = `words[at + ${this.#word}]`
    switch (column) {
      case 'number':
        return `if (typeof ${value} !== 'number') return row\n${word} = ${value}`
      case 'boolean':
        return `if (typeof ${value} !== 'boolean') return row\n${word} = ${value} ? 1 : 0`
      case 'string': {
        const number = this.textColumns++
        return `if (typeof ${value} !== 'string') return row
if (${value} !== texts${number}[row]) {
  texts${number}[row] = ${value}
  ids${number}[row] = intern(${value})
}
${word} = ids${number}[row]`
      }
      case 'any':
        return `if (typeof ${value} === 'number') { ${word} = 0; words[at + ${this.#word + 1}] = ${value} } else writeCell(${value}, at + ${this.#word})`
    }
  }
}

/** Compiles for the classes as they are now; `prototypes` gives one per object of a row, in the order of `objectPaths`. */
export function compileMaking(layout: Layout, prototypes: readonly (object | undefined)[]): MakeRows {
  const source = new MakeSource(prototypes)
  const expression = source.ofLayout(layout)
  const made = evaluate(
    ['prototypes'],
    `${source.constructors.join('\n')}
return function makeRows(words, at, count, texts, valueOf, rows) {
  for (let row = 0; row < count; row++, at += ${widthOf(layout)}) rows.push(${expression})
}`,
    [prototypes],
  )
  return asMakeRows(made)
}

class MakeSource {
  readonly constructors: string[] = []
  readonly #prototypes: readonly (object | undefined)[]
  #objects = 0
  #word = 0

  constructor(prototypes: readonly (object | undefined)[]) {
    this.#prototypes = prototypes
  }

  ofLayout(layout: Layout): string {
    const n = this.#objects++
    const values = layout.columns.map((column) => {
      if (typeof column === 'object') return this.ofLayout(column)
      const word = this.#word
      this.#word += columnWidth(column)
      switch (column) {
        case 'number':
          return `words[at + ${word}]`
        case 'string':
          return `texts[words[at + ${word}]]`
        case 'boolean':
          return `words[at + ${word}] === 1`
        case 'any':
          return `valueOf(words[at + ${word}], words[at + ${word + 1}])`
      }
    })
    const keys = layout.keys.map((key) => JSON.stringify(key))
    const fields = keys.map((key, index) => `${key}: ${values[index] ?? 'undefined'}`)
    if (layout.className === plainClass) return `{ ${fields.join(', ')} }`
    if (layout.className === bareClass) return `{ __proto__: null, ${fields.join(', ')} }`
    const prototype = this.#prototypes[n]
    if (prototype !== undefined && layout.keys.some((key) => key in prototype)) {
      // A setter up the chain must not run: fields are defined, not assigned.
      return `{ __proto__: prototypes[${n}], ${fields.join(', ')} }`
    }
    const parameters = keys.map((_, index) => `v${index}`)
    this.constructors.push(
      `function Row${n}(${parameters.join(', ')}) { ${keys.map((key, index) => `this[${key}] = v${index}`).join('; ')} }
Row${n}.prototype = prototypes[${n}]`,
    )
    return `new Row${n}(${values.join(', ')})`
  }
}

/** Whether what was compiled would still define fields rather than run setters. */
export function canAssign(layout: Layout, prototypes: readonly (object | undefined)[]): readonly boolean[] {
  const answers: boolean[] = []
  const walk = (part: Layout): void => {
    const prototype = prototypes[answers.length]
    answers.push(prototype === undefined || !part.keys.some((key) => key in prototype))
    for (const column of part.columns) if (typeof column === 'object') walk(column)
  }
  walk(layout)
  return answers
}

/** Class names of the objects of a row, in the order of `objectPaths`. */
export function classNamesOf(layout: Layout): readonly string[] {
  return [
    layout.className,
    ...layout.columns.flatMap((column) => (typeof column === 'object' ? classNamesOf(column) : [])),
  ]
}

function evaluate(parameters: readonly string[], body: string, values: readonly unknown[]): Callable {
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- compiling for the shape of the data is what this file is for
  const maker = new Function(...parameters, `'use strict'\n${body}`)
  const made: unknown = Reflect.apply(maker, undefined, values)
  if (!isCallable(made)) throw new TypeError('compiled rows are no function')
  return made
}

function asPackRows(made: Callable): PackRows {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its text is made here, with these parameters
  return made as PackRows
}

function asMakeRows(made: Callable): MakeRows {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its text is made here, with these parameters
  return made as MakeRows
}
