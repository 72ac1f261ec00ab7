// Topics as NATS subjects, one to one: `:` is `.`, a pattern's `**` is `>`, `*` is `*`.

/** Throws an Error for a segment NATS would take for something else. */
export function subjectOf(topicOrPattern: string): string {
  const segments = topicOrPattern.split(':')
  for (const segment of segments) {
    if (/[.>]/.test(segment))
      throw new Error(`topic "${topicOrPattern}" can't cross a network socket: "${segment}" contains "." or ">"`)
  }
  return segments.map((segment) => (segment === '**' ? '>' : segment)).join('.')
}

/** Of a message; it may still be no good topic. */
export function topicOf(subject: string): string {
  return subject.replaceAll('.', ':')
}
