// Tells from the numbers on messages what came twice and what never came. Each end numbers all it sends, and what it sends of each
// topic; a connection made again may bring some twice, and a server that was down may have lost some.

const keptNumbers = 4096

/** What an end writes on each message. */
export interface MessageNumbers {
  readonly from: string
  /** Climbs with each message of that end. */
  readonly sequence: number
  /** Climbs by one with each message of that end and topic. */
  readonly ofTopic: number
}

export class Arrivals {
  readonly #sequences = new Map<string, number>()
  readonly #ofTopics = new Map<string, number>()

  /** How many of its topic are missing before it; `twice`: it came before. */
  take(topic: string, { from, sequence, ofTopic }: MessageNumbers): number | 'twice' {
    if (sequence <= (this.#sequences.get(from) ?? 0)) return 'twice'
    remember(this.#sequences, from, sequence)
    const key = `${from} ${topic}`
    const last = this.#ofTopics.get(key)
    remember(this.#ofTopics, key, ofTopic)
    return last === undefined ? 0 : Math.max(0, ofTopic - last - 1)
  }
}

/** The numbers this end writes. */
export class Departures {
  readonly id: string
  #sequence = 0
  readonly #ofTopics = new Map<string, number>()

  constructor(id: string) {
    this.id = id
  }

  next(topic: string): MessageNumbers {
    const ofTopic = (this.#ofTopics.get(topic) ?? 0) + 1
    remember(this.#ofTopics, topic, ofTopic)
    return { from: this.id, sequence: ++this.#sequence, ofTopic }
  }
}

/** Those used last are kept. */
function remember(numbers: Map<string, number>, key: string, value: number): void {
  numbers.delete(key)
  numbers.set(key, value)
  if (numbers.size <= keptNumbers) return
  for (const oldest of numbers.keys()) {
    numbers.delete(oldest)
    return
  }
}

export function isMessageNumbers(value: unknown): value is MessageNumbers {
  if (typeof value !== 'object' || value === null) return false
  const { from, sequence, ofTopic } = { from: undefined, sequence: undefined, ofTopic: undefined, ...value }
  return typeof from === 'string' && isCount(sequence) && isCount(ofTopic)
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}
