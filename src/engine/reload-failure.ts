// Why a transaction can't commit: which module, in which phase, and what was thrown. Caught once, by the reload.

import type { ReloadPhase } from '../protocol/receipt.ts'
import type { SourceError } from '../protocol/values.ts'

/** Thrown inside a reload; `cause` is what the module's code or a check threw. */
export class ReloadFailure extends Error {
  override readonly name = 'ReloadFailure'
  /** The guilty module; undefined where it is nobody's. */
  readonly module: string | undefined
  readonly phase: ReloadPhase

  constructor(module: string | undefined, phase: ReloadPhase, cause: unknown) {
    super(messageOf(cause), { cause })
    this.module = module
    this.phase = phase
  }
}

/** Was found out elsewhere, and told of: in a rehearsal, or when it ended an engine. */
export class FoundElsewhere extends Error {
  override readonly name = 'FoundElsewhere'
  readonly error: SourceError

  constructor(error: SourceError) {
    super(error.message)
    this.error = error
  }
}

/** The newer transaction has taken over: nobody's fault. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** The message of whatever was thrown, be it nothing that can be printed. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error)
  } catch {
    return 'a value that cannot be printed'
  }
}

/** Runs `body`; what it throws becomes a failure of `module` in `phase`. */
export function failingAs<Result>(module: string, phase: ReloadPhase, body: () => Result): Result {
  try {
    return body()
  } catch (error) {
    throw error instanceof ReloadFailure ? error : new ReloadFailure(module, phase, error)
  }
}
