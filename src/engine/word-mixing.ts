// Mixing of 32-bit words, shared by random streams and the state hash. Integers only: the same bits everywhere.

/** Spreads every bit of `word` over the whole result (MurmurHash3's finaliser), offset by `salt`. */
export function mixWord(word: number, salt: number): number {
  let mixed = (word ^ salt) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** A 32-bit hash of a text by its code units. */
export function hashText(text: string, salt: number): number {
  let hash = (salt ^ text.length) | 0
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    hash = (hash << 13) | (hash >>> 19)
  }
  return mixWord(hash, salt)
}
