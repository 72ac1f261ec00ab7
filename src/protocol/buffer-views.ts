// The views of a buffer that states, messages and captures may hold. Hashes and captures number them by their place here: it is for good.

interface BufferViewConstructor {
  readonly name: string
  readonly prototype: ArrayBufferView
  /** `offset` in bytes, `length` in elements. */
  new (buffer: ArrayBuffer, offset?: number, length?: number): ArrayBufferView
}

export const bufferViews: readonly BufferViewConstructor[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
]

export const bufferViewNames: readonly string[] = bufferViews.map(({ name }) => name)
