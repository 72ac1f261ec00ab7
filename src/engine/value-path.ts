// How a place inside a value is written for people: `state.tanks[3].onHit`, `state.byId.get("a")`.

/** One step from a container to something in it. */
export type PlaceStep =
  | { readonly kind: 'root' }
  | { readonly kind: 'property'; readonly key: string | number }
  | { readonly kind: 'map-key'; readonly key: unknown }
  | { readonly kind: 'map-value'; readonly key: unknown }
  | { readonly kind: 'set-item' }

/** The step as code would take it; where code can't (a key of a Map, an item of a Set), in angle brackets. */
export function formatStep(step: PlaceStep): string {
  switch (step.kind) {
    case 'root':
      return ''
    case 'property':
      return formatProperty(step.key)
    case 'map-value':
      return `.get(${formatKey(step.key)})`
    case 'map-key':
      return '<key>'
    case 'set-item':
      return '<item>'
  }
}

/** `.hp`, `[3]`, `["two words"]`. */
export function formatProperty(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function formatKey(key: unknown): string {
  switch (typeof key) {
    case 'string':
      return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key)
    case 'object':
      return key === null ? 'null' : 'an object'
    case 'function':
      return 'a function'
    default:
      return String(key)
  }
}
