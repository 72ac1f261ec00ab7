// Looks through a state for NaN, a share a frame, round and round. Which field it is counts, not which element: `tanks[].x`.

import { isObject } from '../reflection.ts'
import { formatStep } from '../value-path.ts'
import type { PlaceStep } from '../value-path.ts'

/** A number that is NaN. */
export interface FoundNaN {
  /** Of the first one found: `state.tanks[3].x`. */
  readonly path: string
  /** With `[]` for every element, by which the field is told from others. */
  readonly field: string
}

interface Place {
  readonly value: unknown
  readonly path: string
  readonly field: string
}

/** One state, from round to round. */
export class NaNLook {
  /** Rounds that went through the whole state. */
  rounds = 0
  #round: Generator<FoundNaN | undefined, void> | undefined

  /** Looks at about so many values; gives what it found, each field once per round at most. */
  look(state: unknown, budget: number): readonly FoundNaN[] {
    const found: FoundNaN[] = []
    this.#round ??= findNaNs(state)
    for (let left = budget; left > 0; left--) {
      const step = this.#round.next()
      if (step.done === true) {
        this.rounds++
        this.#round = undefined
        break
      }
      if (step.value !== undefined) found.push(step.value)
    }
    return found
  }
}

/** All fields of a state that hold NaN somewhere. */
export function fieldsWithNaN(state: unknown): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const found of findNaNs(state)) if (found !== undefined) fields.add(found.field)
  return fields
}

/** Yields once per value or so; tolerates changes between two steps. */
function* findNaNs(state: unknown): Generator<FoundNaN | undefined, void> {
  const seen = new Set<object>()
  const told = new Set<string>()
  const queue: Place[] = [{ value: state, path: 'state', field: '' }]
  for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
    const { value, path, field } = place
    if (!isObject(value) || seen.has(value)) continue
    seen.add(value)
    if (ArrayBuffer.isView(value)) {
      const index = indexOfNaN(value)
      if (index >= 0) yield { path: `${path}[${String(index)}]`, field: `${field}[]` }
      continue
    }
    for (const [step, item] of entriesOf(value)) {
      const itemField = step.kind === 'property' && typeof step.key === 'string' ? `${field}.${step.key}` : `${field}[]`
      if (typeof item === 'number') {
        const isNew = Number.isNaN(item) && !told.has(itemField)
        if (isNew) told.add(itemField)
        yield isNew ? { path: path + formatStep(step), field: itemField } : undefined
      } else if (isObject(item)) {
        // The path is put together where it is needed: most values hold no NaN.
        queue.push({ value: item, path: path + formatStep(step), field: itemField })
        yield undefined
      } else yield undefined
    }
  }
}

function indexOfNaN(view: ArrayBufferView): number {
  if (!(view instanceof Float64Array || view instanceof Float32Array)) return -1
  // NaN is the one number that `indexOf` never finds.
  return view.findIndex((item) => Number.isNaN(item))
}

function* entriesOf(value: object): Generator<readonly [PlaceStep, unknown]> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [{ kind: 'property', key: index }, value[index]]
  } else if (value instanceof Map) {
    for (const [key, item] of value) yield [{ kind: 'map-value', key }, item]
  } else if (value instanceof Set) {
    for (const item of value) yield [{ kind: 'set-item' }, item]
  } else if (!(value instanceof ArrayBuffer)) {
    for (const key of Object.keys(value)) {
      const item: unknown = Reflect.getOwnPropertyDescriptor(value, key)?.value
      yield [{ kind: 'property', key }, item]
    }
  }
}
