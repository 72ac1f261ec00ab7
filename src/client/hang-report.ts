// What a hang means: whom to blame, in words and as what the next engine is told, and which unanswered commands are asked again.

import type { ProgramRevision, RefusedText } from '../protocol/code.ts'
import type { GuiltyModule } from '../protocol/journal.ts'
import type { CallPhase } from '../protocol/pulse.ts'
import type { StandbyEnd } from '../protocol/rehearsal.ts'
import type { ReloadPhase } from '../protocol/receipt.ts'
import type { SourceError } from '../protocol/values.ts'
import type { CodeStore } from './code-store.ts'
import type { Unanswered } from './engine-link.ts'
import type { Hang } from './hang-watch.ts'

export interface HangReport {
  /** For people: what hung, where, for how long. */
  readonly message: string
  readonly module: string | undefined
  readonly phase: CallPhase
  /** Where the next engine begins. */
  readonly at: 'start' | 'boundary'
  /** Hung as it ran. */
  readonly guilty: GuiltyModule | undefined
  /** Hung before it was committed. */
  readonly refused: RefusedText | undefined
}

/** `unanswered`: all commands that were sent to the engine and not answered. `running`: what it was brought to last. */
export function reportHang(
  hang: Hang,
  unanswered: readonly Unanswered[],
  running: ProgramRevision | undefined,
  store: CodeStore,
): HangReport {
  const pending = unanswered.findLast(({ name, id }) => name === 'applyRevision' && id <= hang.command)
  const revision = revisionIn(pending?.args ?? [])
  const reloadPhase = hang.isFrameOpen ? undefined : reloadPhaseOf(hang.phase)
  if (revision !== undefined && reloadPhase !== undefined) {
    const module = hang.module ?? moduleOf(hang.file, revision, store)
    const code = revision.modules.find((candidate) => candidate.module === module)
    const message = `${subject(hang, module)} ${inVain(hang)}`
    const error = errorOf(hang, message, pathOf(module, revision))
    const refused =
      code !== undefined && 'entry' in code
        ? { module: code.module, entry: code.entry, phase: reloadPhase, error }
        : undefined
    return { message, module, phase: hang.phase, at: 'boundary', guilty: undefined, refused }
  }
  const { module, phase, isFrameOpen } = hang
  const message = `${subject(hang, module)} ${inVain(hang)} in frame ${hang.frame}`
  const error = errorOf(hang, message, pathOf(module, running))
  const guilty = module === undefined ? undefined : { module, phase, error }
  return { message, module, phase, at: isFrameOpen ? 'start' : 'boundary', guilty, refused: undefined }
}

/** What a standby that hung was trying out. */
export function reportRehearsal(hang: Hang): StandbyEnd {
  const { module, file, phase } = hang
  return {
    message: `${subject(hang, module)} ${inVain(hang)}`,
    module,
    file,
    phase: reloadPhaseOf(phase) ?? 'rehearse',
  }
}

/** Asked again of the next engine: what the hung one had not begun, and what only waits or can be begun anew. */
export function isAskedAgain({ name, id }: Unanswered, hang: Hang): boolean {
  // What sockets handed over and did not enter is handed over anew by socket-hub.ts.
  if (name === 'attachLayer' || name === 'takeOver' || name === 'socketMessages') return false
  return id > hang.command || name === 'applyRevision'
}

/** Of the arguments of `applyRevision`. */
export function revisionIn([revision]: readonly unknown[]): ProgramRevision | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the page asked itself, by the typed map of commands
  return revision as ProgramRevision | undefined
}

/** The part of a reload that makes such a call; undefined for calls of a running program. */
function reloadPhaseOf(phase: CallPhase): ReloadPhase | undefined {
  switch (phase) {
    case 'load':
      return 'evaluate'
    case 'init':
    case 'migrate':
      return 'migrate'
    case 'validate':
    case 'validate-config':
      return 'validate'
    case 'outside':
    case 'setup':
    case 'view-setup':
    case 'snapshot':
    case 'restore':
      return 'setup'
    default:
      return undefined
  }
}

/** Whose top level it is: the module of that file, or the first that imports it; the only one where nothing is known. */
function moduleOf(file: string | undefined, revision: ProgramRevision, store: CodeStore): string | undefined {
  if (file === undefined) return revision.modules.length === 1 ? revision.modules[0]?.module : undefined
  const owner = revision.manifest.modules.find(({ path }) => path === file)?.name
  if (owner !== undefined) return owner
  return revision.modules.find((code) => 'entry' in code && store.reach(code.entry).some((text) => text.file === file))
    ?.module
}

function pathOf(module: string | undefined, revision: ProgramRevision | undefined): string | undefined {
  return revision?.manifest.modules.find(({ name }) => name === module)?.path
}

function subject({ phase, file }: Hang, module: string | undefined): string {
  if (phase === 'load') return `The top level of ${file ?? module ?? 'a file'} did not come to an end`
  if (module === undefined) return 'The engine did not come to an end'
  switch (phase) {
    case 'view-setup':
      return `\`view.setup\` of ${module} did not come to an end`
    case 'validate-config':
      return `\`validateConfig\` of ${module} did not come to an end`
    case 'capture':
      return `Reading the state of ${module} did not come to an end (a getter?)`
    case 'dispose':
      return `What ${module} disposes of did not come to an end`
    case 'outside':
      return `${module} did not come to an end`
    default:
      return `\`${phase}\` of ${module} did not come to an end`
  }
}

function inVain({ limitMs }: Hang): string {
  return `within ${limitMs / 1000} s`
}

function errorOf({ file }: Hang, message: string, path: string | undefined): SourceError {
  const place = file ?? path
  return place === undefined ? { message } : { message, file: place }
}
