// The one hint a newcomer gets: change a number and save; after the first reload it says that nothing restarted. Then it
// is out of the way for good. Pure; the widget and the figures come from elsewhere.
//
//   unseen ─line in front─► invited ─first committed reload─► told ─dismissed / edited / 12 s─► done
//      └──────────────────────────────────────────────────────────────────dismissed──────────────► done

import type { Receipt } from '../../protocol/receipt.ts'
import { formatCount } from '../widgets/format.ts'

export type HintStage =
  | { readonly stage: 'unseen' }
  | { readonly stage: 'invited'; readonly path: string }
  | { readonly stage: 'told'; readonly path: string; readonly message: string }
  | { readonly stage: 'done' }

export type HintEvent =
  | { readonly type: 'line-shown'; readonly path: string }
  | { readonly type: 'reloaded'; readonly message: string }
  | { readonly type: 'dismissed' }

/** Said at the line until the first reload. */
export const invitation = 'Change 5 to 25 and press Ctrl+S.'

export const nextHint = (hint: HintStage, event: HintEvent): HintStage => {
  switch (event.type) {
    case 'line-shown':
      return hint.stage === 'unseen' ? { stage: 'invited', path: event.path } : hint
    case 'reloaded':
      return hint.stage === 'invited' ? { stage: 'told', path: hint.path, message: event.message } : hint
    case 'dismissed':
      return { stage: 'done' }
  }
}

/** The line (from 1) the invitation stands at, and the column behind its text; undefined where the text has none. */
export const hintLine = (text: string): { readonly line: number; readonly column: number } | undefined => {
  const lines = text.split(/\r\n|\r|\n/)
  const at = lines.findIndex((line) => /(^|[\s{,])speed:\s*5\s*(,|}|$)/.test(line))
  const line = lines[at]
  return line === undefined ? undefined : { line: at + 1, column: line.length + 1 }
}

/** True for the reload that the invitation asked for. */
export const isFirstReload = (receipt: Receipt): boolean =>
  receipt.outcome === 'committed' && (receipt.trigger === 'save' || receipt.trigger === 'disk')

/**
 * What is said after the first reload. `state` is the reloaded module's: the list named after the module is counted
 * (`tanks` of `tank`), or its longest one.
 */
export const reloadedMessage = (frame: number, module: string, state: unknown): string => {
  const list = tellingList(module, state)
  return `Nothing restarted. Frame ${formatCount(frame)}, ${list === undefined ? 'same state' : `same ${formatCount(list.length)} ${list.name}`}.`
}

const tellingList = (
  module: string,
  state: unknown,
): { readonly name: string; readonly length: number } | undefined => {
  if (typeof state !== 'object' || state === null) return undefined
  let longest: { readonly name: string; readonly length: number } | undefined
  for (const [name, value] of Object.entries(state)) {
    const length = Array.isArray(value) ? value.length : value instanceof Map || value instanceof Set ? value.size : 0
    if (length > 0 && name === `${module}s`) return { name, length }
    if (length > (longest?.length ?? 0)) longest = { name, length }
  }
  return longest
}
