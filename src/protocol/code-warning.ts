// Warnings on code that a reload or a replay would get wrong (ML12), with the edits that mend it where those are mechanical.

export type WarningRule = 'mutable-variable' | 'async-process' | 'render-writes'

/** Offsets are UTF-16 units into the text that was asked about; `end` is exclusive. */
export interface CodeEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface CodeFix {
  /** What it does, as a menu shows it: `Make it const`. */
  readonly title: string
  /** None overlap; in no order. */
  readonly edits: readonly CodeEdit[]
}

export interface CodeWarning {
  readonly rule: WarningRule
  /** What is wrong, and what to do. */
  readonly message: string
  /** Offsets, as in `CodeEdit`. */
  readonly start: number
  readonly end: number
  readonly fixes: readonly CodeFix[]
}
