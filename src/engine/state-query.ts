// Queries on a state:
//
//   tanks.*.hp                     paths; * is one entry, ** any depth, names may hold * too (enemy*)
//   tanks.*.hp < 10                … whose value is so: = != < <= > >=, and ~ for texts that contain
//   tanks.* where hp < 10 and team = "red"     entries by what they hold
//   hp < 10                        a single name with a comparison is looked for everywhere
//
// Read only, bounded, in the order of the state.

import { CoppiceError } from '../protocol/errors.ts'
import type { StateMatch, StateMatches } from '../protocol/state-query.ts'
import type { DataPath, PathStep } from '../protocol/values.ts'
import { formatPath, isPathKey } from './data-path.ts'
import { isDate } from './dates.ts'
import { formatValue } from './value-format.ts'

/** Values looked at by one query. */
const visitLimit = 300_000
const maxDepth = 100

type PatternStep =
  | { readonly kind: 'any-depth' }
  | { readonly kind: 'any' }
  | { readonly kind: 'name'; readonly matches: (name: string) => boolean }

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~'

interface Comparison {
  readonly path: readonly PatternStep[]
  readonly operator: Operator
  readonly value: unknown
}

/** A query, read. */
export interface StateQuery {
  readonly path: readonly PatternStep[]
  /** All of them hold for a match. */
  readonly conditions: readonly Comparison[]
}

interface Token {
  readonly kind: 'name' | 'index' | 'dot' | 'operator' | 'value' | 'word'
  readonly text: string
  readonly value?: unknown
  readonly at: number
}

/** Throws `invalid-argument` with the column of what can't be read. */
export function parseStateQuery(text: string): StateQuery {
  return new QueryReader(text).read()
}

class QueryReader {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text, (at) => this.#refusal(at))
  }

  read(): StateQuery {
    const path = this.#path()
    const conditions: Comparison[] = []
    const operator = this.#take('operator')
    if (operator !== undefined) {
      // A single name is looked for everywhere.
      const everywhere: readonly PatternStep[] = path.length === 1 ? [{ kind: 'any-depth' }, ...path] : path
      conditions.push({ path: [], operator: operatorOf(operator.text), value: this.#value() })
      this.#end()
      return { path: everywhere, conditions }
    }
    if (this.#takeWord('where')) {
      do {
        const own = this.#path()
        const compare = this.#take('operator') ?? this.#refuse()
        conditions.push({ path: own, operator: operatorOf(compare.text), value: this.#value() })
      } while (this.#takeWord('and'))
    }
    this.#end()
    return { path, conditions }
  }

  #path(): readonly PatternStep[] {
    const steps: PatternStep[] = [this.#step(true) ?? this.#refuse()]
    for (;;) {
      const step = this.#step(false)
      if (step === undefined) return steps
      steps.push(step)
    }
  }

  /** The first stands without a dot. */
  #step(isFirst: boolean): PatternStep | undefined {
    const index = this.#take('index')
    if (index !== undefined) return exactly(index.text)
    if (!isFirst && this.#take('dot') === undefined) return undefined
    const name = this.#take('name') ?? this.#takeWordAsName() ?? this.#refuse()
    if (name.text === '**') return { kind: 'any-depth' }
    if (name.text === '*') return { kind: 'any' }
    return name.text.includes('*') ? { kind: 'name', matches: globOf(name.text) } : exactly(name.text)
  }

  #value(): unknown {
    const token = this.#take('value') ?? this.#refuse()
    return token.value
  }

  #take(kind: Token['kind']): Token | undefined {
    const token = this.#tokens[this.#next]
    if (token?.kind !== kind) return undefined
    this.#next++
    return token
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.kind !== 'word' || token.text !== word) return false
    this.#next++
    return true
  }

  /** `where` and `and` may be names of fields too. */
  #takeWordAsName(): Token | undefined {
    return this.#take('word')
  }

  #end(): void {
    if (this.#next < this.#tokens.length) this.#refuse()
  }

  #refuse(): never {
    throw this.#refusal(this.#tokens[this.#next]?.at ?? this.#text.length)
  }

  #refusal(at: number): CoppiceError {
    return new CoppiceError(
      'invalid-argument',
      `"${this.#text}" is not a query (see column ${at + 1}). Write tanks.*.hp, tanks.*.hp < 10, or tanks.* where hp < 10 and team = "red".`,
    )
  }
}

const tokenPattern =
  /\s*(?:(<=|>=|===|!==|==|!=|<|>|=|~)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w.])|true|false|null|undefined|NaN|-?Infinity|[^\s"'<>=~]+)|\[\s*(\d+)\s*\]|\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]|(\.)|([^\s.[\]"'<>=!~]+))/y

function tokensOf(text: string, refusal: (at: number) => CoppiceError): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    tokenPattern.lastIndex = at
    const match = tokenPattern.exec(text)
    if (match === null) throw refusal(at)
    const [, operator, value = '', index, quoted, dot, name] = match
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, at }, { kind: 'value', text: value, value: literalOf(value), at })
    } else if (index !== undefined) tokens.push({ kind: 'index', text: index, at })
    else if (quoted !== undefined) tokens.push({ kind: 'index', text: unquoted(quoted), at })
    else if (dot !== undefined) tokens.push({ kind: 'dot', text: dot, at })
    else if (name !== undefined) tokens.push({ kind: isWord(tokens, name) ? 'word' : 'name', text: name, at })
    at = tokenPattern.lastIndex
  }
  return tokens
}

function isWord(before: readonly Token[], name: string): boolean {
  return (name === 'where' || name === 'and') && before.at(-1)?.kind !== 'dot'
}

function operatorOf(text: string): Operator {
  switch (text) {
    case '==':
    case '===':
      return '='
    case '!==':
      return '!='
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '!=':
    case '~':
      return text
    default:
      return '='
  }
}

/** What is no number, no word of the language and not quoted is a text. */
function literalOf(text: string): unknown {
  const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['undefined', undefined],
    ['NaN', Number.NaN],
  ])
  if (words.has(text)) return words.get(text)
  if (/^["']/.test(text)) return unquoted(text)
  const number = Number(text)
  return Number.isNaN(number) ? text : number
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

function exactly(name: string): PatternStep {
  return { kind: 'name', matches: (other) => other === name }
}

/** A matcher for a name with `*` in it; takes its time by the length of both, whatever stands in them. */
function globOf(glob: string): (name: string) => boolean {
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop() ?? ''
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
    let at = first.length
    for (const part of rest) {
      const found = name.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= name.length - last.length
  }
}

/** All that match, up to `limit` of them in full. */
export function findInState(state: unknown, query: StateQuery, limit: number): Omit<StateMatches, 'moment'> {
  const search = new Search(query, limit)
  search.walk(state, query.path, [])
  return { matches: search.matches, total: search.found.size, isCut: search.visits > visitLimit }
}

class Search {
  readonly matches: StateMatch[] = []
  /** Texts of their paths: `**` reaches some in more than one way. */
  readonly found = new Set<string>()
  visits = 0
  readonly #query: StateQuery
  readonly #limit: number

  constructor(query: StateQuery, limit: number) {
    this.#query = query
    this.#limit = limit
  }

  walk(value: unknown, pattern: readonly PatternStep[], path: DataPath): void {
    if (++this.visits > visitLimit || path.length > maxDepth) return
    const [step, ...rest] = pattern
    if (step === undefined) {
      this.#check(value, path)
      return
    }
    if (step.kind === 'any-depth') {
      this.walk(value, rest, path)
      for (const [child, inner] of entriesOf(value)) this.walk(inner, pattern, [...path, child])
      return
    }
    for (const [child, inner] of entriesOf(value)) {
      if (step.kind === 'any' || step.matches(nameOf(child))) this.walk(inner, rest, [...path, child])
    }
  }

  #check(value: unknown, path: DataPath): void {
    if (!this.#query.conditions.every((condition) => holds(value, condition, condition.path))) return
    const text = formatPath(path)
    if (this.found.has(text)) return
    this.found.add(text)
    if (this.matches.length >= this.#limit) return
    const preview = formatValue(value, { depth: 1, entries: 6, length: 100 })
    const isPrimitive = typeof value !== 'object' || value === null
    this.matches.push({ path, text, preview, ...(isPrimitive ? { value } : {}) })
  }
}

/** Some value at the condition's path is so. */
function holds(value: unknown, condition: Comparison, pattern: readonly PatternStep[], depth = 0): boolean {
  const [step, ...rest] = pattern
  if (step === undefined) return compare(value, condition)
  if (depth > maxDepth) return false
  if (step.kind === 'any-depth' && holds(value, condition, rest, depth + 1)) return true
  for (const [child, inner] of entriesOf(value)) {
    if (step.kind === 'any-depth') {
      if (holds(inner, condition, pattern, depth + 1)) return true
    } else if ((step.kind === 'any' || step.matches(nameOf(child))) && holds(inner, condition, rest, depth + 1))
      return true
  }
  return false
}

function compare(actual: unknown, { operator, value }: Comparison): boolean {
  switch (operator) {
    case '=':
      return Object.is(actual, value) || actual === value
    case '!=':
      return !Object.is(actual, value) && actual !== value
    case '~':
      return typeof actual === 'string' && actual.includes(String(value))
    default:
      return isOrdered(actual, value) && isBetween(actual, operator, value)
  }
}

type Ordered = number | string | bigint

function isOrdered(left: unknown, right: unknown): right is Ordered {
  const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint'
  return (isNumber(left) && isNumber(right)) || (typeof left === 'string' && typeof right === 'string')
}

function isBetween(left: unknown, operator: '<' | '<=' | '>' | '>=', right: Ordered): boolean {
  if (typeof left !== 'number' && typeof left !== 'string' && typeof left !== 'bigint') return false
  switch (operator) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

function nameOf(step: PathStep): string {
  return String(typeof step === 'object' ? step.key : step)
}

/** What a container holds, with the step to each. Texts and dates hold nothing. */
function* entriesOf(value: unknown): Iterable<readonly [PathStep, unknown]> {
  if (typeof value !== 'object' || value === null || isDate(value) || value instanceof ArrayBuffer) return
  if (value instanceof Map) {
    for (const [index, [key, inner]] of [...value].entries()) yield [isPathKey(key) ? { key } : index, inner]
  } else if (value instanceof Set) {
    for (const [index, inner] of [...value].entries()) yield [index, inner]
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield [index, inner]
  } else if (ArrayBuffer.isView(value)) {
    const length: unknown = Reflect.get(value, 'length')
    for (let index = 0; typeof length === 'number' && index < length; index++) yield [index, Reflect.get(value, index)]
  } else {
    for (const key of Object.keys(value)) yield [key, Reflect.get(value, key)]
  }
}
