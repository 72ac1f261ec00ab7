// The state hash of FL5: two 32-bit lanes over an unambiguous encoding of plain data. Objects are numbered at first
// sight and encoded in that order, so that aliases and cycles count, nothing recurses, and equal hashes mean equal graphs.

import { bufferViewNames } from '../protocol/buffer-views.ts'
import { isDate } from './dates.ts'
import { fieldsOf } from './reflection.ts'
import { mixWord } from './word-mixing.ts'

const tag = {
  undefined: 1,
  null: 2,
  true: 3,
  false: 4,
  number: 5,
  string: 6,
  bigint: 7,
  reference: 8,
  hole: 9,
  other: 10,
  object: 11,
  array: 12,
  map: 13,
  set: 14,
  date: 15,
  buffer: 16,
  view: 17,
  add: 18,
} as const

const wordCapacity = 4096
/** One value never takes more words than this before the next check of the buffer's fill. */
const wordReserve = 8

interface Shape {
  readonly keys: readonly string[]
  readonly first: number
  readonly second: number
}

/**
 * Hashes values added one after the other. Counted: every value, key order of objects, insertion order of Map and Set,
 * class names, holes, −0, aliases, cycles, buffers shared by views. Not counted: which NaN. What state may not hold
 * (functions, symbols) counts only as being there.
 */
export class StateHasher {
  readonly #classNameOf: (prototype: object) => string
  readonly #words = new Int32Array(wordCapacity)
  readonly #float = new Float64Array(1)
  readonly #floatWords = new Int32Array(this.#float.buffer)
  readonly #numbers = new Map<object, number>()
  readonly #queue: object[] = []
  readonly #bufferFloats = new Map<object, 4 | 8>()
  readonly #classWords = new Map<object, number>()
  readonly #shapes: (Shape | undefined)[] = [undefined, undefined, undefined, undefined]
  #nextShape = 0
  #used = 0
  #total = 0
  #first = 0x243f6a88
  #second = 0x13198a2e | 0

  /** `classNameOf` names a class for the hash; by default its constructor's name. */
  constructor(classNameOf: (prototype: object) => string = constructorName) {
    this.#classNameOf = classNameOf
  }

  /** Back to the start, keeping what was allocated. */
  reset(): void {
    this.#numbers.clear()
    this.#queue.length = 0
    this.#bufferFloats.clear()
    this.#classWords.clear()
    this.#used = 0
    this.#total = 0
    this.#first = 0x243f6a88
    this.#second = 0x13198a2e | 0
  }

  /** Adds one value and all it reaches. Objects seen in an earlier `add` count as the same objects. */
  add(value: unknown): void {
    this.#put(tag.add)
    const start = this.#queue.length
    this.#addValue(value)
    for (let index = start; index < this.#queue.length; index++) {
      const object = this.#queue[index]
      if (object !== undefined) this.#addObject(object)
    }
  }

  /** 16 hexadecimal digits over all that was added so far. */
  digest(): string {
    this.#flush()
    let first = mixWord(this.#first ^ this.#total, 0)
    let second = mixWord(this.#second ^ this.#total, 0x9e3779b9)
    first = (first + second) | 0
    second = (second + first) | 0
    first = mixWord(first, 0x7feb352d)
    second = mixWord(second, 0x846ca68b)
    return hex(first) + hex(second)
  }

  #addValue(value: unknown): void {
    if (this.#used > wordCapacity - wordReserve) this.#flush()
    switch (typeof value) {
      case 'number':
        this.#put(tag.number)
        this.#putFloat(value)
        return
      case 'string':
        this.#put(tag.string)
        this.#putText(value)
        return
      case 'boolean':
        this.#put(value ? tag.true : tag.false)
        return
      case 'undefined':
        this.#put(tag.undefined)
        return
      case 'bigint':
        this.#put(tag.bigint)
        this.#putText(value.toString(36))
        return
      case 'object':
        if (value === null) this.#put(tag.null)
        else this.#addReference(value)
        return
      default:
        this.#put(tag.other)
    }
  }

  #addReference(object: object): void {
    let number = this.#numbers.get(object)
    if (number === undefined) {
      number = this.#queue.length
      this.#numbers.set(object, number)
      this.#queue.push(object)
    }
    this.#put(tag.reference)
    this.#put(number)
  }

  #addObject(object: object): void {
    if (this.#used > wordCapacity - wordReserve) this.#flush()
    const prototype = Reflect.getPrototypeOf(object)
    if (prototype === Object.prototype) {
      this.#put(tag.object)
      this.#put(0)
      this.#addProperties(object)
    } else if (Array.isArray(object)) this.#addArray(object)
    else if (object instanceof Map) {
      this.#put(tag.map)
      this.#put(object.size)
      for (const [key, value] of object) {
        this.#addValue(key)
        this.#addValue(value)
      }
    } else if (object instanceof Set) {
      this.#put(tag.set)
      this.#put(object.size)
      for (const value of object) this.#addValue(value)
    } else if (isDate(object)) {
      this.#put(tag.date)
      this.#putFloat(object.getTime())
    } else if (ArrayBuffer.isView(object)) this.#addView(object)
    else if (object instanceof ArrayBuffer) this.#addBuffer(object)
    else {
      this.#put(tag.object)
      this.#put(prototype === null ? 1 : this.#classWord(prototype))
      this.#addProperties(object)
    }
  }

  #addProperties(object: object): void {
    const keys = Object.keys(object)
    const shape = this.#shapeOf(keys)
    this.#put(keys.length)
    this.#put(shape.first)
    this.#put(shape.second)
    const fields = fieldsOf(object)
    for (let index = 0; index < keys.length; index++) this.#addValue(fields[keys[index] ?? ''])
  }

  #addArray(array: readonly unknown[]): void {
    this.#put(tag.array)
    this.#put(array.length)
    for (let index = 0; index < array.length; index++) {
      const value = array[index]
      if (value !== undefined || index in array) this.#addValue(value)
      else {
        if (this.#used > wordCapacity - wordReserve) this.#flush()
        this.#put(tag.hole)
      }
    }
  }

  #addView(view: ArrayBufferView): void {
    const name = view.constructor.name
    // A buffer first seen through floats is hashed as floats, so that the bits of a NaN do not count.
    if (!this.#numbers.has(view.buffer)) {
      if (name === 'Float64Array') this.#bufferFloats.set(view.buffer, 8)
      else if (name === 'Float32Array') this.#bufferFloats.set(view.buffer, 4)
    }
    this.#put(tag.view)
    this.#put(bufferViewNames.indexOf(name))
    this.#put(view.byteOffset)
    this.#put(view.byteLength)
    this.#addReference(view.buffer)
  }

  #addBuffer(buffer: ArrayBuffer): void {
    this.#put(tag.buffer)
    this.#put(buffer.byteLength)
    const floatBytes = this.#bufferFloats.get(buffer) ?? 0
    const wordCount = Math.floor(buffer.byteLength / 4)
    const words = new Int32Array(buffer, 0, wordCount)
    if (floatBytes === 8) {
      const floats = new Float64Array(buffer, 0, Math.floor(buffer.byteLength / 8))
      for (let index = 0; index < floats.length; index++) {
        if (this.#used > wordCapacity - wordReserve) this.#flush()
        this.#putFloat(floats[index] ?? 0)
      }
      if (wordCount % 2 === 1) this.#put(words[wordCount - 1] ?? 0)
    } else {
      const floats = floatBytes === 4 ? new Float32Array(buffer, 0, wordCount) : undefined
      for (let index = 0; index < wordCount; index++) {
        if (this.#used > wordCapacity - wordReserve) this.#flush()
        this.#put(floats !== undefined && Number.isNaN(floats[index]) ? 0x7fc00000 : (words[index] ?? 0))
      }
    }
    for (const byte of new Uint8Array(buffer, wordCount * 4)) this.#put(byte)
  }

  #putFloat(value: number): void {
    // One NaN for all: which bits a NaN has is not defined by the language.
    this.#float[0] = value === value ? value : NaN
    if (value === value) {
      this.#put(this.#floatWords[0] ?? 0)
      this.#put(this.#floatWords[1] ?? 0)
    } else {
      this.#put(0)
      this.#put(0x7ff80000)
    }
  }

  #putText(text: string): void {
    this.#put(text.length)
    for (let index = 0; index < text.length; index += 2) {
      if (this.#used > wordCapacity - wordReserve) this.#flush()
      // Past the end charCodeAt is NaN, which the shift makes 0; the length tells the difference.
      this.#put(text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16))
    }
  }

  #put(word: number): void {
    this.#words[this.#used++] = word
  }

  /** Objects of one kind stand together, so the last few key lists are remembered with their hashes. */
  #shapeOf(keys: readonly string[]): Shape {
    for (const shape of this.#shapes) {
      if (shape !== undefined && haveSameKeys(shape.keys, keys)) return shape
    }
    let first = 0x517cc1b7
    let second = 0x27220a95
    for (const key of keys) {
      first = mixWord(first ^ key.length, 0x68e31da4)
      for (let index = 0; index < key.length; index++) {
        const unit = key.charCodeAt(index)
        first = mixWord(first ^ unit, 0x1b56c4e9)
        second = mixWord((second + unit) | 0, 0x3c6ef372)
      }
      second = mixWord(second ^ first, 0x510e527f)
    }
    const shape = { keys, first, second }
    this.#shapes[this.#nextShape] = shape
    this.#nextShape = (this.#nextShape + 1) % this.#shapes.length
    return shape
  }

  #classWord(prototype: object): number {
    let word = this.#classWords.get(prototype)
    if (word === undefined) {
      word = 2
      const name = this.#classNameOf(prototype)
      for (let index = 0; index < name.length; index++) word = mixWord(word ^ name.charCodeAt(index), 0x5be0cd19)
      this.#classWords.set(prototype, word)
    }
    return word
  }

  /** Mixes what is buffered into both lanes: MurmurHash3's step, with other constants and rotations in the second lane. */
  #flush(): void {
    const words = this.#words
    const used = this.#used
    let first = this.#first
    let second = this.#second
    for (let index = 0; index < used; index++) {
      const word = words[index] ?? 0
      let mixed = Math.imul(word, 0xcc9e2d51)
      mixed = (mixed << 15) | (mixed >>> 17)
      first ^= Math.imul(mixed, 0x1b873593)
      first = (first << 13) | (first >>> 19)
      first = (Math.imul(first, 5) + 0xe6546b64) | 0
      mixed = Math.imul(word, 0x38b34ae5)
      mixed = (mixed << 18) | (mixed >>> 14)
      second ^= Math.imul(mixed, 0xa1e38b93)
      second = (second << 16) | (second >>> 16)
      second = (Math.imul(second, 5) + 0x0bcaa747 + first) | 0
    }
    this.#first = first
    this.#second = second
    this.#total = (this.#total + used) | 0
    this.#used = 0
  }
}

function haveSameKeys(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false
  return true
}

function constructorName(prototype: object): string {
  const constructor: unknown = Reflect.get(prototype, 'constructor')
  return typeof constructor === 'function' ? constructor.name : ''
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
