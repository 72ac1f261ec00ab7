// Records that refer to nothing: dates and buffers; and the numbers of a view, whose buffer is a record of its own.

import { isShadowDate } from '../dates.ts'
import { bufferViewNames } from '../../protocol/buffer-views.ts'
import { record } from './capture-format.ts'
import type { PackCursor } from './pack-pass.ts'

export function writeDate(cursor: PackCursor, date: Date): void {
  cursor.need(3)
  cursor.put(record.date)
  cursor.put(date.getTime())
  cursor.put(isShadowDate(date) ? 1 : 0)
}

/** `bytes`: the memory of captures. */
export function writeBuffer(cursor: PackCursor, bytes: Uint8Array, buffer: ArrayBuffer): void {
  const words = Math.ceil(buffer.byteLength / 8)
  cursor.need(2 + words)
  cursor.put(record.buffer)
  cursor.put(buffer.byteLength)
  // What the last word has behind the buffer's end is always the same: equal buffers are equal words.
  if (words > 0) cursor.words[cursor.at + words - 1] = 0
  bytes.set(new Uint8Array(buffer), cursor.at * 8)
  cursor.at += words
}

/** Gives the word where the cell of its buffer is to stand. */
export function beginView(cursor: PackCursor, view: ArrayBufferView): number {
  const name: unknown = Reflect.get(view, Symbol.toStringTag)
  const length: unknown = Reflect.get(view, 'length')
  cursor.need(6)
  cursor.put(record.view)
  cursor.put(bufferViewNames.indexOf(typeof name === 'string' ? name : ''))
  cursor.put(view.byteOffset)
  cursor.put(typeof length === 'number' ? length : view.byteLength)
  cursor.at += 2
  return cursor.at - 2
}
