// Writes a `migrate` for the differences between two versions of a state, as text for the author's module to start from (ML5). What
// can't be known is a line to fill in. Pure.

import { shapeWords } from './state-shape.ts'
import type { Shape } from './state-shape.ts'
import type { FieldStep, Kept, StatePlan } from './state-plan.ts'
import { formatProperty } from './value-path.ts'

export interface MigrateStubRequest {
  readonly fromVersion: number
  readonly toVersion: number
  /** With type annotations, or for a JavaScript file. */
  readonly language: 'typescript' | 'javascript'
  /** Of the old shape and the new; undefined where they are alike. */
  readonly plan: StatePlan | undefined
  readonly kept: readonly Kept[]
}

/** Two members of a `defineModule` call, indented by two spaces: `stateVersion` and `migrate`. `old` is changed in place: it is a copy. */
export function migrateStub({ fromVersion, toVersion, language, plan, kept }: MigrateStubRequest): string {
  const writer = new StubWriter(language === 'typescript')
  if (plan !== undefined) writer.write(plan, 'old')
  const unused = kept.filter((field) => field.isUnused).map((field) => `    // no longer in init: ${field.path}`)
  const parameters = language === 'typescript' ? '(old: any, fromVersion)' : '(old, fromVersion)'
  return [
    `  stateVersion: ${toVersion},`,
    '  // From a state of another version to this one. `old` is a copy; throw to refuse it.',
    `  migrate: ${parameters} => {`,
    `    if (fromVersion !== ${fromVersion}) throw new Error(\`there is no way here from version \${fromVersion}\`)`,
    ...writer.lines,
    ...unused,
    `    return ${writer.result ?? 'old'}`,
    '  },',
    '',
  ].join('\n')
}

class StubWriter {
  readonly lines: string[] = []
  /** What to return, where the state itself is replaced. */
  result: string | undefined
  readonly #isTyped: boolean
  readonly #names = new Set(['old', 'fromVersion'])
  #depth = 2

  constructor(isTyped: boolean) {
    this.#isTyped = isTyped
  }

  /** `place` is an expression that can be assigned to. */
  write(plan: StatePlan, place: string): void {
    switch (plan.kind) {
      case 'object':
        for (const step of plan.steps) this.#writeField(step, place)
        return
      case 'elements':
        this.#writeElements(plan, place)
        return
      case 'expect':
        this.#writeExpected(plan, place)
    }
  }

  #writeField(step: FieldStep, object: string): void {
    const place = object + formatProperty(step.key)
    if (step.from !== undefined) {
      const old = object + formatProperty(step.from)
      this.#line(`${place} = ${old}`)
      this.#line(`delete ${old}`)
    } else if (step.isAdded && step.inside?.kind !== 'expect') {
      this.#line(`${place} ${step.isNew ? '=' : '??='} ${literal(step.value, this.#depth)}`)
    } else if (step.isNew) {
      this.#line(`${place} = ${literal(step.value, this.#depth)}`)
    } else if (step.inside !== undefined) this.write(step.inside, place)
  }

  #writeElements(plan: Extract<StatePlan, { kind: 'elements' }>, place: string): void {
    const { each, keys, container } = plan
    if (keys?.kind === 'expect' && keys.from !== undefined) {
      const pair = this.#isTyped ? '([key, value]: [any, any])' : '([key, value])'
      this.#line(`${place} = new Map([...${place}].map(${pair} => [${conversion('key', keys.from, keys.to)}, value]))`)
    }
    if (each === undefined) return
    if (each.kind === 'expect' && each.from !== undefined) {
      const item = this.#isTyped ? '(item: any)' : '(item)'
      const made = conversion('item', each.from, each.to)
      if (container === 'array') this.#line(`${place} = ${place}.map(${item} => ${made})`)
      else if (container === 'set') this.#line(`${place} = new Set([...${place}].map(${item} => ${made}))`)
      else if (container === 'map') this.#line(`for (const [key, item] of [...${place}]) ${place}.set(key, ${made})`)
      else this.#line(`for (const [key, item] of Object.entries(${place})) ${place}[key] = ${made}`)
      return
    }
    const name = this.#nameFor(place)
    const items =
      container === 'map' ? `${place}.values()` : container === 'dictionary' ? `Object.values(${place})` : place
    const typed = container === 'dictionary' && this.#isTyped ? `Object.values<any>(${place})` : items
    const start = this.lines.length
    this.#line(`for (const ${name} of ${typed}) {`)
    this.#depth++
    this.write(each, name)
    this.#depth--
    if (this.lines.length === start + 1) this.lines.pop()
    else this.#line('}')
    this.#names.delete(name)
  }

  #writeExpected(plan: Extract<StatePlan, { kind: 'expect' }>, place: string): void {
    if (plan.from === undefined) {
      if (plan.inside !== undefined) this.write(plan.inside, place)
      return
    }
    const line = `${conversion(place, plan.from, plan.to)} // was ${shapeWords(plan.from)}`
    if (place === 'old') this.result = line
    else this.#line(`${place} = ${line}`)
  }

  #line(text: string): void {
    this.lines.push('  '.repeat(this.#depth) + text)
  }

  /** `old.tanks` → `tank`; taken until its loop ends. */
  #nameFor(place: string): string {
    const last = /([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(place)?.[1] ?? 'items'
    const singular = last.length > 2 && last.endsWith('s') && !last.endsWith('ss') ? last.slice(0, -1) : `${last}Item`
    let name = isReserved(singular) ? 'item' : singular
    while (this.#names.has(name)) name += 'Inner'
    this.#names.add(name)
    return name
  }
}

function isReserved(name: string): boolean {
  return /^(break|case|catch|class|const|continue|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|let|new|null|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|await)$/.test(
    name,
  )
}

/** `value` as the new type, as far as a conversion suggests itself. */
function conversion(value: string, from: Shape, to: Shape): string {
  if (to.kind === 'primitive' && from.kind === 'primitive') {
    switch (to.type) {
      case 'string':
        return `String(${value})`
      case 'number':
        return `Number(${value})`
      case 'boolean':
        return `Boolean(${value})`
      case 'bigint':
        return from.type === 'boolean' || from.type === 'string' ? `BigInt(${value})` : `BigInt(Math.round(${value}))`
    }
  }
  if (to.kind === 'set' && from.kind === 'array') return `new Set(${value})`
  if (to.kind === 'array' && (from.kind === 'set' || from.kind === 'buffer')) return `[...${value}]`
  if (to.kind === 'array' && from.kind === 'map') return `[...${value}.values()]`
  if (to.kind === 'map' && from.kind === 'object') return `new Map(Object.entries(${value}))`
  if (to.kind === 'object' && to.className === undefined && from.kind === 'map') return `Object.fromEntries(${value})`
  if (to.kind === 'buffer' && (from.kind === 'array' || from.kind === 'buffer') && to.type.endsWith('Array'))
    return `new ${to.type}(${value})`
  return `${value} /* make it ${shapeWords(to)} */`
}

/** A value of the new `init` as source text, where it is small plain data. */
function literal(value: unknown, depth: number): string {
  const text = plainLiteral(value, 0)
  return text === undefined || text.length > 100 + depth ? 'undefined /* fill in: as in init */' : text
}

function plainLiteral(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      return value === null ? 'null' : objectLiteral(value, depth)
    default:
      return undefined
  }
}

function objectLiteral(value: object, depth: number): string | undefined {
  if (depth > 3) return undefined
  if (Array.isArray(value)) {
    const items = value.slice(0, 20).map((item: unknown) => plainLiteral(item, depth + 1))
    return value.length > 20 || items.includes(undefined) ? undefined : `[${items.join(', ')}]`
  }
  if ((value instanceof Map || value instanceof Set) && value.size === 0)
    return value instanceof Map ? 'new Map()' : 'new Set()'
  if (Reflect.getPrototypeOf(value) !== Object.prototype) return undefined
  const fields: string[] = []
  for (const [key, field] of Object.entries(value)) {
    const text = plainLiteral(field, depth + 1)
    if (text === undefined) return undefined
    fields.push(`${/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key)}: ${text}`)
  }
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
