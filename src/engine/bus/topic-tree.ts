// Patterns of topics as a tree: finds all that match a topic at a cost that grows with the topic's depth, not with their number.

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
