// Takes the steps of a plan on a state (ML5), in place: aliases, cycles and identities stay, and cost grows with what is touched,
// not with the state. First all of it is looked at, then it is applied; and it can be taken back, so that a reload that fails
// leaves nothing of itself.

import { CoppiceError } from '../protocol/errors.ts'
import { fieldsOf } from './reflection.ts'
import { isInstance, isOfKind, shapeOf, shapeWords } from './state-shape.ts'
import type { ClassNames } from './state-shape.ts'
import { placeWords } from './state-plan.ts'
import type { FieldStep, StatePlan } from './state-plan.ts'
import { formatValue } from './value-format.ts'

/** A value of the state that the new code would take for something else. */
export interface TypeDifference {
  /** As in `StateChange`; empty for the state itself. */
  readonly path: string
  readonly from: string
  readonly to: string
}

export interface MergeRules {
  readonly classNames: ClassNames
  /** A copy of a value of the new `init`'s, for one object of the state; throws where no state may hold it. */
  readonly copy: (value: unknown, path: string) => unknown
}

/** What a merge did to the state, as part of a `StateChange`. */
export interface MergedField {
  readonly kind: 'added' | 'renamed'
  readonly path: string
  readonly detail: string
  readonly words: string
}

/** Differences told at most. */
const differenceLimit = 20

/** What one step does. */
interface FieldEdit {
  readonly step: FieldStep
  readonly isRename: boolean
  readonly objects: object[]
  /** A value each; made before anything is changed. */
  readonly values: unknown[]
  /** The objects that were changed, and whether they had the field, undefined. */
  readonly done: object[]
  readonly hadUndefined: boolean[]
  /** Of the renamed ones in `done`: their keys as they stood, where the new key's place can't tell. */
  readonly orders: (readonly string[] | undefined)[]
}

/** One plan on one state. Nothing is changed before `apply`. */
export class StateMerge {
  /** Where a value does not fit: then the merge must not be applied. One per path, at most 20. */
  readonly differences: readonly TypeDifference[]
  readonly #edits: readonly FieldEdit[]
  #isApplied = false

  constructor(plan: StatePlan, state: unknown, rules: MergeRules) {
    const survey = new Survey(rules.classNames)
    survey.look(plan, state)
    this.differences = [...survey.differences.values()]
    this.#edits = survey.edits()
    if (this.differences.length > 0) return
    for (const { step, isRename, objects, values } of this.#edits) {
      if (isRename) continue
      const isShared = typeof step.value !== 'object' || step.value === null
      for (const _ of objects) values.push(isShared ? step.value : rules.copy(step.value, step.path))
    }
  }

  /** True while the state is as the new code wants it. */
  get isApplied(): boolean {
    return this.#isApplied
  }

  /** All or nothing: throws `invalid-state` where an object of the state can't be changed, having taken the rest back. */
  apply(): void {
    if (this.#isApplied) return
    this.#isApplied = true
    for (const edit of this.#edits) {
      try {
        applyEdit(edit)
      } catch (error) {
        this.revert()
        const { path, from } = edit.step
        const message = `${from ?? path} can't be changed: ${error instanceof Error ? error.message : String(error)}`
        throw new CoppiceError('invalid-state', message, { cause: error })
      }
    }
  }

  /** The state is again what it was, to the order of its keys. */
  revert(): void {
    if (!this.#isApplied) return
    this.#isApplied = false
    for (const edit of this.#edits.toReversed()) revertEdit(edit)
  }

  /** What `apply` did, in plan order. */
  merged(): readonly MergedField[] {
    return this.#edits.flatMap((edit) => (edit.done.length === 0 ? [] : [wordsOf(edit)]))
  }
}

/** The differences between a state and what the plan's `expect`s ask for, without regard to fields that are missing. */
export function typeDifferences(plan: StatePlan, state: unknown, classNames: ClassNames): readonly TypeDifference[] {
  const survey = new Survey(classNames)
  survey.look(plan, state)
  return [...survey.differences.values()]
}

/** Walks plan and state together; changes nothing. */
class Survey {
  readonly differences = new Map<string, TypeDifference>()
  readonly #classNames: ClassNames
  readonly #additions = new Map<FieldStep, FieldEdit>()
  readonly #renames = new Map<FieldStep, FieldEdit>()

  constructor(classNames: ClassNames) {
    this.#classNames = classNames
  }

  /** Renames before additions: those put fields in the place of others, these go to the end. */
  edits(): readonly FieldEdit[] {
    return [...this.#renames.values(), ...this.#additions.values()]
  }

  look(plan: StatePlan, value: unknown): void {
    switch (plan.kind) {
      case 'object':
        if (isInstance(value, plan.className, this.#classNames)) this.#lookAtFields(plan.steps, value)
        return
      case 'elements':
        this.#lookAtElements(plan, value)
        return
      case 'expect':
        this.#expect(plan, value)
    }
  }

  #lookAtFields(steps: readonly FieldStep[], object: object): void {
    const fields = fieldsOf(object)
    for (const step of steps) {
      const isThere = Object.hasOwn(object, step.key)
      const value = isThere ? fields[step.key] : undefined
      if (value !== undefined) {
        if (step.inside !== undefined) this.look(step.inside, value)
      } else if (!step.isAdded) continue
      else if (step.from !== undefined && !isThere && Object.hasOwn(object, step.from)) {
        editOf(this.#renames, step, true).objects.push(object)
      } else if (!isThere || step.value !== undefined) {
        editOf(this.#additions, step, false).objects.push(object)
      }
    }
  }

  #lookAtElements(plan: Extract<StatePlan, { kind: 'elements' }>, value: unknown): void {
    const { each, keys } = plan
    if (value instanceof Map) {
      if (keys !== undefined) for (const key of value.keys()) this.look(keys, key)
      if (each !== undefined) for (const element of value.values()) this.look(each, element)
    } else if (each === undefined) return
    else if (Array.isArray(value)) for (const element of value) this.look(each, element)
    else if (value instanceof Set) for (const element of value) this.look(each, element)
    else if (plan.container === 'dictionary' && isInstance(value, undefined, this.#classNames))
      for (const element of Object.values(value)) this.look(each, element)
  }

  #expect(plan: Extract<StatePlan, { kind: 'expect' }>, value: unknown): void {
    // Null stands for "none" in a field of any type; but not where null is all that was ever known of it.
    if (value === undefined || (value === null && plan.from?.kind !== 'nothing' && plan.path !== '')) return
    if (isOfKind(value, plan.to, this.#classNames)) {
      if (plan.inside !== undefined) this.look(plan.inside, value)
      return
    }
    if (this.differences.size >= differenceLimit || this.differences.has(plan.path)) return
    const from = shapeWords(shapeOf(value, this.#classNames))
    this.differences.set(plan.path, { path: plan.path, from, to: shapeWords(plan.to) })
  }
}

function editOf(edits: Map<FieldStep, FieldEdit>, step: FieldStep, isRename: boolean): FieldEdit {
  let edit = edits.get(step)
  if (edit === undefined) {
    edit = { step, isRename, objects: [], values: [], done: [], hadUndefined: [], orders: [] }
    edits.set(step, edit)
  }
  return edit
}

function applyEdit({ step, isRename, objects, values, done, hadUndefined, orders }: FieldEdit): void {
  const { key, from } = step
  for (let index = 0; index < objects.length; index++) {
    const object = objects[index]
    if (object === undefined) continue
    // An object that is met twice is changed once.
    if (isRename && from !== undefined) {
      if (Object.hasOwn(object, key) || !Object.hasOwn(object, from)) continue
      done.push(object)
      orders.push(isIndex(key) ? Object.keys(object) : undefined)
      renameField(object, from, key)
    } else {
      const had = Object.hasOwn(object, key)
      if (had && fieldsOf(object)[key] !== undefined) continue
      setField(object, key, values[index])
      done.push(object)
      hadUndefined.push(had)
    }
  }
}

function revertEdit({ step, isRename, done, hadUndefined, orders }: FieldEdit): void {
  for (let index = done.length - 1; index >= 0; index--) {
    const object = done[index]
    if (object === undefined) continue
    if (isRename && step.from !== undefined) {
      if (!Object.hasOwn(object, step.key)) continue
      renameField(object, step.key, step.from)
      const order = orders[index]
      if (order !== undefined) reorder(object, order)
    } else if (hadUndefined[index] === true) setField(object, step.key, undefined)
    else Reflect.deleteProperty(object, step.key)
  }
  done.length = 0
  hadUndefined.length = 0
  orders.length = 0
}

/** A setter on the prototype must not run, nor `__proto__` change what the object is. */
function setField(object: object, key: string, value: unknown): void {
  if (Reflect.getPrototypeOf(object) === Object.prototype && key !== '__proto__') fieldsOf(object)[key] = value
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/**
 * Keeps the field's place. The fields behind it are taken off from the end and put on again: deleting the last one is the one
 * deletion after which V8 keeps the object as fast as it was.
 */
function renameField(object: object, from: string, to: string): void {
  if (!Object.isExtensible(object)) throw new TypeError('the object is frozen, sealed or not extensible')
  const keys = Object.keys(object)
  const place = keys.indexOf(from)
  if (place < 0) return
  const fields = fieldsOf(object)
  const moved = keys.slice(place)
  const values = moved.map((key) => fields[key])
  for (let index = moved.length - 1; index >= 0; index--) Reflect.deleteProperty(object, moved[index] ?? '')
  for (const [index, key] of moved.entries()) setField(object, index === 0 ? to : key, values[index])
}

/** Such a key stands before all others, wherever it is put: its place can't be told from the object. */
function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key)
}

/** The object's keys stand in this order again. */
function reorder(object: object, keys: readonly string[]): void {
  const fields = fieldsOf(object)
  const values = keys.map((key) => fields[key])
  for (const key of keys.toReversed()) Reflect.deleteProperty(object, key)
  for (const [index, key] of keys.entries()) setField(object, key, values[index])
}

function wordsOf({ step, isRename, done }: FieldEdit): MergedField {
  const { path, from, value } = step
  const { field, container } = placeWords(path)
  const count = container === undefined ? '' : countWords(done.length, container)
  if (isRename && from !== undefined) {
    const where = count === '' ? '' : ` in ${count}`
    return { kind: 'renamed', path, detail: `was ${from}${where}`, words: `Renamed ${from} → ${field}${where}` }
  }
  const detail = `${formatValue(value, { length: 40, depth: 1 })}${count === '' ? '' : ` to ${count}`}`
  return { kind: 'added', path, detail, words: `Added ${field}: ${detail}` }
}

/** `52 tanks`, `1 element of tanks`. */
function countWords(count: number, container: string): string {
  if (count > 1 && container.endsWith('s')) return `${count} ${container}`
  return `${count} element${count === 1 ? '' : 's'} of ${container}`
}
