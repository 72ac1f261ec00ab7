// The shape of rows: which keys the objects of a uniform list have, in order, and what kind of value stands under each.
// Layouts only ever widen: a value of another kind makes its column hold any value, which is what bounds their number.

import { isObject, readProperty } from '../reflection.ts'
import { plainClass } from './capture-format.ts'

/** What a column holds: one word for numbers, strings, booleans; a cell for any value; or an object, flattened into the row. */
export type Column = 'number' | 'string' | 'boolean' | 'any' | Layout

export interface Layout {
  /** Key of the class in the registry; `{}` for plain objects. */
  readonly className: string
  readonly keys: readonly string[]
  /** One per key. */
  readonly columns: readonly Column[]
}

/** The class of an object by its prototype; undefined where a row can't hold such an object. */
export type ClassNamer = (object: object) => string | undefined

const maxKeys = 32
const maxDepth = 3

/** The narrowest layout that fits this object; undefined where it is no object for a row. */
export function layoutOf(object: object, classNameOf: ClassNamer, depth = 0): Layout | undefined {
  const className = classNameOf(object)
  if (className === undefined) return undefined
  const keys = Object.keys(object)
  if (keys.length > maxKeys || keys.includes('__proto__')) return undefined
  return {
    className,
    keys,
    columns: keys.map((key) => columnOf(readProperty(object, key), classNameOf, depth)),
  }
}

function columnOf(value: unknown, classNameOf: ClassNamer, depth: number): Column {
  switch (typeof value) {
    case 'number':
      return 'number'
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'object':
      return (isObject(value) && depth < maxDepth ? layoutOf(value, classNameOf, depth + 1) : undefined) ?? 'any'
    default:
      return 'any'
  }
}

/**
 * The narrowest layout that fits this object and all that the given one fits; the given one itself where that fits
 * already; undefined where keys or classes differ.
 */
export function widenLayout(layout: Layout, object: object, classNameOf: ClassNamer): Layout | undefined {
  const other = layoutOf(object, classNameOf)
  return other === undefined ? undefined : joinLayouts(layout, other)
}

function joinLayouts(left: Layout, right: Layout): Layout | undefined {
  if (left.className !== right.className || left.keys.length !== right.keys.length) return undefined
  if (left.keys.some((key, index) => key !== right.keys[index])) return undefined
  const columns = left.columns.map((column, index) => joinColumns(column, right.columns[index] ?? 'any'))
  return columns.every((column, index) => column === left.columns[index]) ? left : { ...left, columns }
}

function joinColumns(left: Column, right: Column): Column {
  if (left === right) return left
  if (typeof left === 'object' && typeof right === 'object') return joinLayouts(left, right) ?? 'any'
  return 'any'
}

/** The layout with the object at the end of this path in a cell of its own. */
export function withoutPart(layout: Layout, path: readonly string[]): Layout {
  const [key, ...rest] = path
  const columns = layout.columns.map((column, index) => {
    if (layout.keys[index] !== key || typeof column !== 'object') return column
    return rest.length === 0 ? 'any' : withoutPart(column, rest)
  })
  return { ...layout, columns }
}

/** Words of a row. */
export function widthOf(layout: Layout): number {
  return layout.columns.reduce((sum, column) => sum + columnWidth(column), 0)
}

export function columnWidth(column: Column): number {
  if (typeof column === 'object') return widthOf(column)
  return column === 'any' ? 2 : 1
}

/** Keys that lead from a row's own object to each object flattened into it, its own (`[]`) first, in order of columns. */
export function objectPaths(layout: Layout): readonly (readonly string[])[] {
  const paths: string[][] = [[]]
  for (const [index, column] of layout.columns.entries()) {
    if (typeof column !== 'object') continue
    const key = layout.keys[index] ?? ''
    for (const path of objectPaths(column)) paths.push([key, ...path])
  }
  return paths
}

/** Where cells for any value stand in a row: the object they belong to (as in `objectPaths`), key, word. */
export function anyCells(
  layout: Layout,
): readonly { readonly object: number; readonly key: string; readonly word: number }[] {
  const cells: { object: number; key: string; word: number }[] = []
  let objects = 0
  let word = 0
  const walk = (part: Layout): void => {
    const object = objects++
    for (const [index, column] of part.columns.entries()) {
      if (typeof column === 'object') walk(column)
      else {
        if (column === 'any') cells.push({ object, key: part.keys[index] ?? '', word })
        word += columnWidth(column)
      }
    }
  }
  walk(layout)
  return cells
}

export function layoutText(layout: Layout): string {
  return JSON.stringify(layout)
}

/** What `layoutText` gave. Throws where the text is something else. */
export function parseLayout(text: string): Layout {
  const parsed: unknown = JSON.parse(text)
  return checkedLayout(parsed)
}

function checkedLayout(value: unknown): Layout {
  const className = isObject(value) ? readProperty(value, 'className') : plainClass
  const keys: unknown = isObject(value) ? readProperty(value, 'keys') : undefined
  const columns: unknown = isObject(value) ? readProperty(value, 'columns') : undefined
  if (typeof className !== 'string' || !Array.isArray(keys) || !Array.isArray(columns)) throw new TypeError('no layout')
  return { className, keys: keys.map(String), columns: columns.map(checkedColumn) }
}

function checkedColumn(value: unknown): Column {
  if (value === 'number' || value === 'string' || value === 'boolean' || value === 'any') return value
  return checkedLayout(value)
}
