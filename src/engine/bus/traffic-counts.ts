// How many messages passed, by topic, publisher and readers, between two questions.

import type { BusTraffic } from '../../protocol/bus.ts'

const topicsTold = 100
/** Flows counted between two questions; messages of further ones are not. */
const flowLimit = 2000

/** Messages of one topic from one publisher to the same readers. */
export interface Flow {
  readonly topic: string
  readonly from: string | undefined
  readonly readers: readonly string[]
}

interface FlowCount extends Flow {
  /** The filter lets them through. */
  readonly isWanted: boolean
  count: number
}

export class TrafficCounts {
  readonly #isWanted: (flow: Flow) => boolean
  /** By readers (one list a topic, the same object as long as routes stand), publisher, topic. */
  readonly #flows = new Map<readonly string[], Map<string | undefined, Map<string, FlowCount>>>()
  #all: FlowCount[] = []
  #last: FlowCount | undefined

  constructor(isWanted: (flow: Flow) => boolean) {
    this.#isWanted = isWanted
  }

  /** Counts one message. */
  add(topic: string, from: string | undefined, readers: readonly string[]): { readonly isWanted: boolean } {
    const last = this.#last
    // Messages of one kind come in a row.
    const isLast = last?.topic === topic && last.from === from && last.readers === readers
    const flow = isLast ? last : this.#flowOf(topic, from, readers)
    flow.count++
    this.#last = flow
    return flow
  }

  traffic(): Pick<BusTraffic, 'topics' | 'edges' | 'publishers'> {
    const topics = new Map<string, number>()
    const publishers = new Map<string | undefined, number>()
    const edges = new Map<string | undefined, Map<string, number>>()
    for (const { topic, from, readers, count } of this.#all) {
      topics.set(topic, (topics.get(topic) ?? 0) + count)
      publishers.set(from, (publishers.get(from) ?? 0) + count)
      let out = edges.get(from)
      if (out === undefined) edges.set(from, (out = new Map<string, number>()))
      for (const to of readers) out.set(to, (out.get(to) ?? 0) + count)
    }
    return {
      topics: [...topics]
        .sort(([, left], [, right]) => right - left)
        .slice(0, topicsTold)
        .map(([topic, count]) => ({ topic, count })),
      publishers: [...publishers].map(([from, count]) => ({ ...senderOf(from), count })),
      edges: [...edges].flatMap(([from, out]) => [...out].map(([to, count]) => ({ ...senderOf(from), to, count }))),
    }
  }

  clear(): void {
    this.#flows.clear()
    this.#all = []
    this.#last = undefined
  }

  #flowOf(topic: string, from: string | undefined, readers: readonly string[]): FlowCount {
    let bySender = this.#flows.get(readers)
    if (bySender === undefined)
      this.#flows.set(readers, (bySender = new Map<string | undefined, Map<string, FlowCount>>()))
    let byTopic = bySender.get(from)
    if (byTopic === undefined) bySender.set(from, (byTopic = new Map<string, FlowCount>()))
    const known = byTopic.get(topic)
    if (known !== undefined) return known
    const flow: FlowCount = { topic, from, readers, isWanted: this.#isWanted({ topic, from, readers }), count: 0 }
    if (this.#all.length < flowLimit) {
      this.#all.push(flow)
      byTopic.set(topic, flow)
    }
    return flow
  }
}

function senderOf(from: string | undefined): { readonly from?: string } {
  return from === undefined ? {} : { from }
}
