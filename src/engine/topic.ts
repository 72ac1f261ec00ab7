// Topics and patterns of the bus: segments joined by `:`; in a pattern `*` is one segment and a last `**` the rest,
// one segment or more. The tree finds all patterns that match a topic at a cost that grows with the topic's depth.

const longestTopic = 256

/** Why a text can't be a topic; undefined when it can. */
export function checkTopic(topic: unknown): string | undefined {
  const problem = checkSegments(topic, 'topic')
  if (problem !== undefined || typeof topic !== 'string') return problem
  if (topic.includes('*'))
    return `topic "${topic}" contains "*": wildcards are for subscriptions, a message needs one exact topic`
  return undefined
}

/** Why a text can't be a subscription's pattern; undefined when it can. */
export function checkPattern(pattern: unknown): string | undefined {
  const problem = checkSegments(pattern, 'pattern')
  if (problem !== undefined || typeof pattern !== 'string') return problem
  const segments = pattern.split(':')
  for (const [index, segment] of segments.entries()) {
    if (segment === '**' && index < segments.length - 1) {
      return `pattern "${pattern}" has "**" before its end: "**" means the rest of the topic, use "*" for one segment`
    }
    if (segment !== '*' && segment !== '**' && segment.includes('*')) {
      return `pattern "${pattern}" has "*" inside the segment "${segment}": "*" stands for one whole segment`
    }
  }
  return undefined
}

/** A matcher for one pattern. The pattern must have passed `checkPattern`. */
export function compilePattern(pattern: string): (topic: string) => boolean {
  if (!pattern.includes('*')) return (topic) => topic === pattern
  const segments = pattern.split(':')
  const takesRest = segments.at(-1) === '**'
  const fixed = takesRest ? segments.slice(0, -1) : segments
  return (topic) => {
    const parts = topic.split(':')
    if (takesRest ? parts.length <= fixed.length : parts.length !== fixed.length) return false
    return fixed.every((segment, index) => segment === '*' || segment === parts[index])
  }
}

/** Values by pattern. Both patterns and topics must have been checked. */
export class TopicTree<Value> {
  readonly #root = new TopicNode<Value>()

  add(pattern: string, value: Value): void {
    let node = this.#root
    for (const segment of pattern.split(':')) {
      if (segment === '**') {
        node.rest.push(value)
        return
      }
      node = node.childFor(segment)
    }
    node.here.push(value)
  }

  /** Takes one value away again; false where the pattern did not hold it. */
  delete(pattern: string, value: Value): boolean {
    return deleteFrom(this.#root, pattern.split(':'), 0, value)
  }

  /** All values whose pattern matches, in no particular order. */
  match(topic: string): Value[] {
    const found: Value[] = []
    collect(this.#root, topic.split(':'), 0, found)
    return found
  }
}

class TopicNode<Value> {
  readonly children = new Map<string, TopicNode<Value>>()
  any: TopicNode<Value> | undefined
  readonly here: Value[] = []
  readonly rest: Value[] = []

  childFor(segment: string): TopicNode<Value> {
    if (segment === '*') return (this.any ??= new TopicNode())
    let child = this.children.get(segment)
    if (child === undefined) this.children.set(segment, (child = new TopicNode()))
    return child
  }

  isEmpty(): boolean {
    return this.children.size === 0 && this.any === undefined && this.here.length === 0 && this.rest.length === 0
  }
}

function collect<Value>(node: TopicNode<Value>, segments: readonly string[], depth: number, found: Value[]): void {
  const segment = segments[depth]
  if (segment === undefined) {
    found.push(...node.here)
    return
  }
  found.push(...node.rest)
  const child = node.children.get(segment)
  if (child !== undefined) collect(child, segments, depth + 1, found)
  if (node.any !== undefined) collect(node.any, segments, depth + 1, found)
}

function deleteFrom<Value>(node: TopicNode<Value>, segments: readonly string[], depth: number, value: Value): boolean {
  const segment = segments[depth]
  if (segment === undefined) return deleteValue(node.here, value)
  if (segment === '**') return deleteValue(node.rest, value)
  const child = segment === '*' ? node.any : node.children.get(segment)
  if (child === undefined || !deleteFrom(child, segments, depth + 1, value)) return false
  if (child.isEmpty()) {
    if (segment === '*') node.any = undefined
    else node.children.delete(segment)
  }
  return true
}

function deleteValue<Value>(values: Value[], value: Value): boolean {
  const index = values.indexOf(value)
  if (index < 0) return false
  values.splice(index, 1)
  return true
}

function checkSegments(text: unknown, noun: string): string | undefined {
  if (typeof text !== 'string')
    return `a ${noun} must be a string such as "tank:hit", not ${text === null ? 'null' : typeof text}`
  if (text === '') return `a ${noun} must not be empty`
  if (text.length > longestTopic) return `${noun} "${text.slice(0, 40)}…" is longer than ${longestTopic} characters`
  if (/\s/.test(text)) return `${noun} "${text}" contains white space`
  if (text.split(':').includes('')) return `${noun} "${text}" has an empty segment: segments are joined by one ":"`
  return undefined
}
