// Functions compiled for a layout that pack rows of objects into words and check each of them against the layout. The text they are
// made of holds keys as string literals and nothing else from outside. row-making.ts has those that make the objects again.

import { isCallable, type Callable } from '../reflection.ts'
import { columnWidth, layoutText, objectPaths, widthOf, type Layout } from './layout.ts'
import { textOfShape } from './shape-index.ts'

/** What the rows of one list had in their string columns in the last capture: by column, then by row. */
export interface RowTexts {
  readonly texts: (string | undefined)[][]
  readonly ids: number[][]
}

/**
 * Packs rows `from` … `to` − 1, the first at word `at`, and gives the row it stopped at: `to`, or the first that is not
 * as the layout says or not made of the objects in `objects` (all objects of a row, row by row), which were checked in full
 * when they came (`packNew`) and are again now and then.
 *
 * Checked per row: each object is the one expected, has the `constructor` in `constructors`, has all keys, and the type of each
 * value; and, by `pack`, that its enumerable keys stand in the expected order and there is no other (`for…in`; its prototypes
 * have none: see `hasPlainChain`). That is most of the time it takes, so `packKnown` leaves it out. `packNew` takes whatever
 * objects there are, checks the prototype of each instead of its `constructor`, and puts them in `objects`.
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

/** Class and keys of one object of each row. */
export interface RowShape {
  readonly className: string
  readonly keys: readonly string[]
}

/** One object of each row: what it must be, and the words it takes. */
export interface RowPart {
  readonly shape: RowShape
  /** Equal for equal shapes. */
  readonly shapeText: string
  /** Equal for equal shapes whose words mean the same. */
  readonly format: string
  /** Its first word in a row. */
  readonly word: number
  readonly width: number
}

/** A layout with all that follows from it. */
export interface RowCode {
  readonly layout: Layout
  readonly text: string
  /** Words of a row. */
  readonly width: number
  /** Objects of a row, the row's own first. */
  readonly paths: readonly (readonly string[])[]
  /** In the same order. */
  readonly parts: readonly RowPart[]
  readonly textColumns: number
  readonly pack: PackRows
  readonly packKnown: PackRows
  readonly packNew: PackRows
}

export interface PackContext {
  readonly intern: (text: string) => number
  /** Writes a cell at a word. */
  readonly writeCell: (value: unknown, at: number) => void
  readonly isClass: (prototype: object | null, className: string) => boolean
}

/** How well the objects of rows are looked at: see `PackRows`. */
type Check = 'known' | 'keys' | 'new'

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
  const { textColumns } = new PackSource(layout, 'known')
  const compiled = new Map<Check, PackRows>()
  // Most lists never need all of them.
  const compile = (check: Check): PackRows => {
    let pack = compiled.get(check)
    if (pack === undefined) compiled.set(check, (pack = compileRows(layout, context, check)))
    return pack
  }
  return {
    layout,
    text,
    width: widthOf(layout),
    paths: objectPaths(layout),
    parts: partsOf(layout),
    textColumns,
    get pack() {
      return compile('keys')
    },
    get packKnown() {
      return compile('known')
    },
    get packNew() {
      return compile('new')
    },
  }
}

/** In the order of `objectPaths`. */
function partsOf(layout: Layout): readonly RowPart[] {
  const parts: RowPart[] = []
  let word = 0
  const walk = (part: Layout): void => {
    const { className, keys } = part
    const shapeText = textOfShape(className, keys)
    parts.push({ shape: part, shapeText, format: layoutText(part), word, width: widthOf(part) })
    for (const column of part.columns) {
      if (typeof column === 'object') walk(column)
      else word += columnWidth(column)
    }
  }
  walk(layout)
  return parts
}

function compileRows(layout: Layout, context: PackContext, check: Check): PackRows {
  const source = new PackSource(layout, check)
  const columns = Array.from({ length: source.textColumns }, (_, column) => column)
  const made = evaluate(
    ['context', 'shapes', 'getPrototypeOf'],
    `const { intern, writeCell, isClass } = context
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
    [context, source.shapes, Reflect.getPrototypeOf],
  )
  return asPackRows(made)
}

class PackSource {
  readonly body: string
  readonly constants: string[] = []
  readonly locals: string[] = []
  readonly shapes: Layout[] = []
  textColumns = 0
  readonly #check: Check
  readonly #objectCount: number
  #word = 0

  constructor(layout: Layout, check: Check) {
    this.#check = check
    this.#objectCount = objectPaths(layout).length
    this.body = this.#ofLayout(layout)
  }

  /** Statements for the object `o<n>`, n being the number of layouts so far. */
  #ofLayout(layout: Layout): string {
    const n = this.shapes.push(layout) - 1
    const place = `objects[row * ${this.#objectCount} + ${n}]`
    const lines = this.#check === 'new' ? this.#ofNew(n, place) : [`if (o${n} !== ${place}) return row`]
    if (this.#check !== 'known') {
      this.constants.push(`const keys${n} = shapes[${n}].keys`)
      lines.push(
        `let key${n} = 0`,
        `for (const key in o${n}) if (key !== keys${n}[key${n}++]) return row`,
        `if (key${n} !== ${layout.keys.length}) return row`,
      )
    }
    // A key of that name is data, and says nothing of the class.
    if (this.#check !== 'new' && !layout.keys.includes('constructor')) {
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

  /**
   * Which prototypes are of the class may change from capture to capture: each call asks anew. Once its `constructor` was read V8
   * knows the object's hidden class, and with it the prototype, without a call.
   */
  #ofNew(n: number, place: string): string[] {
    this.locals.push(`let prototype${n}`)
    this.constants.push(`const class${n} = shapes[${n}].className`)
    return [
      `if (typeof o${n} !== 'object' || o${n} === null) return row`,
      `o${n}.constructor`,
      `const p${n} = getPrototypeOf(o${n})`,
      `if (p${n} !== prototype${n}) { if (!isClass(p${n}, class${n})) return row; prototype${n} = p${n} }`,
      `${place} = o${n}`,
    ]
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

/** Of text that is made in these files alone. */
export function evaluate(parameters: readonly string[], body: string, values: readonly unknown[]): Callable {
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
