// How captures lie in memory: blocks of 64-bit words in one buffer, the tags in them, and the directory that leads a reader
// of another thread to them. Everything needed to decode is in the buffer; nothing has to be posted beside it.

/** Tag of a cell: two words, the tag and its payload. */
export const cell = {
  number: 0,
  /** Payload: id in the string table. */
  string: 1,
  boolean: 2,
  undefined: 3,
  null: 4,
  /** Payload: id of its decimal digits in the string table. */
  bigint: 5,
  /** Payload: number of an object with a record of its own. */
  reference: 6,
  /** Payload: list × 2³² + position of an object that is part of a row. */
  rowReference: 7,
  hole: 8,
} as const

export const rowReferenceBase = 2 ** 32

/** First word of an object's record. */
export const record = {
  /** shape id, a cell per key */
  shaped: 1,
  /** class id, list of keys, list of values */
  dictionary: 2,
  /** list */
  array: 3,
  /** list of keys, list of values */
  map: 4,
  /** list */
  set: 5,
  /** time, 1 where its class shadows the realm's */
  date: 6,
  /** byte length, then the bytes */
  buffer: 7,
  /** type, byte offset, length (bytes of a DataView), cell of the buffer */
  view: 8,
} as const

/** First word of a list; the second is its length. */
export const list = {
  /** a word each */
  numbers: 1,
  /** an id each */
  strings: 2,
  booleans: 3,
  /** a cell each */
  cells: 4,
  /** number of the list, layout id, then the rows */
  rows: 5,
  /** count, then index and cell of each item there is */
  sparse: 6,
  /** count of lists that follow; a byte per item: the list it is the next of; then those lists, none of them mixed */
  mixed: 7,
} as const

/** Class of plain objects, and of those without prototype, among the keys of classes. No class can have these names. */
export const plainClass = '{}'
export const bareClass = 'null'

/** First words of each block. */
export const blockHeader = {
  /** As int32: kind, then the serial, unique among all blocks ever made. */
  kindAndSerial: 0,
  usedWords: 1,
  words: 2,
} as const

export const blockKind = { record: 0x7265, part: 0x7061, strings: 0x7374 } as const

/** Words of a part's header, from the start of its block. Offsets in a part are relative to its block. */
export const partHeader = {
  nameId: 2,
  /** Where the offsets of records, then of lists stand. */
  tableOffset: 3,
  objectCount: 4,
  listCount: 5,
  rootCell: 6,
  stringBlockCount: 8,
  stringBlocks: 9,
  /** Strings of one part stand in this many blocks at most. */
  maxStringBlocks: 16,
  words: 25,
} as const

/** Words of a strings block: id of its first string, count; then a length per string (int32), then UTF-16 units. */
export const stringsHeader = { firstId: 2, count: 3, words: 4 } as const

/** Words of a record: where it stands in time; then per part its block, and the frame at whose start it was captured. */
export const recordHeader = { timeline: 2, frame: 3, partCount: 4, words: 5, wordsPerPart: 2 } as const

/** At the start of the buffer, as int32: magic, version, slots, newest. Then per slot: serial and offset of a record; serial 0: empty. */
export const directory = {
  magic: 0x436f7070,
  version: 1,
  /** Where, as an int32, the slot of the newest record stands, plus 1; 0: look for it. */
  newest: 3,
  headerWords: 2,
  slotWords: 1,
} as const
