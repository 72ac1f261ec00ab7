// Each module's one colour, the same in every panel: by its place in the manifest, 1 to 8 and around again.

/** CSS colour of the module at `index` (from 0) of the module list. */
export function moduleColour(index: number): string {
  return `var(--module-${(Math.max(0, index) % 8) + 1})`
}

/** CSS colour of a module by name; text 3 for one that is not there. */
export function colourOfModule(names: readonly string[], name: string): string {
  const index = names.indexOf(name)
  return index < 0 ? 'var(--text-3)' : moduleColour(index)
}
