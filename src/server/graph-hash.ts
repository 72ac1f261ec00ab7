// Content hashes over an import graph: each covers a text, its file and, through its imports, all it reaches. Files
// that import each other are hashed as a whole, for none of them has a hash before the others.
// Strongly connected components after Tarjan, "Depth-first search and linear graph algorithms" (1972).

import type { ContentHash } from '../protocol/values.ts'
import { hashOf } from './content-hash.ts'

export interface GraphNode {
  /** What the node contributes by itself: a digest of text and file. */
  readonly digest: string
  /** Specifier → key of the node it means. */
  readonly imports: ReadonlyMap<string, string>
}

/** Keys in components, each after those it imports. */
const connectedComponents = (nodes: ReadonlyMap<string, GraphNode>): readonly (readonly string[])[] => {
  const order = new Map<string, { readonly index: number; low: number; isOpen: boolean }>()
  const open: string[] = []
  const components: string[][] = []
  const visit = (key: string): { readonly index: number; low: number; isOpen: boolean } => {
    const state = { index: order.size, low: order.size, isOpen: true }
    order.set(key, state)
    open.push(key)
    for (const next of nodes.get(key)?.imports.values() ?? []) {
      if (!nodes.has(next)) continue
      const seen = order.get(next)
      if (seen === undefined) state.low = Math.min(state.low, visit(next).low)
      else if (seen.isOpen) state.low = Math.min(state.low, seen.index)
    }
    if (state.low === state.index) {
      const component = open.splice(open.lastIndexOf(key))
      for (const member of component) {
        const memberState = order.get(member)
        if (memberState !== undefined) memberState.isOpen = false
      }
      components.push(component)
    }
    return state
  }
  for (const key of nodes.keys()) if (!order.has(key)) visit(key)
  return components
}

/** The hash of every node. Equal texts with equal imports have equal hashes, in whatever order they were found. */
export const hashGraph = (nodes: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, ContentHash> => {
  const hashes = new Map<string, ContentHash>()
  for (const component of connectedComponents(nodes)) {
    const members = new Set(component)
    const rowOf = (key: string): string => {
      const node = nodes.get(key)
      const rows = [...(node?.imports ?? [])].map(([specifier, target]) => {
        const digest = members.has(target) ? `within ${nodes.get(target)?.digest}` : hashes.get(target)
        return `${specifier}\n${digest}`
      })
      return [node?.digest, ...rows.toSorted()].join('\n')
    }
    const rows = component.map((key) => ({ key, row: rowOf(key) }))
    const whole = hashOf(...rows.map(({ row }) => row).toSorted())
    for (const { key, row } of rows) hashes.set(key, hashOf(whole, row))
  }
  return hashes
}
