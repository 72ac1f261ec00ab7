// Topics and patterns of the bus, the same in modules, manifest and sockets: segments joined by `:`; in a pattern `*` is one segment
// and a last `**` the rest, one segment or more.

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

function checkSegments(text: unknown, noun: string): string | undefined {
  if (typeof text !== 'string')
    return `a ${noun} must be a string such as "tank:hit", not ${text === null ? 'null' : typeof text}`
  if (text === '') return `a ${noun} must not be empty`
  if (text.length > longestTopic) return `${noun} "${text.slice(0, 40)}…" is longer than ${longestTopic} characters`
  if (/\s/.test(text)) return `${noun} "${text}" contains white space`
  if (text.split(':').includes('')) return `${noun} "${text}" has an empty segment: segments are joined by one ":"`
  return undefined
}
