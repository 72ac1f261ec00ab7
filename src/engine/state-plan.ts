// What a new `init` asks of a state made by an old one (ML5): the two shapes compared, field by field, into a tree of steps. Pure
// data: state-merge.ts takes the steps on a state, migrate-stub.ts writes them down as code.

import { isSameShape } from './state-shape.ts'
import type { Shape } from './state-shape.ts'
import { formatProperty } from './value-path.ts'

/** One field of an object, as the new `init` has it. */
export interface FieldStep {
  readonly key: string
  /** Dotted, with `[]` for every element: `tanks[].shield`. */
  readonly path: string
  /** The field it was called before. */
  readonly from: string | undefined
  /** Where the state has neither this field nor `from`, it gets `value`. */
  readonly isAdded: boolean
  /** In the new `init`'s result: of the first element, inside arrays and maps. */
  readonly value: unknown
  /** What is to be done inside, where the state has the field. */
  readonly inside: StatePlan | undefined
  /** The old `init` had an object here, without this field. */
  readonly isNew: boolean
}

/** What to do with one value of a state, and in it. */
export type StatePlan =
  | { readonly kind: 'object'; readonly className: string | undefined; readonly steps: readonly FieldStep[] }
  | {
      readonly kind: 'elements'
      readonly container: 'array' | 'map' | 'set' | 'dictionary'
      readonly keys: StatePlan | undefined
      readonly each: StatePlan | undefined
    }
  /** The value must be of shape `to`; `from` is what the old `init` had, undefined where that is not known. */
  | {
      readonly kind: 'expect'
      readonly path: string
      readonly from: Shape | undefined
      readonly to: Shape
      readonly inside: StatePlan | undefined
    }

/** Something that stays as it is, for the receipt. */
export interface Kept {
  readonly path: string
  /** A sentence for the screen. */
  readonly words: string
  /** The field is not in the new `init` any more. */
  readonly isUnused: boolean
}

export interface Comparison {
  /** Undefined where the state can stay as it is. */
  readonly plan: StatePlan | undefined
  readonly kept: readonly Kept[]
}

/** Compares shapes of two `init` results; `sample` is the new one. Without `before` all of the state is checked against `after`. */
export function compareShapes(before: Shape | undefined, after: Shape, sample: unknown): Comparison {
  const comparer = new ShapeComparer()
  const plan = comparer.compare(before, after, sample, '')
  return { plan, kept: comparer.kept }
}

/** Values met in one comparison at most: objects held in many places can make any number of paths. */
const comparisonLimit = 20_000

class ShapeComparer {
  readonly kept: Kept[] = []
  /** Pairs that ask for nothing. */
  readonly #alike = new Map<Shape, Set<Shape>>()
  #count = 0

  compare(before: Shape | undefined, after: Shape, sample: unknown, path: string): StatePlan | undefined {
    if (before === undefined) return this.#compareNew(before, after, sample, path)
    if (this.#alike.get(before)?.has(after) === true) return undefined
    const keptCount = this.kept.length
    const plan = this.#compareNew(before, after, sample, path)
    if (plan === undefined && this.kept.length === keptCount) {
      const alike = this.#alike.get(before) ?? new Set()
      this.#alike.set(before, alike.add(after))
    }
    return plan
  }

  #compareNew(before: Shape | undefined, after: Shape, sample: unknown, path: string): StatePlan | undefined {
    this.#count++
    if (this.#count > comparisonLimit) {
      if (this.#count === comparisonLimit + 1) {
        const words = `What \`init\` changed from ${path} on applies at reset: it is held in too many places`
        this.kept.push({ path, words, isUnused: false })
      }
      return undefined
    }
    if (after.kind === 'any' || after.kind === 'nothing') return undefined
    if (before === undefined) {
      if (after.kind === 'mixed') return undefined
      return { kind: 'expect', path, from: undefined, to: after, inside: this.#inside(undefined, after, sample, path) }
    }
    if (before.kind === 'any' || areBothTables(before, after)) return undefined
    if (before.kind === 'mixed' || after.kind === 'mixed') {
      if (!isSameShape(before, after)) {
        const words = `What \`init\` changed in ${path.replace(/\[\]$/, '')} applies at reset: its elements are not all alike`
        this.kept.push({ path, words, isUnused: false })
      }
      return undefined
    }
    if (!isSameKind(before, after)) {
      const inside = this.#inside(undefined, after, sample, path)
      return { kind: 'expect', path, from: before, to: after, inside }
    }
    return this.#inside(before, after, sample, path)
  }

  /** Of two shapes of the same kind. */
  #inside(before: Shape | undefined, after: Shape, sample: unknown, path: string): StatePlan | undefined {
    switch (after.kind) {
      case 'object':
        return this.#fields(before?.kind === 'object' ? before.fields : undefined, after, sample, path)
      case 'array':
      case 'set':
      case 'dictionary':
      case 'map':
        return this.#elements(before, after, sample, path)
      case 'buffer':
        if (before?.kind === 'buffer' && before.length !== after.length) {
          const words = `${path} stays as long as it is: its length in \`init\`, ${before.length} → ${after.length}, applies at reset`
          this.kept.push({ path, words, isUnused: false })
        }
        return undefined
      default:
        return undefined
    }
  }

  #elements(
    before: Shape | undefined,
    after: Extract<Shape, { kind: 'array' | 'set' | 'dictionary' | 'map' }>,
    sample: unknown,
    path: string,
  ): StatePlan | undefined {
    const [firstKey, firstElement] = firstOf(sample)
    const known = before !== undefined && before.kind === after.kind ? before : undefined
    const each =
      after.element === undefined ? undefined : this.compare(known?.element, after.element, firstElement, `${path}[]`)
    const keys =
      after.kind !== 'map' || after.key === undefined
        ? undefined
        : this.compare(known?.kind === 'map' ? known.key : undefined, after.key, firstKey, `${path}<key>`)
    if (each === undefined && keys === undefined) return undefined
    return { kind: 'elements', container: after.kind, keys, each }
  }

  #fields(
    before: ReadonlyMap<string, Shape> | undefined,
    after: Extract<Shape, { kind: 'object' }>,
    sample: unknown,
    path: string,
  ): StatePlan | undefined {
    const values = new Map<string, unknown>(Object.entries(isObjectLike(sample) ? sample : {}))
    const gone = [...(before ?? [])].filter(([key]) => !after.fields.has(key))
    const added = [...after.fields].filter(([key]) => before?.has(key) !== true)
    const renames = before === undefined ? new Map<string, string>() : renamesOf(gone, added)
    const steps: FieldStep[] = []
    for (const [key, shape] of after.fields) {
      const fieldPath = pathTo(path, key)
      const old = before?.get(key)
      const value = values.get(key)
      const inside = this.compare(old, shape, value, fieldPath)
      if (old === undefined) {
        const from = renames.get(key)
        steps.push({ key, path: fieldPath, from, isAdded: true, value, inside, isNew: before !== undefined })
      } else if (inside !== undefined) {
        const isAdded = inside.kind === 'expect'
        steps.push({ key, path: fieldPath, from: undefined, isAdded, value, inside, isNew: false })
      }
    }
    const renamed = new Set(renames.values())
    for (const [key] of gone) {
      if (renamed.has(key)) continue
      const fieldPath = pathTo(path, key)
      const { field, container } = placeWords(fieldPath)
      const words = `Kept unused field ${field}${container === undefined ? '' : ` of ${container}`}`
      this.kept.push({ path: fieldPath, words, isUnused: true })
    }
    return steps.length === 0 ? undefined : { kind: 'object', className: after.className, steps }
  }
}

/** New name → old name, where among those gone and those new exactly one each is of a type. */
function renamesOf(
  gone: readonly (readonly [string, Shape])[],
  added: readonly (readonly [string, Shape])[],
): ReadonlyMap<string, string> {
  const renames = new Map<string, string>()
  for (const [key, shape] of added) {
    const candidates = gone.filter(([, old]) => isSameShape(old, shape))
    const rivals = added.filter(([, other]) => isSameShape(shape, other))
    const [candidate] = candidates
    if (candidate !== undefined && candidates.length === 1 && rivals.length === 1) renames.set(key, candidate[0])
  }
  return renames
}

function isSameKind(before: Shape, after: Shape): boolean {
  switch (before.kind) {
    case 'object':
      return after.kind === 'object' && before.className === after.className
    case 'primitive':
      return after.kind === 'primitive' && before.type === after.type
    case 'buffer':
      return after.kind === 'buffer' && before.type === after.type
    default:
      return before.kind === after.kind
  }
}

/** A plain object whose number of keys crossed the line between fields and data. */
function areBothTables(before: Shape, after: Shape): boolean {
  const isTable = (shape: Shape): boolean =>
    shape.kind === 'dictionary' || (shape.kind === 'object' && shape.className === undefined)
  return before.kind !== after.kind && isTable(before) && isTable(after)
}

/** First key and element that is there. */
function firstOf(container: unknown): readonly [key: unknown, element: unknown] {
  const isThere = (item: unknown): boolean => item !== undefined && item !== null
  if (Array.isArray(container)) return [undefined, container.find(isThere)]
  if (container instanceof Set) return [undefined, [...container].find(isThere)]
  if (container instanceof Map) {
    for (const [key, element] of container) if (isThere(element)) return [key, element]
    return [undefined, undefined]
  }
  return [undefined, isObjectLike(container) ? Object.values(container).find(isThere) : undefined]
}

function isObjectLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function pathTo(path: string, key: string): string {
  const step = formatProperty(key)
  return path === '' && step.startsWith('.') ? step.slice(1) : path + step
}

/** `tanks[].gun.ammo` → field `gun.ammo`, container `tanks`; no container outside of arrays and maps. */
export function placeWords(path: string): { readonly field: string; readonly container: string | undefined } {
  const end = path.lastIndexOf('[]')
  if (end < 0) return { field: path, container: undefined }
  const field = path.slice(end + 2).replace(/^\./, '')
  const container = /([\p{ID_Continue}$]+)(?:\[\])*$/u.exec(path.slice(0, end))?.[1]
  return { field, container: container ?? path.slice(0, end) }
}
