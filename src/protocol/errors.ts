// The one error class for expected failures, and its codes. Errors of a user's module are data (SourceError), never this.

/** Why a command, request or transaction was refused. Codes are stable: tests and tools match on them. */
export type ErrorCode =
  | 'unknown-command'
  | 'malformed-command'
  | 'unknown-module'
  | 'unknown-receipt'
  | 'unknown-workspace'
  | 'not-paused'
  | 'nothing-to-undo'
  | 'not-supported'
  | 'invalid-argument'
  | 'invalid-path'
  | 'invalid-state'
  | 'invalid-config'
  | 'outside-workspace'
  | 'file-not-found'
  | 'file-exists'
  | 'file-conflict'
  | 'file-too-large'
  | 'file-binary'
  | 'io'
  | 'forbidden'
  | 'compile'
  | 'load'
  | 'timeout'
  | 'closed'
  | 'interrupted'
  | 'disconnected'
  | 'internal'

/** An error as it crosses a thread or the wire. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: unknown
}

/** An expected failure. `message` says what happened, where, and what to do. */
export class CoppiceError extends Error {
  override readonly name = 'CoppiceError'
  readonly code: ErrorCode
  /** Plain data that belongs to the code, e.g. both texts of a `file-conflict`. */
  readonly details: unknown

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details
  }
}
