// What a module's state may hold (DESIGN section 4), and the path to the first thing it may not. The walk is breadth
// first and keeps its place, so that the same rules serve the full check and a bounded share per frame.

import { bufferViews } from '../protocol/buffer-views.ts'
import { isDate, isDatePrototype } from './dates.ts'
import { formatStep, type PlaceStep } from './value-path.ts'

/** How the engine's class registry knows a prototype. `private`: the class has `#private` members, which can't be copied. */
export type ClassKind = 'known' | 'private' | 'unknown'

export interface StateRules {
  /** What the path starts with; default `state`. */
  readonly root?: string
  /** Asked for each prototype that is not built in. */
  readonly classOf: (prototype: object) => ClassKind
}

/** What is wrong with the state, with the path to it and what to do; undefined when all of it is allowed. */
export function checkState(value: unknown, rules: StateRules): string | undefined {
  return new StateWalk(value, rules).advance(Infinity)
}

/**
 * Checks a state a share at a time, going round and round. Sound while the state changes: a culprit is reported only if
 * it is still where it was found, and one that stays in its place is found within two rounds.
 */
export class StateChecker {
  readonly #rules: StateRules
  #root: unknown
  #walk: StateWalk | undefined

  constructor(rules: StateRules) {
    this.#rules = rules
  }

  /** The last `step` ended a round in which nothing was found. */
  get isRoundDone(): boolean {
    return this.#walk?.isDone ?? false
  }

  /** Looks at up to about `budget` values, from where the last call stopped; another root starts anew. */
  step(root: unknown, budget: number): string | undefined {
    if (this.#walk === undefined || this.#root !== root || this.#walk.isDone) {
      this.#walk = new StateWalk(root, this.#rules)
      this.#root = root
    }
    const problem = this.#walk.advance(budget)
    if (problem !== undefined) this.#walk = undefined
    return problem
  }
}

const viewPrototypes: ReadonlySet<object> = new Set<object>(bufferViews.map(({ prototype }) => prototype))

/** True for the prototypes of typed arrays and DataView that state may hold. */
function isViewPrototype(prototype: object | null): boolean {
  return prototype !== null && viewPrototypes.has(prototype)
}

/** Why this one value may not be in a state, as the end of a sentence; undefined where only its contents need checking. */
export function refusalOf(value: unknown, classOf: StateRules['classOf']): string | undefined {
  switch (typeof value) {
    case 'function':
      return 'is a function: state is data only. Keep a name or number here and choose the function in `process`, or return it from `setup`'
    case 'symbol':
      return 'is a symbol: use a string instead'
    case 'object':
      return value === null ? undefined : refusalOfObject(value, classOf)
    default:
      return undefined
  }
}

function refusalOfObject(value: object, classOf: StateRules['classOf']): string | undefined {
  const prototype: object | null = Reflect.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null || prototype === Array.prototype) return undefined
  if (prototype === Map.prototype || prototype === Set.prototype || isDatePrototype(prototype)) return undefined
  if (prototype === ArrayBuffer.prototype) {
    return Reflect.get(value, 'resizable') === true ? 'is a resizable ArrayBuffer: use one of fixed length' : undefined
  }
  if (ArrayBuffer.isView(value) && isViewPrototype(prototype)) {
    if (!(value.buffer instanceof ArrayBuffer))
      return `is a ${nameOf(prototype)} on a SharedArrayBuffer, which others can change: use an ordinary ArrayBuffer, or return it from \`setup\``
    return Reflect.get(value.buffer, 'resizable') === true
      ? 'is a view on a resizable ArrayBuffer: use one of fixed length'
      : undefined
  }
  if (typeof Reflect.get(value, 'then') === 'function')
    return 'is a promise: state holds results only. Await it in `setup`'
  if (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer) {
    return 'is a SharedArrayBuffer, which others can change: use an ordinary ArrayBuffer, or return it from `setup`'
  }
  return refusalOfInstance(value, prototype, classOf)
}

function refusalOfInstance(value: object, prototype: object, classOf: StateRules['classOf']): string | undefined {
  const builtIn = builtInName(value)
  if (builtIn !== undefined) {
    return `is ${withArticle(nameOf(prototype))}, which extends ${builtIn}: keep a plain ${builtIn} in an object of your own`
  }
  for (
    let link: object | null = prototype;
    link !== null && link !== Object.prototype;
    link = Reflect.getPrototypeOf(link)
  ) {
    const kind = classOf(link)
    if (kind === 'private') {
      return `is an instance of ${nameOf(link)}, which has #private members: they can't be copied. Use fields without #`
    }
    if (kind === 'unknown') {
      return `is ${withArticle(nameOf(prototype))}: state may hold plain data and instances of classes declared at the top level of a workspace file. Return it from \`setup\`, or keep the data it is made from`
    }
  }
  return undefined
}

function builtInName(value: object): string | undefined {
  if (Array.isArray(value)) return 'Array'
  if (value instanceof Map) return 'Map'
  if (value instanceof Set) return 'Set'
  if (isDate(value)) return 'Date'
  return undefined
}

function nameOf(prototype: object): string {
  const constructor: unknown = Reflect.get(prototype, 'constructor')
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'object of an unnamed class'
}

function withArticle(name: string): string {
  return `${/^[AEIOUaeio]/.test(name) ? 'an' : 'a'} ${name}`
}

/** One round over a state: a queue of objects, each with its parent and the step from there, and a cursor into the present one. */
class StateWalk {
  isDone = false
  readonly #rules: StateRules
  readonly #seen = new Set<object>()
  readonly #objects: object[] = []
  readonly #parents: number[] = []
  readonly #steps: PlaceStep[] = []
  #present = 0
  #entries: Iterator<unknown, unknown> | undefined
  #rootProblem: string | undefined

  constructor(root: unknown, rules: StateRules) {
    this.#rules = rules
    const refusal = refusalOf(root, rules.classOf)
    if (refusal !== undefined) this.#rootProblem = `${rules.root ?? 'state'} ${refusal}`
    else if (typeof root === 'object' && root !== null) this.#enqueue(root, -1, { kind: 'root' })
  }

  /** Looks at up to `budget` values. The first problem found ends the walk. */
  advance(budget: number): string | undefined {
    if (this.#rootProblem !== undefined) return this.#rootProblem
    let left = budget
    while (left > 0) {
      const object = this.#objects[this.#present]
      if (object === undefined) {
        this.isDone = true
        return undefined
      }
      if (this.#entries === undefined) {
        const problem = this.#checkOwn(object, budget)
        if (problem !== undefined && this.#stillStands(this.#present)) return problem
        this.#entries = entriesOf(object)
        left--
      }
      for (; left > 0; left--) {
        const entry = this.#entries.next()
        if (entry.done === true) {
          this.#entries = undefined
          this.#present++
          break
        }
        const problem = this.#checkEntry(object, entry.value)
        if (problem !== undefined) return problem
      }
    }
    return undefined
  }

  /** What is wrong with the object as such. */
  #checkOwn(object: object, budget: number): string | undefined {
    if (!Object.isExtensible(object)) {
      return `${this.#pathOf(this.#present)} is frozen, sealed or not extensible: state must be changeable. Copy it first, e.g. {...value}`
    }
    // Own keys of a long array are a string each: there they are looked at by full checks only.
    if (ArrayBuffer.isView(object) || (Array.isArray(object) && object.length > budget)) return undefined
    const isPlain = isPlainLike(object)
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol')
        return `${this.#pathOf(this.#present)} has the symbol key ${String(key)}: use a string as key`
      if (isPlain || (Array.isArray(object) && (key === 'length' || isIndex(key)))) continue
      return `${this.#pathOf(this.#present)} has the extra property ${JSON.stringify(key)}: ${withArticle(nameOf(Reflect.getPrototypeOf(object) ?? object))} in the state can't carry named properties. Use an object around it`
    }
    return undefined
  }

  #checkEntry(object: object, entry: unknown): string | undefined {
    if (object instanceof Map && Array.isArray(entry)) {
      const key: unknown = entry[0]
      return this.#checkValue(key, { kind: 'map-key', key }) ?? this.#checkValue(entry[1], { kind: 'map-value', key })
    }
    if (object instanceof Set) return this.#checkValue(entry, { kind: 'set-item' })
    if (typeof entry !== 'string' && typeof entry !== 'number') return undefined
    const property = Reflect.getOwnPropertyDescriptor(object, entry)
    if (property === undefined) return undefined
    const step: PlaceStep = { kind: 'property', key: entry }
    if (property.get !== undefined || property.set !== undefined) {
      return this.#place(step, 'is an accessor (get or set): use a plain property, and compute in `process`')
    }
    if (property.writable !== true || property.enumerable !== true || property.configurable !== true) {
      return this.#place(step, 'is read-only or hidden: define it as an ordinary property')
    }
    const value: unknown = property.value
    return this.#checkValue(value, step)
  }

  #checkValue(value: unknown, step: PlaceStep): string | undefined {
    const type = typeof value
    if (type !== 'object' && type !== 'function' && type !== 'symbol') return undefined
    if (typeof value === 'object' && value !== null && this.#seen.has(value)) return undefined
    const refusal = refusalOf(value, this.#rules.classOf)
    if (refusal !== undefined) return this.#place(step, refusal)
    if (typeof value === 'object' && value !== null) this.#enqueue(value, this.#present, step)
    return undefined
  }

  #place(step: PlaceStep, refusal: string): string | undefined {
    return this.#stillStands(this.#present) ? `${this.#pathOf(this.#present)}${formatStep(step)} ${refusal}` : undefined
  }

  #enqueue(object: object, parent: number, step: PlaceStep): void {
    this.#seen.add(object)
    this.#objects.push(object)
    this.#parents.push(parent)
    this.#steps.push(step)
  }

  /** Every step from the root to the object still leads where it led when it was taken. */
  #stillStands(index: number): boolean {
    for (let at = index; ;) {
      const object = this.#objects[at]
      const step = this.#steps[at]
      const parentIndex = this.#parents[at]
      if (object === undefined || step === undefined || parentIndex === undefined) return false
      if (step.kind === 'root') return true
      const parent = this.#objects[parentIndex]
      if (parent === undefined || !leadsTo(parent, step, object)) return false
      at = parentIndex
    }
  }

  #pathOf(index: number): string {
    const steps: string[] = []
    for (let at = index; at > 0; at = this.#parents[at] ?? 0) {
      const step = this.#steps[at]
      if (step !== undefined) steps.push(formatStep(step))
    }
    return (this.#rules.root ?? 'state') + steps.reverse().join('')
  }
}

function leadsTo(parent: object, step: PlaceStep, child: object): boolean {
  switch (step.kind) {
    case 'root':
      return true
    case 'property':
      return Reflect.getOwnPropertyDescriptor(parent, step.key)?.value === child
    case 'map-key':
      return parent instanceof Map && parent.has(child)
    case 'map-value':
      return parent instanceof Map && parent.get(step.key) === child
    case 'set-item':
      return parent instanceof Set && parent.has(child)
  }
}

function* noEntries(): Generator<unknown> {}

/** What to look at inside an object: names, indices, map entries or set items. Live: tolerates changes between two steps. */
function entriesOf(object: object): Iterator<unknown, unknown> {
  if (Array.isArray(object)) return object.keys()
  if (object instanceof Map) return object.entries()
  if (object instanceof Set) return object.values()
  return isPlainLike(object) ? Object.getOwnPropertyNames(object).values() : noEntries()
}

/** A plain object or an instance of a class: what it holds stands in named properties. */
function isPlainLike(object: object): boolean {
  return !(
    Array.isArray(object) ||
    object instanceof Map ||
    object instanceof Set ||
    isDate(object) ||
    ArrayBuffer.isView(object) ||
    object instanceof ArrayBuffer
  )
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key)
}
