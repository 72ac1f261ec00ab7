// The first steps of a preparation: the definitions of all targets, evaluated where their code is new, and the order in which
// the modules will run.

import { CoppiceError } from '../protocol/errors.ts'
import type { CodeBase } from './code-base.ts'
import { readDefinition } from './definition.ts'
import type { Definition } from './definition.ts'
import { dependencyOrder } from './dependency-order.ts'
import { ReloadFailure } from './reload-failure.ts'
import { isRenewed } from './reload-target.ts'
import type { Target } from './reload-target.ts'
import { checkPattern } from '../protocol/topic.ts'

/**
 * In the order of the targets. Throws `ReloadFailure` for the first target that can't be evaluated, when all have settled.
 * `waitingFor` has the names of those under way.
 */
export async function loadDefinitions(
  code: CodeBase,
  targets: readonly Target[],
  waitingFor = new Set<string>(),
): Promise<readonly (Definition | undefined)[]> {
  const results = await Promise.allSettled(
    targets.map(async (target) => {
      const { name } = target.manifest
      waitingFor.add(name)
      try {
        return await definitionOf(code, target)
      } finally {
        waitingFor.delete(name)
      }
    }),
  )
  return results.map((result, index) => {
    if (result.status === 'fulfilled') return result.value
    throw new ReloadFailure(targets[index]?.manifest.name, 'evaluate', result.reason)
  })
}

async function definitionOf(
  code: CodeBase,
  { manifest, entry, instance, isForced, restarted }: Target,
): Promise<Definition> {
  if (restarted !== undefined) return restarted.definition
  if (instance !== undefined && instance.entry === entry && !isForced) return instance.definition
  const definition = readDefinition(await code.load(entry), manifest.path)
  for (const subscription of definition.subscribe) {
    const problem = checkPattern(typeof subscription === 'string' ? subscription : subscription.topic)
    if (problem !== undefined) throw new CoppiceError('load', `${manifest.path}: \`subscribe\`: ${problem}`)
  }
  return definition
}

/** Names in the order they run. Throws `ReloadFailure` that names a missing dependency or the cycle. */
export function orderOf(
  targets: readonly Target[],
  definitions: readonly (Definition | undefined)[],
): readonly string[] {
  const result = dependencyOrder(
    targets.map((target, index) => ({
      name: target.manifest.name,
      dependencies: definitions[index]?.dependencies ?? [],
    })),
  )
  switch (result.kind) {
    case 'ordered':
      return result.order
    case 'missing': {
      const message = `${result.module} depends on "${result.dependency}", which is not among the modules.`
      throw new ReloadFailure(result.module, 'evaluate', new CoppiceError('load', message))
    }
    case 'cycle': {
      // Guilty is one whose code changed: the others ran before.
      const changed = result.cycle.find((name) =>
        targets.some((target) => target.manifest.name === name && isRenewed(target)),
      )
      const message = `modules depend on each other in a circle: ${result.cycle.join(' → ')}.`
      throw new ReloadFailure(changed ?? result.cycle[0], 'evaluate', new CoppiceError('load', message))
    }
  }
}
