// Functions compiled for a layout that make objects of rows again. The text they are made of holds keys as string literals and nothing
// else from outside.

import type { Callable } from '../reflection.ts'
import { bareClass, plainClass } from './capture-format.ts'
import { columnWidth, widthOf, type Layout } from './layout.ts'
import { evaluate } from './row-code.ts'

/** Appends `count` objects made of the rows from word `at` on. Cells that refer to rows not made yet give undefined. */
export type MakeRows = (
  words: Float64Array,
  at: number,
  count: number,
  texts: readonly string[],
  valueOf: (tag: number, payload: number) => unknown,
  rows: unknown[],
) => void

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

function asMakeRows(made: Callable): MakeRows {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its text is made here, with these parameters
  return made as MakeRows
}
