// Proof that no object of a packed row is anywhere else in the state. Each list remembers the objects its rows were made of;
// where they are the same as in the last capture nothing has to be looked up, else only what moved, came or went.

import type { RowList, ShapeTest } from './row-list.ts'

/** What `follow` found. */
export type Following =
  /** All objects are known to be this list's alone. */
  | { readonly kind: 'followed' }
  /** From this row on the objects are not as the layout says. */
  | { readonly kind: 'misshapen'; readonly row: number }
  /** An object stands in two places: twice in this list, or in another one packed before. */
  | { readonly kind: 'shared' }
  /** An object was met outside of rows before this list was. */
  | { readonly kind: 'met'; readonly object: object }

const followed: Following = { kind: 'followed' }
const shared: Following = { kind: 'shared' }

/** Which list owns which object, of one part's state. */
export class RowIdentities {
  readonly #ids = new Map<object, number>()
  #owners: (RowList | undefined)[] = []
  /** Place in the owner's `objects`. */
  #places: number[] = []
  /** The pass in which an owner's full look last met it. */
  #looks: number[] = []
  #look = 0

  /** Ids given out; many more than live objects after long churn. */
  get size(): number {
    return this.#owners.length
  }

  /** Where the object is part of a row of a list packed in this pass. `unvisited`: it was in one that may still come. */
  find(object: object, pass: number): { readonly list: RowList; readonly place: number } | 'unvisited' | undefined {
    const id = this.#ids.get(object)
    if (id === undefined) return undefined
    const list = this.#owners[id]
    const place = this.#places[id] ?? -1
    if (list === undefined) return undefined
    if (list.pass !== pass) return 'unvisited'
    return list.objects[place] === object ? { list, place } : undefined
  }

  /** The object stands alone in this pass: its list, should it come, must look at all its objects. */
  doubt(object: object): void {
    const id = this.#ids.get(object)
    const list = id === undefined ? undefined : this.#owners[id]
    if (list !== undefined) list.isDoubted = true
  }

  /**
   * Makes the list's objects those of `rows`, from row `from` on; all rows before have been compared. Those that are new in
   * their place are checked in full. `isAlone` says whether an object was met outside of rows in this pass.
   */
  follow(
    list: RowList,
    rows: readonly unknown[],
    from: number,
    count: number,
    pass: number,
    isAlone: (object: object) => boolean,
    isShaped: ShapeTest,
  ): Following {
    const look = ++this.#look
    const { paths, shapes } = list.code
    const width = paths.length
    const { isDoubted } = list
    const start = isDoubted ? 0 : from
    list.isDoubted = false
    const oldObjects = list.objects.slice(start * width)
    const oldIds = list.ids.slice(start * width)
    const oldTexts = list.texts.texts.map((column) => column.slice(start))
    const oldTextIds = list.texts.ids.map((column) => column.slice(start))
    const comparedUpTo = start * width
    let oldRow = 0
    let met: object | undefined
    for (let row = start; row < count; row++) {
      const first = rows[row]
      if (typeof first !== 'object' || first === null) return misshapen(list, row)
      // Where order is kept, the old place of a row is a little ahead of the last one's.
      if (oldObjects[oldRow * width] !== first) {
        const id = this.#ids.get(first)
        const place = id === undefined || this.#owners[id] !== list ? -1 : (this.#places[id] ?? -1)
        const guess = Math.floor(place / width) - start
        if (guess >= 0 && oldObjects[guess * width] === first) oldRow = guess
      }
      const isKnown = oldObjects[oldRow * width] === first
      for (let part = 0; part < width; part++) {
        const path = paths[part] ?? []
        const object: object | undefined = part === 0 ? first : objectAt(first, path)
        if (object === undefined) return misshapen(list, row)
        const oldPlace = oldRow * width + part
        const isOld: boolean = isKnown && oldObjects[oldPlace] === object
        const shape = shapes[part]
        if (!isOld && (shape === undefined || !isShaped(object, shape))) return misshapen(list, row)
        let id: number | undefined = isOld ? oldIds[oldPlace] : this.#ids.get(object)
        if (id === undefined) {
          id = this.#owners.length
          this.#ids.set(object, id)
          this.#looks[id] = 0
        } else {
          const owner = this.#owners[id]
          const place = this.#places[id] ?? -1
          if (this.#looks[id] === look && owner === list) return shared
          if (owner === list) {
            if (place < comparedUpTo && list.objects[place] === object) return shared
          } else if (owner !== undefined) {
            if (owner.pass === pass && owner.objects[place] === object) return shared
            owner.isDoubted = true
          }
        }
        // One that was in rows before is met as such, and waits for them; see `doubt`.
        if ((!isOld || isDoubted) && isAlone(object)) met ??= object
        const place = row * width + part
        this.#owners[id] = list
        this.#places[id] = place
        this.#looks[id] = look
        list.objects[place] = object
        list.ids[place] = id
      }
      if (isKnown) {
        for (let column = 0; column < oldTexts.length; column++) {
          const texts = list.texts.texts[column]
          const ids = list.texts.ids[column]
          if (texts !== undefined) texts[row] = oldTexts[column]?.[oldRow]
          if (ids !== undefined) ids[row] = oldTextIds[column]?.[oldRow] ?? 0
        }
        oldRow++
      }
    }
    list.objects.length = count * width
    list.ids.length = count * width
    return met === undefined ? followed : { kind: 'met', object: met }
  }

  /** The list is not packed in rows any more. Ids stay: another list may have had its objects before, and get them back. */
  abandon(list: RowList): void {
    for (const id of list.ids) if (this.#owners[id] === list) this.#owners[id] = undefined
    list.objects = []
    list.ids = []
    list.forgetTexts(list.epoch)
  }

  /** Forgets all objects but those of these lists, which must have none in common: packed in one pass. */
  keepOnly(lists: Iterable<RowList>): void {
    this.#ids.clear()
    this.#owners = []
    this.#places = []
    this.#looks = []
    for (const list of lists) {
      for (const [place, object] of list.objects.entries()) {
        const id = this.#owners.length
        this.#ids.set(object, id)
        this.#owners.push(list)
        this.#places.push(place)
        this.#looks.push(0)
        list.ids[place] = id
      }
    }
  }
}

/** What stood behind the row is forgotten: it was not compared. */
function misshapen(list: RowList, row: number): Following {
  const kept = row * list.code.paths.length
  list.objects.length = Math.min(list.objects.length, kept)
  list.ids.length = Math.min(list.ids.length, kept)
  return { kind: 'misshapen', row }
}

function objectAt(object: object, path: readonly string[]): object | undefined {
  let found: unknown = object
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, key)
  }
  return typeof found === 'object' && found !== null ? found : undefined
}
