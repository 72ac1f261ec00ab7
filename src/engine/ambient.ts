// Placeholder type until the ambient is built by the engine: the globals a module sees instead of the realm's.

/** Names and values that shadow the realm's globals in evaluated code. */
export interface Ambient {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
}
