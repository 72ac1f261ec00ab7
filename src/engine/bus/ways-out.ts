// By which sockets a topic leaves, when a module publishes it: those whose `send` has a pattern that matches (MB5).

import type { ManifestSocket } from '../../protocol/sockets.ts'
import { TopicTree } from './topic-tree.ts'

const keptTopics = 4096
const none: readonly string[] = []

export class WaysOut {
  #sockets: readonly ManifestSocket[] | undefined
  #tree = new TopicTree<string>()
  readonly #byTopic = new Map<string, readonly string[]>()

  /** Names of sockets, in the manifest's order. The same list of sockets as before costs nothing. */
  of(topic: string, sockets: readonly ManifestSocket[] | undefined): readonly string[] {
    if (sockets === undefined) return none
    if (sockets !== this.#sockets) this.#rebuild(sockets)
    const known = this.#byTopic.get(topic)
    if (known !== undefined) return known
    const matching = new Set(this.#tree.match(topic))
    const names = sockets.map(({ name }) => name).filter((name) => matching.has(name))
    if (this.#byTopic.size >= keptTopics) this.#byTopic.clear()
    this.#byTopic.set(topic, names)
    return names
  }

  #rebuild(sockets: readonly ManifestSocket[]): void {
    this.#sockets = sockets
    this.#byTopic.clear()
    this.#tree = new TopicTree()
    for (const { name, send } of sockets) for (const pattern of send) this.#tree.add(pattern, name)
  }
}
