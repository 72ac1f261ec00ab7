// Copies of messages' data, topic by topic: a topic that has the same shape again and again gets copiers for it, which topics of one shape
// share: `tank:7:hit` is copied as `tank:8:hit` is. Which way a copy is made can't be told from the copy.

import { copyAgain, copyPlain, type CopyRules } from '../plain-copy.ts'
import { copiersFor, otherShape, type CopiersOfShape } from '../shape-copy.ts'

/** Copies of one topic the general way, before it is worth a compilation; twice as many before each further one. */
const patience = 32
/** Shapes tried for one topic: after that it has none. */
const mostShapes = 4
const mostTopics = 4096
/** Shapes kept for topics to come. */
const mostKept = 16

interface TopicCopies {
  copiers: CopiersOfShape | undefined
  /** Copies made the general way since the last compilation. */
  misses: number
  compiled: number
}

/** The copies of one bus. */
export class PayloadCopies {
  readonly #rules: CopyRules
  readonly #topics = new Map<string, TopicCopies>()
  /** Newest first. */
  #kept: readonly CopiersOfShape[] = []
  /** Messages of one topic tend to come together. */
  #last: { readonly topic: string; readonly copies: TopicCopies } | undefined

  constructor(rules: CopyRules) {
    this.#rules = rules
  }

  /** As `copyPlain`. */
  fresh(topic: string, data: unknown): unknown {
    if (typeof data !== 'object' || data === null) return copyPlain(data, this.#rules)
    const copies = this.#of(topic)
    const copy = copies.copiers === undefined ? otherShape : copies.copiers.fresh(data)
    if (copy !== otherShape) return copy
    const made = copyPlain(data, this.#rules)
    this.#missed(copies, made)
    return made
  }

  /** As `copyAgain`. */
  again(topic: string, data: unknown): unknown {
    if (typeof data !== 'object' || data === null) return data
    const { copiers } = this.#of(topic)
    const copy = copiers === undefined ? otherShape : copiers.again(data)
    return copy === otherShape ? copyAgain(data, this.#rules) : copy
  }

  #of(topic: string): TopicCopies {
    if (this.#last?.topic === topic) return this.#last.copies
    let copies = this.#topics.get(topic)
    if (copies === undefined) {
      // Topics with ids in them may be without number: forgetting all of them now and then keeps the map small.
      if (this.#topics.size >= mostTopics) this.#topics.clear()
      // As likely as not it is of a kind with the others.
      copies = { copiers: this.#kept[0], misses: 0, compiled: 0 }
      this.#topics.set(topic, copies)
    }
    this.#last = { topic, copies }
    return copies
  }

  #missed(copies: TopicCopies, sample: unknown): void {
    copies.misses++
    if (copies.compiled >= mostShapes || copies.misses < patience << copies.compiled) return
    copies.misses = 0
    copies.compiled++
    const known = this.#kept.find((copiers) => copiers.fresh(sample) !== otherShape)
    copies.copiers = known ?? copiersFor(sample)
    if (known === undefined && copies.copiers !== undefined)
      this.#kept = [copies.copiers, ...this.#kept].slice(0, mostKept)
  }
}
