// Shapes of single objects: class and keys, found again by walking the keys. A shape's text goes into the captures.

/** Class and own keys of an object, in order. */
export interface Shape {
  readonly className: string
  readonly keys: readonly string[]
  readonly text: string
  /** Climbs from shape to shape. */
  readonly serial: number
  /** Id of the text in the string table, in that epoch of it. */
  id: number
  epoch: number
}

interface Node {
  readonly next: Map<string, Node>
  shape: Shape | undefined
}

const maxShapes = 2000

export class ShapeIndex {
  readonly #roots = new Map<string, Node>()
  #count = 0
  #nextSerial = 0

  find(className: string, keys: readonly string[]): Shape {
    let node: Node = this.#roots.get(className) ?? { next: new Map(), shape: undefined }
    this.#roots.set(className, node)
    for (const key of keys) {
      let next: Node | undefined = node.next.get(key)
      if (next === undefined) node.next.set(key, (next = { next: new Map(), shape: undefined }))
      node = next
    }
    if (node.shape !== undefined) return node.shape
    const shape = { className, keys, text: textOfShape(className, keys), serial: this.#nextSerial++, id: -1, epoch: -1 }
    // Keys may be without number; forgetting all of them now and then keeps the index small.
    if (++this.#count > maxShapes) {
      this.#roots.clear()
      this.#count = 0
    } else node.shape = shape
    return shape
  }
}

/** Equal for equal class and keys. */
export function textOfShape(className: string, keys: readonly string[]): string {
  return JSON.stringify([className, ...keys])
}

/** What a shape's text says. Throws where it is something else. */
export function parseShape(text: string): { readonly className: string; readonly keys: readonly string[] } {
  const parsed: unknown = JSON.parse(text)
  if (!Array.isArray(parsed)) throw new TypeError('no shape')
  const [className = '', ...keys] = parsed.map(String)
  return { className, keys }
}
