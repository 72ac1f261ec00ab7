// Frames that ran, computed again in the standby from one capture to a newer one, and compared with it (HS6): a program whose future is not
// all in state, inputs and code comes out another way. Where it does, it is computed once more, and compared frame by frame.
//
//   capture + entries ──► program ──► frames ──► same as the newer capture? ──► agreed
//                                                 └─ no: again, up to the first frame that differs ──► diverged

import type { Divergence, VerificationRequest, VerificationResult } from '../../protocol/verification.ts'
import type { CaptureBuffer } from '../capture/capture-memory.ts'
import type { EngineCore } from '../engine-core.ts'
import type { ModuleInstance } from '../module-instance.ts'
import type { Program } from '../program.ts'
import { StateHasher } from '../state-hash.ts'
import { programDifference } from './program-difference.ts'
import type { RestoredProgram } from './program-parts.ts'
import type { StandbySource, StandbyWork, StoredProgram } from './standby-work.ts'

/** Who asks chooses the span so that it takes far less, where captures are not far apart; a rehearsal may be waiting. */
const patienceMs = 250

/** `captures`: of the engine that asks; undefined: those it handed in before. Never rejects for what a module does. */
export async function verify(
  core: EngineCore,
  work: StandbyWork,
  request: VerificationRequest,
  captures: CaptureBuffer | undefined,
): Promise<VerificationResult> {
  const { now } = core.reloadParts
  const { manifest, texts, entries, from, to } = request
  const started = now()
  work.prepare(manifest, texts, captures)
  const stored = work.record(from)
  const recorded = work.record(to)
  if (stored === undefined || recorded === undefined) return skipped('a capture was dropped')
  const definitions = await work.definitions(stored, entries)
  if (definitions === undefined) return skipped('its top level takes too long')
  const source = { stored, manifest, entries, definitions }
  const last = await compute(core, work, source, recorded, false)
  if (last.kind !== 'diverged') return last.kind === 'agreed' ? { kind: 'agreed', ms: now() - started } : last
  const first = await compute(core, work, source, recorded, true)
  return first.kind === 'diverged' ? first : last
}

type Computed = { readonly kind: 'agreed' } | Exclude<VerificationResult, { kind: 'agreed' }>

/** Compares at the end; `isEach`: at the start of each frame that was captured, too. */
async function compute(
  core: EngineCore,
  work: StandbyWork,
  source: StandbySource,
  end: StoredProgram,
  isEach: boolean,
): Promise<Computed> {
  const { call, reloadParts } = core
  const { frame, timeline } = end.moment
  let begunAt: number | undefined
  let divergence: Divergence | undefined
  let present: Program | undefined
  const simulation = work.simulation(source, {
    threw: (module, error) => {
      // What `expose` throws is no missed call, and recorded nowhere.
      if (call.phase !== 'process') return
      const computed = `an error: ${core.code.describe(error, module.entry, module.manifest.path).message}`
      divergence ??= { module: module.name, frame: call.frame, path: '`process`', recorded: 'no error', computed }
    },
  })
  const compare = (program: Program, recorded: RestoredProgram | undefined): void => {
    if (recorded?.program.isFrameOpen === program.isFrameOpen)
      divergence ??= call.apart(() => divergenceOf(core, program, recorded))
  }
  const isOpen = end.read()?.program.isFrameOpen
  const result = await work.run(simulation, {
    frame,
    at: isOpen === true ? 'start' : 'boundary',
    isOverdue: () => {
      begunAt ??= reloadParts.now()
      return divergence !== undefined || reloadParts.now() - begunAt > patienceMs
    },
    opened: (program) => {
      present = program
      if (isEach && program.frame < frame) compare(program, work.record({ timeline, frame: program.frame })?.read())
    },
  })
  const recorded = result?.kind === 'reached' ? end.read() : undefined
  if (result?.kind === 'reached') compare(result.program, recorded)
  work.end(present, source.stored, [])
  if (divergence !== undefined) return { kind: 'diverged', ...divergence }
  if (recorded !== undefined) return { kind: 'agreed' }
  return skipped(result?.kind === 'impossible' ? result.message : 'it takes too long to be computed')
}

/** Both at the same moment. */
function divergenceOf(core: EngineCore, program: Program, recorded: RestoredProgram): Divergence | undefined {
  if (isSame(core, program, recorded)) return undefined
  const found = programDifference(program, recorded, core)
  if (found === undefined) return undefined
  const { path, running, replayed, module = program.order[0]?.name ?? '' } = found
  const frame = program.isFrameOpen ? program.frame - 1 : program.frame
  return { module, frame, path, recorded: running, computed: replayed }
}

/** By hashes, which is far quicker than to look for a difference. */
function isSame({ call, classes }: EngineCore, program: Program, { modules, bus }: RestoredProgram): boolean {
  const hasher = new StateHasher((prototype) => classes.nameOf(prototype) ?? prototype.constructor.name)
  const hashOf = (value: unknown): string => {
    hasher.reset()
    hasher.add(value)
    return hasher.digest()
  }
  const isModuleSame = ({ name, state, definition, resources }: ModuleInstance): boolean => {
    const part = modules.get(name)
    if (part !== undefined && hashOf(part.state) !== hashOf(state)) return false
    const { snapshot } = definition
    if (snapshot === undefined || part === undefined || !('snapshot' in part)) return true
    return hashOf(part.snapshot) === hashOf(call.within(name, 'snapshot', () => snapshot(resources.value)))
  }
  const timeless = (contents: typeof bus): object => ({ ...contents, frame: 0, time: 0 })
  return program.modules.every(isModuleSame) && hashOf(timeless(bus)) === hashOf(timeless(program.bus.contents()))
}

function skipped(reason: string): Extract<VerificationResult, { kind: 'skipped' }> {
  return { kind: 'skipped', reason }
}
