// Each module's one colour, the same in every panel: by its place in the manifest, 1 to 8 and around again.

import type { ModuleInfo } from '../../protocol/program.ts'

/** CSS colour of the module at `index` (from 0) of the module list. */
export function moduleColour(index: number): string {
  return `var(--module-${(Math.max(0, index) % 8) + 1})`
}

/** CSS colour of a module by name; text 3 for one that is not there. */
export function colourOfModule(modules: readonly Pick<ModuleInfo, 'name'>[], name: string): string {
  const index = modules.findIndex((module) => module.name === name)
  return index < 0 ? 'var(--text-3)' : moduleColour(index)
}
