// The living engine's side of rehearsals (ML4): what it asks its standby to try out, and from when on it may. A standby has to warm up first:
// the code that runs is evaluated and each step of a rehearsal done once there, on a commit that changes nothing.
//
//   a standby came ──► cold ──(nothing to start from yet: again at later frames)──► warming up ──► warm: saves wait for it

import type { Manifest } from '../../protocol/manifest.ts'
import type { RehearsalRequest, RehearsalResult } from '../../protocol/rehearsal.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Standby } from '../host.ts'
import { isRenewed } from '../reload-target.ts'
import type { Target } from '../reload-target.ts'
import { codeKey } from './reproducibility.ts'

/** A program captured more seldom is captured anew. */
const mostFramesSince = 2
/** Seconds between two copies of captures. */
const longestPause = 5

/** Rehearsals asked of the standby an engine has. */
export class Rehearsals {
  readonly #core: EngineCore
  #warm: Standby | undefined
  #warming: Standby | undefined
  /** Code that ended a standby as it warmed up: it would end the next one too. */
  #deadly: string | undefined

  constructor(core: EngineCore) {
    this.#core = core
  }

  /** The standby can be asked without making anyone wait for long. */
  get isWarm(): boolean {
    const { standby } = this.#core
    return standby !== undefined && standby === this.#warm
  }

  /** Undefined where there is nothing to wait for: no warm standby, no capture yet, or no running module gets other code. */
  ask(targets: readonly Target[], manifest: Manifest): Promise<RehearsalResult> | undefined {
    const { standby } = this.#core
    const found = this.isWarm ? requestFor(this.#core, targets, manifest) : undefined
    return found === undefined ? undefined : standby?.rehearse(found.request, found.copy)
  }

  /** Unless it is warm, or being warmed up, already. */
  warmUp(): void {
    const { standby, program } = this.#core
    const { manifest, modules } = program
    const code = codeKey(program)
    if (standby === undefined || manifest === undefined || this.isWarm || this.#warming === standby) return
    if (this.#deadly === code) return
    const again = modules.map((instance) => ({
      manifest: instance.manifest,
      entry: instance.entry,
      instance,
      isForced: true,
    }))
    const found = requestFor(this.#core, again, manifest)
    if (found === undefined) return
    this.#warming = standby
    const ended = (result: RehearsalResult | undefined): void => {
      this.#warming = undefined
      if (this.#core.standby !== standby) {
        if (result?.kind === 'failed') this.#deadly = code
      } else if (result !== undefined && result.kind !== 'skipped') this.#warm = standby
    }
    standby.rehearse(found.request, found.copy).then(ended, () => ended(undefined))
  }
}

/** The commit that is about to be prepared, and where the program stands. */
function requestFor(
  { program, history, code, saved }: EngineCore,
  targets: readonly Target[],
  manifest: Manifest,
): { readonly request: RehearsalRequest; readonly copy: ArrayBuffer | undefined } | undefined {
  if (!targets.some((target) => target.instance !== undefined && isRenewed(target))) return undefined
  const { copies, capture, journal } = history
  // One that takes so long that it is seldom made is not worth the wait.
  const copy = copies === undefined || copies.pauseSeconds > longestPause ? undefined : copies.copy(program)
  // Frames since the capture would have to be computed first.
  if (copies === undefined && program.frame - (capture.lastComplete?.frame ?? 0) > mostFramesSince)
    capture.capture(program)
  const base = copies === undefined ? capture.lastComplete : copy?.moment
  const record = base === undefined || copy !== undefined ? undefined : capture.find(base)
  if (base?.timeline !== program.timeline || (copy ?? record) === undefined) return undefined
  const hashes = new Set(
    [...targets.map(({ entry }) => entry), ...program.modules.map(({ entry }) => entry)].flatMap((entry) => [
      ...code.reach(entry),
    ]),
  )
  const request = {
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
    // A copy is of this moment: nothing entered since.
    entries: record === undefined ? [] : journal.after(program.timeline, capture.sequenceOf(record)),
    present: program.moment,
  }
  return { request, copy: copy?.captures }
}
