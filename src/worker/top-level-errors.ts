// The worker's one listener for errors that reach its top: bugs of ours. The same way tells where a text does not parse:
// the SyntaxError of `new Function` does not say, but the browser knows the place and tells it when the error is reported.

import { toTextLine } from './evaluate-text.ts'

interface Place {
  readonly line: number
  readonly column: number
}

/** What this file needs of a worker's global scope. */
export interface ErrorScope {
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void
  addEventListener(type: 'unhandledrejection', listener: (event: PromiseRejectionEvent) => void): void
  reportError(error: unknown): void
}

export interface TopLevelErrors {
  /** Line and column from 1, in the text, of a SyntaxError that evaluating it threw. Nobody else is told of it. */
  readonly locateSyntaxError: (error: unknown) => Place | undefined
}

/** `told` gets everything else: message, and stack where there is one. */
export const watchTopLevelErrors = (
  scope: ErrorScope,
  told: (message: string, stack: string | undefined) => void,
): TopLevelErrors => {
  let located: { place: Place | undefined } | undefined
  const stackOf = (error: unknown): string | undefined => (error instanceof Error ? error.stack : undefined)

  scope.addEventListener('error', (event) => {
    // Otherwise the page's `Worker` would tell it a second time.
    event.preventDefault()
    if (located === undefined) told(event.message, stackOf(event.error))
    else located.place = { line: toTextLine(event.lineno), column: event.colno }
  })
  scope.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    const reason: unknown = event.reason
    told(reason instanceof Error ? reason.message : String(reason), stackOf(reason))
  })

  return {
    locateSyntaxError(error) {
      const locating: { place: Place | undefined } = { place: undefined }
      located = locating
      try {
        scope.reportError(error)
      } finally {
        located = undefined
      }
      return locating.place
    },
  }
}
