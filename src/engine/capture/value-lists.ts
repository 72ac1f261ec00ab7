// Lists of values that are no objects, a word each, and of values of any kind, a cell each; with holes where there are some.

import { cell, list as listTag } from './capture-format.ts'
import type { ListTexts } from './list-texts.ts'
import type { PackCursor } from './pack-pass.ts'
import type { StringTable } from './string-table.ts'

/** Tag and count of a list. */
export function writeListHead(cursor: PackCursor, tag: number, count: number): void {
  cursor.need(2)
  cursor.put(tag)
  cursor.put(count)
}

/** False where one is no number: nothing is written then. */
export function writeNumbers(cursor: PackCursor, values: readonly unknown[]): boolean {
  const count = values.length
  cursor.need(2 + count)
  const { words } = cursor
  const at = cursor.at + 2
  for (let index = 0; index < count; index++) {
    const value = values[index]
    if (typeof value !== 'number') return false
    words[at + index] = value
  }
  writeListHead(cursor, listTag.numbers, count)
  cursor.at += count
  return true
}

/** As `writeNumbers`; `texts`: the list's own, of the last capture. */
export function writeStrings(
  cursor: PackCursor,
  values: readonly unknown[],
  texts: ListTexts,
  strings: StringTable,
): boolean {
  cursor.need(2 + values.length)
  if (!texts.write(values, cursor.words, cursor.at + 2, strings)) return false
  writeListHead(cursor, listTag.strings, values.length)
  cursor.at += values.length
  return true
}

/** As `writeNumbers`. */
export function writeBooleans(cursor: PackCursor, values: readonly unknown[]): boolean {
  const count = values.length
  for (let index = 0; index < count; index++) if (typeof values[index] !== 'boolean') return false
  writeListHead(cursor, listTag.booleans, count)
  cursor.need(count)
  for (let index = 0; index < count; index++) cursor.words[cursor.at + index] = values[index] === true ? 1 : 0
  cursor.at += count
  return true
}

type WriteCell = (value: unknown, at: number) => void

export function writeCells(cursor: PackCursor, values: readonly unknown[], writeCell: WriteCell): void {
  const count = values.length
  writeListHead(cursor, listTag.cells, count)
  cursor.need(2 * count)
  let { at } = cursor
  cursor.at += 2 * count
  for (let index = 0; index < count; index++, at += 2) {
    const value = values[index]
    if (value === undefined && !(index in values)) {
      cursor.words[at] = cell.hole
      cursor.words[at + 1] = 0
    } else writeCell(value, at)
  }
}

/** A cell for each; `enter` is called before each, and may write what the cells before refer to. */
export function writeEach(
  cursor: PackCursor,
  values: readonly unknown[],
  writeCell: WriteCell,
  enter: (index: number) => void,
): void {
  writeListHead(cursor, listTag.cells, values.length)
  cursor.need(2 * values.length)
  const { at } = cursor
  cursor.at += 2 * values.length
  for (let index = 0; index < values.length; index++) {
    enter(index)
    writeCell(values[index], at + 2 * index)
  }
  enter(values.length)
}

/** Where most are holes: only what there is, with its index. False where there are few: nothing is written then. */
export function writeSparse(cursor: PackCursor, values: readonly unknown[], writeCell: WriteCell): boolean {
  if (values.length < 1024 || !hasHole(values)) return false
  const indices = Object.keys(values)
    .map(Number)
    .filter((index) => Number.isInteger(index))
  if (indices.length * 2 > values.length) return false
  writeListHead(cursor, listTag.sparse, values.length)
  cursor.need(1 + 3 * indices.length)
  cursor.put(indices.length)
  for (const index of indices) {
    cursor.put(index)
    writeCell(values[index], cursor.at)
    cursor.at += 2
  }
  return true
}

function hasHole(values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index++) if (values[index] === undefined && !(index in values)) return true
  return false
}
