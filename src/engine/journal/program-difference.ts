// Where a program that was computed again differs from one that was captured: module by module in the order they run, state first.

import type { ProgramDifference } from '../../protocol/replay.ts'
import type { CallTracker } from '../call-tracker.ts'
import type { ClassRegistry } from '../class-registry.ts'
import { firstDifference } from '../first-difference.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import type { RestoredProgram } from './program-parts.ts'

/** Undefined where both have the same future. Both were made with the classes that are active now. */
export function programDifference(
  replayed: Program,
  running: RestoredProgram,
  { call, classes }: { readonly call: CallTracker; readonly classes: ClassRegistry },
): ProgramDifference | undefined {
  const compare = (root: string, left: unknown, right: unknown): ProgramDifference | undefined => {
    const found = firstDifference(left, right, root, (prototype) => classes.nameOf(prototype) ?? '')
    return found && { path: found.path, running: found.left, replayed: found.right }
  }
  const ofModule = ({ name, state, layers, definition, resources, isParked }: ModuleInstance) => {
    const part = running.modules.get(name)
    const live = running.versions.modules.find(({ manifest }) => manifest.name === name)?.live
    const messages = running.bus.modules.find((other) => other.name === name)
    const wasParked = running.program.odd?.find((odd) => odd.name === name)?.isParked === true
    const { snapshot } = definition
    return (
      compare('state', part?.state, state) ??
      compare('config', live, layers.live) ??
      (snapshot &&
        compare(
          'resources',
          part?.snapshot,
          call.within(name, 'snapshot', () => snapshot(resources.value)),
        )) ??
      compare(
        'messages',
        messages,
        contents.modules.find((other) => other.name === name),
      ) ??
      compare('stopped', wasParked, isParked)
    )
  }
  const contents = replayed.bus.contents()
  for (const module of replayed.order) {
    const found = ofModule(module)
    if (found !== undefined) return { ...found, module: module.name }
  }
  const { outside, orphans } = running.bus
  return compare('messages', { outside, orphans }, { outside: contents.outside, orphans: contents.orphans })
}
