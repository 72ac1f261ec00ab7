// The standard's reflection with `unknown` for `any`, for code that handles values it knows nothing about.

export type Callable = (...args: never[]) => unknown

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A property's value, through the prototype chain; an accessor runs with the object itself as `this`. */
export function readProperty(object: object, key: PropertyKey): unknown {
  return Reflect.get(object, key)
}

export function createObject(prototype: object | null): object {
  const made: unknown = Object.create(prototype)
  return isObject(made) ? made : {}
}

export function call(callable: Callable, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(callable, self, args)
}

/** `new constructor(...args)`, with the prototype of `newTarget`. */
export function construct(constructor: Callable, args: readonly unknown[], newTarget: Callable = constructor): object {
  const made: unknown = Reflect.construct(constructor, args, newTarget)
  if (!isObject(made)) throw new TypeError(`${constructor.name} made no object`)
  return made
}

/** A property as built-in objects have theirs: writable and configurable, not enumerable. */
export function defineHidden(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true })
}

/** The object as a table of its fields: the same object, for quick access by key. */
export function fieldsOf(object: object): Record<string, unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any key of any object reads as unknown
  return object as Record<string, unknown>
}
