// What the living engine hands its standby for a rehearsal (ML4): the commit it is about to prepare, and where the program stands.

import type { Manifest } from '../../protocol/manifest.ts'
import type { RehearsalRequest } from '../../protocol/rehearsal.ts'
import type { EngineCore } from '../engine-core.ts'
import { isRenewed } from '../reload-target.ts'
import type { Target } from '../reload-target.ts'

/** Undefined where there is nothing to try: no capture yet, or no running module gets other code. */
export function rehearsalRequest(
  { program, history, code, saved }: EngineCore,
  targets: readonly Target[],
  manifest: Manifest,
): RehearsalRequest | undefined {
  const base = history.capture.lastComplete
  if (base?.timeline !== program.timeline) return undefined
  if (!targets.some((target) => target.instance !== undefined && isRenewed(target))) return undefined
  const record = history.capture.find(base)
  if (record === undefined) return undefined
  const hashes = new Set(
    [...targets.map(({ entry }) => entry), ...program.modules.map(({ entry }) => entry)].flatMap((entry) => [
      ...code.reach(entry),
    ]),
  )
  return {
    manifest,
    modules: targets.map((target) => ({
      manifest: target.manifest,
      entry: target.entry,
      ...(target.instance === undefined ? {} : { from: target.instance.name }),
      isCodeNew: isRenewed(target),
      areResourcesNew: false,
      initFrame: program.frame,
      ...(target.instance === undefined ? { saved: saved.of(target.manifest.name) } : {}),
    })),
    texts: [...hashes].map((hash) => code.text(hash)).filter((text) => text !== undefined),
    base,
    entries: history.journal.after(program.timeline, history.capture.sequenceOf(record)),
    present: program.moment,
  }
}
