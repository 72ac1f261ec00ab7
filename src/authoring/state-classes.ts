// Finds the classes whose instances a state holds, for `coppice/test`, where no dev server has registered them.

/** A class, as far as the engine's registry cares. */
export interface FoundClass {
  readonly name: string
  readonly prototype: object
}

const builtIn: ReadonlySet<unknown> = new Set([Object, Array, Map, Set, Date, ArrayBuffer, DataView, null, undefined])

/** Each class once. Looks through plain objects, instances, arrays, maps and sets; cycles are fine. */
export function classesIn(state: unknown): ReadonlySet<FoundClass> {
  const found = new Set<FoundClass>()
  const seen = new Set<object>()
  const open: unknown[] = [state]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) continue
    seen.add(value)
    if (!builtIn.has(value.constructor) && isClass(value.constructor)) found.add(value.constructor)
    for (const part of partsOf(value)) open.push(part)
  }
  return found
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) {
    const map: ReadonlyMap<unknown, unknown> = value
    return [...map.keys(), ...map.values()]
  }
  return value instanceof Set ? value : Object.values(value)
}

/** As the dev server finds it in the syntax; here, by the class's text. */
export function hasPrivateMembers(found: FoundClass): boolean {
  return /(\bthis\.|^\s*)#\w/m.test(Function.prototype.toString.call(found))
}

function isClass(value: unknown): value is FoundClass {
  // Promises and the like are built in, and none of a state's.
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}
