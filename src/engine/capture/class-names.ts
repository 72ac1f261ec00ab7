// What kind of thing an object is, for a capture: by its prototype, looked up once per capture.

import { isDatePrototype } from '../dates.ts'
import { refusalOf, type ClassKind } from '../state-rules.ts'
import { bareClass, plainClass } from './capture-format.ts'
import { hasPlainChain } from './row-code.ts'

/** How captures know classes. A class registry is one. */
export interface CaptureClasses {
  kindOf(prototype: object): ClassKind
  /** What instances with this prototype are found by again; undefined where it is not registered. */
  keyOf(prototype: object): string | undefined
}

export type ObjectKind =
  | { readonly kind: 'object'; readonly className: string; readonly isRow: boolean }
  | { readonly kind: 'array' | 'map' | 'set' | 'date' | 'buffer' | 'view' }

const plain: ObjectKind = { kind: 'object', className: plainClass, isRow: true }
const array: ObjectKind = { kind: 'array' }

/** Valid for one capture: classes and prototypes may change between two. */
export class ClassNames {
  readonly #classes: CaptureClasses
  readonly #kinds = new Map<object, ObjectKind>()
  #isPlainRow = true

  constructor(classes: CaptureClasses) {
    this.#classes = classes
  }

  /** To be called before each capture. */
  begin(): void {
    this.#kinds.clear()
    this.#isPlainRow = hasPlainChain(Object.prototype)
  }

  /** Undefined for what state may not hold. */
  kindOf(object: object): ObjectKind | undefined {
    const prototype = Reflect.getPrototypeOf(object)
    if (prototype === Object.prototype && this.#isPlainRow) return plain
    if (prototype === Array.prototype && Array.isArray(object)) return array
    if (prototype === null) return { kind: 'object', className: bareClass, isRow: true }
    let kind = this.#kinds.get(prototype)
    if (kind !== undefined && kind.kind !== 'view' && kind.kind !== 'buffer') return kind
    if (refusalOf(object, (asked) => this.#classes.kindOf(asked)) !== undefined) return undefined
    kind = this.#builtInKind(object, prototype) ?? this.#instanceKind(prototype)
    if (kind !== undefined) this.#kinds.set(prototype, kind)
    return kind
  }

  /** Class name where the object may be part of a row: no prototype of it has enumerable keys. */
  readonly rowClassOf = (object: object): string | undefined => {
    const kind = this.kindOf(object)
    return kind?.kind === 'object' && kind.isRow ? kind.className : undefined
  }

  readonly isClass = (prototype: object | null, className: string): boolean => {
    if (prototype === null) return className === bareClass
    if (prototype === Object.prototype) return className === plainClass && this.#isPlainRow
    const kind = this.#kinds.get(prototype) ?? this.#instanceKind(prototype)
    return kind?.kind === 'object' && kind.isRow && kind.className === className
  }

  #builtInKind(object: object, prototype: object): ObjectKind | undefined {
    if (prototype === Object.prototype) return { kind: 'object', className: plainClass, isRow: false }
    if (prototype === Map.prototype) return { kind: 'map' }
    if (prototype === Set.prototype) return { kind: 'set' }
    if (isDatePrototype(prototype)) return { kind: 'date' }
    if (prototype === ArrayBuffer.prototype) return { kind: 'buffer' }
    return ArrayBuffer.isView(object) ? { kind: 'view' } : undefined
  }

  #instanceKind(prototype: object): ObjectKind | undefined {
    const className = this.#classes.keyOf(prototype)
    if (className === undefined) return undefined
    return { kind: 'object', className, isRow: hasPlainChain(prototype) }
  }
}
