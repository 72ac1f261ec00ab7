// What an inspection says, split in two: the structure (which rows there are), and the values (what each row shows).
// Values change eight times a second and are read row by row; the structure changes seldom.

import type { Inspection, InspectedNode } from '../../../protocol/inspection.ts'
import type { DataPath, PathStep } from '../../../protocol/values.ts'
import { formatPrimitive } from '../../widgets/format.ts'
import { pathKey, pathText, stepText } from './data-path.ts'

/** One row of the tree, without its value. */
export interface StateItem {
  /** `pathKey` of the path. */
  readonly id: string
  readonly path: DataPath
  readonly name: string
  readonly isContainer: boolean
  readonly children: readonly StateItem[]
}

/** What a row shows now. Equal rows are the same object, so that only what changed is drawn again. */
export interface StateValue {
  readonly kind: InspectedNode['kind']
  /** `Array(52)`, `Tank`, or empty for primitives. */
  readonly type: string
  /** A primitive, or a collapsed container in one line. */
  readonly text: string
  /** The primitive before this frame, where it was another. */
  readonly was: string | undefined
  readonly value: unknown
  readonly size: number
  readonly firstChild: number
  readonly shownChildren: number
}

/** The rows below a node, itself included. */
export function stateItems(node: InspectedNode, path: DataPath = []): StateItem {
  return {
    id: pathKey(path),
    path,
    name: path.length === 0 ? 'state' : stepText(node.step),
    isContainer: node.kind !== 'primitive' && node.size > 0,
    children: (node.children ?? []).map((child) => stateItems(child, [...path, child.step])),
  }
}

/** Changes exactly when the rows do. */
export function structureKey(item: StateItem): string {
  return `${item.id}${item.isContainer ? '+' : ''}(${item.children.map(structureKey).join(',')})`
}

/** The items whose path contains `text`, with all above and below them; undefined where none does. */
export function filterItems(item: StateItem, text: string): StateItem | undefined {
  const wanted = text.toLowerCase()
  if (item.path.length > 0 && pathText(item.path).toLowerCase().includes(wanted)) return item
  const children = item.children.flatMap((child) => filterItems(child, text) ?? [])
  return children.length === 0 ? undefined : { ...item, children }
}

/** Values by row. Rows subscribe by id. */
export class InspectionValues {
  #values = new Map<string, StateValue>()
  readonly #listeners = new Map<string, Set<() => void>>()
  #frame: number | undefined
  /** Primitives as they were in the inspection of another frame before this one. */
  #before = new Map<string, string>()
  #beforeFrame: number | undefined

  get(id: string): StateValue | undefined {
    return this.#values.get(id)
  }

  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  /** The frame that `was` values come from; undefined where there is none to compare with. */
  get comparedFrame(): number | undefined {
    return this.#beforeFrame
  }

  clear(): void {
    this.#values = new Map()
    this.#before = new Map()
    this.#frame = undefined
    this.#beforeFrame = undefined
  }

  /** Takes an inspection; with `compares`, changed primitives keep what they were in the frame before. */
  update(inspection: Inspection, compares: boolean): void {
    const { frame } = inspection.moment
    if (frame !== this.#frame) {
      this.#before = new Map(
        [...this.#values].flatMap(([id, value]) => (value.kind === 'primitive' ? [[id, value.text]] : [])),
      )
      this.#beforeFrame = this.#frame !== undefined && this.#frame < frame ? this.#frame : undefined
      this.#frame = frame
    }
    const next = new Map<string, StateValue>()
    const visit = (node: InspectedNode, path: readonly PathStep[]): void => {
      const id = pathKey(path)
      const before = compares && this.#beforeFrame !== undefined ? this.#before.get(id) : undefined
      next.set(id, sameOr(this.#values.get(id), valueOf(node, before)))
      for (const child of node.children ?? []) visit(child, [...path, child.step])
    }
    if (inspection.root !== undefined) visit(inspection.root, [])
    const changed = [...next].filter(([id, value]) => this.#values.get(id) !== value)
    this.#values = next
    for (const [id] of changed) for (const listener of this.#listeners.get(id) ?? []) listener()
  }
}

function valueOf(node: InspectedNode, before: string | undefined): StateValue {
  const isPrimitive = node.kind === 'primitive'
  const type = isPrimitive ? '' : typeText(node)
  const text = isPrimitive ? formatPrimitive(node.value) : withoutType(node.preview, type)
  return {
    kind: node.kind,
    type,
    text,
    was: isPrimitive && before !== undefined && before !== text ? before : undefined,
    value: isPrimitive ? node.value : undefined,
    size: node.size,
    firstChild: node.firstChild ?? 0,
    shownChildren: node.children?.length ?? 0,
  }
}

/** A preview names its type where it stands alone. */
function withoutType(preview: string, type: string): string {
  return preview.startsWith(`${type} `) ? preview.slice(type.length + 1) : preview
}

function typeText(node: InspectedNode): string {
  switch (node.kind) {
    case 'array':
      return `Array(${node.size})`
    case 'map':
      return `Map(${node.size})`
    case 'set':
      return `Set(${node.size})`
    case 'typed-array':
      return `${node.className ?? 'TypedArray'}(${node.size})`
    case 'object':
      return node.className ?? 'Object'
    case 'date':
    case 'buffer':
    case 'other':
    case 'primitive':
      return node.className ?? ''
  }
}

function sameOr(old: StateValue | undefined, next: StateValue): StateValue {
  if (old === undefined) return next
  const isSame =
    old.text === next.text &&
    old.was === next.was &&
    old.type === next.type &&
    Object.is(old.value, next.value) &&
    old.kind === next.kind &&
    old.firstChild === next.firstChild &&
    old.shownChildren === next.shownChildren
  return isSame ? old : next
}
