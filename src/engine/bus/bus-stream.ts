// What passes on the bus, for whoever watches: lines the filter lets through, and counts of all. Asked for a few times a second
// (command `watchBus`); two seconds after the last question it looks on no more, and the bus costs what it did. Bounded throughout.

import type { BusFilter, BusLine, BusTraffic } from '../../protocol/bus.ts'
import { CoppiceError } from '../../protocol/errors.ts'
import type { Milliseconds, Moment, Seconds, SourcePosition } from '../../protocol/values.ts'
import { formatValue } from '../value-format.ts'
import type { BusTap } from './bus-tap.ts'
import type { StoredMessage } from './stored-message.ts'
import { checkPattern, compilePattern } from '../../protocol/topic.ts'
import { TrafficCounts, type Flow } from './traffic-counts.ts'

const leaseMs: Milliseconds = 2000
const linesPerBatch = 100
/** Messages a batch looks into for the filter's text. */
const readPerBatch = 1000
const sitesPerFrame = 50
/** Messages whose data can be asked for. */
const keptMessages = 300

export interface BusStreamOptions {
  readonly now: () => Milliseconds
  readonly moment: () => Moment
  readonly time: () => Seconds
  /** Where in the source the present call stands. */
  readonly callSite: () => SourcePosition | undefined
}

interface Waiting {
  readonly id: number
  readonly message: StoredMessage
  readonly readers: readonly string[]
  readonly moment: Moment
}

export class BusStream implements BusTap {
  readonly #options: BusStreamOptions
  readonly #counts = new TrafficCounts((flow) => this.#isWanted(flow))
  #askedAt: Milliseconds = -Infinity
  #filter: BusFilter = {}
  #matches: ((topic: string) => boolean) | undefined
  #waiting: Waiting[] = []
  #leftOut = 0
  #read = 0
  #lastId = 0
  #since: Seconds = 0
  readonly #sites = new WeakMap<StoredMessage, SourcePosition>()
  #sitesFrame = -1
  #sitesLeft = 0
  readonly #kept = new Map<number, StoredMessage>()

  constructor(options: BusStreamOptions) {
    this.#options = options
  }

  /** Itself while somebody watches. */
  tap(): BusTap | undefined {
    if (this.#askedAt === -Infinity) return undefined
    if (this.#options.now() - this.#askedAt <= leaseMs) return this
    this.#askedAt = -Infinity
    this.#forget()
    return undefined
  }

  /** What passed since the last question with this filter; the first one finds nothing. Throws `invalid-argument` for a bad pattern. */
  ask(filter: BusFilter): BusTraffic {
    const { topic, module, text } = this.#filter
    if (filter.topic !== topic || filter.module !== module || filter.text !== text) this.#setFilter(filter)
    this.#askedAt = this.#options.now()
    const time = this.#options.time()
    const newest = this.#waiting.slice(-linesPerBatch)
    const traffic: BusTraffic = {
      lines: newest.map((waiting) => this.#lineOf(waiting)),
      leftOut: this.#leftOut + this.#waiting.length - newest.length,
      ...this.#counts.traffic(),
      seconds: Math.max(0, time - this.#since),
    }
    this.#forget()
    this.#since = time
    return traffic
  }

  /** The data of a line, in up to 20 000 characters; undefined where it is not kept any more. */
  dataOf(id: number): string | undefined {
    const message = this.#kept.get(id)
    return message === undefined ? undefined : formatValue(message.data, { depth: 8, entries: 200, length: 20_000 })
  }

  published(message: StoredMessage): void {
    if (this.#sitesFrame !== message.frame) {
      this.#sitesFrame = message.frame
      this.#sitesLeft = sitesPerFrame
    }
    if (this.#sitesLeft === 0 || this.#matches?.(message.topic) === false) return
    this.#sitesLeft--
    const site = this.#options.callSite()
    if (site !== undefined) this.#sites.set(message, site)
  }

  delivered(message: StoredMessage, readers: readonly string[]): void {
    if (!this.#counts.add(message.topic, message.from, readers).isWanted) return
    const { text } = this.#filter
    if (text !== undefined && !this.#holds(message, text)) return
    this.#waiting.push({ id: ++this.#lastId, message, readers, moment: this.#options.moment() })
    if (this.#waiting.length < 2 * linesPerBatch) return
    this.#leftOut += linesPerBatch
    this.#waiting.splice(0, linesPerBatch)
  }

  #setFilter(filter: BusFilter): void {
    const problem = filter.topic === undefined ? undefined : checkPattern(filter.topic)
    if (problem !== undefined) throw new CoppiceError('invalid-argument', problem)
    this.#matches = filter.topic === undefined ? undefined : compilePattern(filter.topic)
    this.#filter = filter
    this.#forget()
  }

  #isWanted({ topic, from, readers }: Flow): boolean {
    const { module } = this.#filter
    return (
      (this.#matches === undefined || this.#matches(topic)) &&
      (module === undefined || from === module || readers.includes(module))
    )
  }

  /** False, and counted, where this batch has looked into enough. */
  #holds(message: StoredMessage, text: string): boolean {
    if (this.#read++ >= readPerBatch) {
      this.#leftOut++
      return false
    }
    const wanted = text.toLowerCase()
    return message.topic.toLowerCase().includes(wanted) || previewOf(message).toLowerCase().includes(wanted)
  }

  #lineOf({ id, message, readers, moment }: Waiting): BusLine {
    this.#kept.set(id, message)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptMessages) break
      this.#kept.delete(oldest)
    }
    const { topic, from } = message
    const position = this.#sites.get(message)
    return {
      id,
      topic,
      ...(from === undefined ? {} : { from }),
      readers,
      moment,
      preview: previewOf(message),
      ...(position === undefined ? {} : { position }),
    }
  }

  #forget(): void {
    this.#waiting = []
    this.#leftOut = 0
    this.#read = 0
    this.#counts.clear()
  }
}

function previewOf(message: StoredMessage): string {
  return formatValue(message.data, { depth: 2, entries: 8, length: 160 })
}
