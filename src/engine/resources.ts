// What one run of a module's `setup` made, and how it goes: its signal aborts, its `onDispose` callbacks run. Owned by the
// module, handed from version to version where nothing of `setup` changed (ML6).

/** Resources of one module. Disposed once, by whoever takes them out of the program. */
export class Resources {
  /** What `setup` returned; undefined where the module has none. */
  value: unknown = undefined
  /** See `setupFingerprint`. */
  readonly fingerprint: string
  readonly #abort = new AbortController()
  readonly #disposers: (() => void)[] = []
  /** Top-level configuration keys that `setup` read, with the values it saw. */
  readonly #configRead = new Map<string, unknown>()

  constructor(fingerprint: string) {
    this.fingerprint = fingerprint
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  onDispose = (dispose: () => void): void => {
    if (this.signal.aborted) dispose()
    else this.#disposers.push(dispose)
  }

  /** The configuration as `setup` gets it: reads are noted. */
  observe(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const read = this.#configRead
    return new Proxy(config, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof key === 'string') read.set(key, value)
        return value
      },
      ownKeys(target) {
        for (const key of Object.keys(target)) read.set(key, target[key])
        return Reflect.ownKeys(target)
      },
    })
  }

  /** Whether `setup` would see another configuration now. */
  isAffectedBy(config: Readonly<Record<string, unknown>>): boolean {
    for (const [key, value] of this.#configRead) {
      if (!isSameData(value, config[key])) return true
    }
    return false
  }

  /** Aborts the signal and runs the callbacks, last registered first. Returns what they threw. */
  dispose(): readonly unknown[] {
    if (this.signal.aborted) return []
    const errors: unknown[] = []
    this.#abort.abort()
    for (const dispose of this.#disposers.reverse()) {
      try {
        dispose()
      } catch (error) {
        errors.push(error)
      }
    }
    return errors
  }
}

/** Equality of plain configuration values. */
export function isSameData(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftEntries = Object.entries(left)
  const rightEntries = new Map<string, unknown>(Object.entries(right))
  return (
    leftEntries.length === rightEntries.size &&
    leftEntries.every(([key, value]) => rightEntries.has(key) && isSameData(value, rightEntries.get(key)))
  )
}
