// Which modules get a message of a topic, and by which of their subscriptions: the first that matches. Found in one tree over the
// subscriptions of all modules, and kept by topic.

import type { BusPort } from './bus-port.ts'
import { TopicTree } from './topic-tree.ts'

const keptTopics = 4096

/** One reader of a topic. */
export interface Route {
  readonly port: BusPort
  /** Index of its subscription. */
  readonly slot: number
}

/** Readers of one topic, in module order. */
export interface TopicRoutes {
  readonly routes: readonly Route[]
  readonly readers: readonly string[]
}

export class Routes {
  readonly #tree = new TopicTree<Route>()
  readonly #order: ReadonlyMap<BusPort, number>
  readonly #byTopic = new Map<string, TopicRoutes>()

  /** In module order. */
  constructor(ports: Iterable<BusPort>) {
    const inOrder = [...ports]
    this.#order = new Map(inOrder.map((port, index) => [port, index]))
    for (const port of inOrder) {
      for (const [slot, view] of port.mailbox.views.entries()) this.#tree.add(view.topic, { port, slot })
    }
  }

  /** The topic must have been checked. */
  of(topic: string): TopicRoutes {
    const kept = this.#byTopic.get(topic)
    if (kept !== undefined) return kept
    const first = new Map<BusPort, Route>()
    for (const route of this.#tree.match(topic)) {
      const other = first.get(route.port)
      if (other === undefined || route.slot < other.slot) first.set(route.port, route)
    }
    const routes = [...first.values()].sort((left, right) => this.#placeOf(left.port) - this.#placeOf(right.port))
    const found = { routes, readers: routes.map(({ port }) => port.name) }
    // Topics with ids in them may be without number.
    if (this.#byTopic.size >= keptTopics) this.#byTopic.clear()
    this.#byTopic.set(topic, found)
    return found
  }

  #placeOf(port: BusPort): number {
    return this.#order.get(port) ?? 0
  }
}
