// Tests of what a reload does to a state: one module, its code before and after.

import type { Receipt } from '../protocol/receipt.ts'
import { TestEngine } from './testing-host.ts'

/** A module whose `init` gives this; `process` does nothing unless told. */
export function module(init: (context: never) => unknown, more: object = {}): { definition: object } {
  return { definition: { init, process: () => undefined, ...more } }
}

/** Opens `before`, makes the state `live` where given, then reloads with `after`. */
export async function reload(
  before: { definition: object },
  after: { definition: object },
  live?: (state: never) => void,
): Promise<{ lab: TestEngine; receipt: Receipt | undefined; state: unknown }> {
  const lab = new TestEngine()
  const process = ({ state }: { state: never }): void => live?.(state)
  await lab.run({ tank: { definition: { ...before.definition, process } } })
  await lab.execute('step', 1)
  const [receipt] = await lab.run({ tank: after })
  return { lab, receipt, state: await lab.execute('state', 'tank') }
}

/** Its state changes as they are told. */
export function words(receipt: Receipt | undefined): readonly (string | undefined)[] {
  return (receipt?.stateChanges ?? []).map((change) => change.words)
}

/** A state with so many elements of these fields. */
export const tanks = (count: number, fields: object): { tanks: object[] } => ({
  tanks: Array.from({ length: count }, () => ({ ...fields })),
})
