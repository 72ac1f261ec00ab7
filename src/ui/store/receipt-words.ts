// What a receipt says to people: the label of its row, the message after a save, and the words for its outcome.

import type { SentOutput } from '../../protocol/outputs.ts'
import type { Receipt, StateChange } from '../../protocol/receipt.ts'
import { formatCount, formatMs, formatPlace } from '../widgets/format.ts'

export interface ReceiptMessage {
  readonly isFailure: boolean
  /** Who: `tank v14`, `tank v4, map v2`. */
  readonly subject: string
  /** What happened: `runs since frame 18 359`. */
  readonly event: string
  /** Secondary facts, in order: `swap 0.06 ms`, `state kept`. */
  readonly facts: readonly string[]
}

/** `tank v14`; several modules separated by commas. A version that got no number is left out. */
export function receiptSubject(receipt: Receipt): string {
  if (receipt.modules.length === 0) return 'no module changed'
  return receipt.modules
    .map((module) => (module.to === undefined ? module.name : `${module.name} v${module.to}`))
    .join(', ')
}

/** Label of the row: what was edited, or who was reloaded where that is not known. */
export function receiptLabel(receipt: Receipt): string {
  return receipt.title === '' ? receiptSubject(receipt) : receipt.title
}

/** `tank v13 → v14`; several modules separated by commas. */
export function receiptVersions(receipt: Receipt): string {
  return receipt.modules
    .map(({ name, from, to }) => {
      const versions = [from, to].flatMap((version) => (version === undefined ? [] : [`v${version}`]))
      return [name, versions.join(' → ')].filter((part) => part !== '').join(' ')
    })
    .join(', ')
}

/** A word or two for the outcome; a committed one can still be on trial. */
export function outcomeWord(receipt: Receipt, isOnTrial = false): string {
  switch (receipt.outcome) {
    case 'committed':
      return isOnTrial ? 'on trial' : 'committed'
    case 'rejected':
      return 'rejected'
    case 'rolled-back':
      return 'rolled back'
    case 'superseded':
      return 'superseded'
  }
}

/** Names colour and shape of the outcome's mark. */
export function outcomeTone(receipt: Receipt, isOnTrial = false): 'good' | 'attention' | 'error' | 'quiet' {
  switch (receipt.outcome) {
    case 'committed':
      return isOnTrial ? 'attention' : 'good'
    case 'rejected':
    case 'rolled-back':
      return 'error'
    case 'superseded':
      return 'quiet'
  }
}

/** What made it happen, in words. */
export function triggerWords(trigger: Receipt['trigger']): string {
  switch (trigger) {
    case 'open':
      return 'opening'
    case 'save':
      return 'saved here'
    case 'disk':
      return 'changed on disk'
    case 'manifest':
      return 'engine.json'
    case 'command':
      return 'asked for'
    case 'undo':
      return 'undo'
    case 'breakpoint':
      return 'breakpoints'
    case 'hang':
      return 'after a hang'
  }
}

/** The message after a save; undefined for what needs none (the opening of a program, a superseded reload). */
export function receiptMessage(receipt: Receipt): ReceiptMessage | undefined {
  if (receipt.outcome === 'superseded') return undefined
  const subject = receiptSubject(receipt)
  if (receipt.outcome === 'committed') {
    // Of a change that no module feels nothing is told: a live value that was written to its file.
    if (receipt.trigger === 'open' || receipt.modules.length === 0) return undefined
    const removed = receipt.modules.every((module) => module.to === undefined)
    const notes = (receipt.configNotes ?? []).map(({ words }) => words)
    const facts = [`swap ${formatMs(receipt.ms.commit)}`, ...stateFacts(receipt), ...notes]
    return {
      isFailure: false,
      subject,
      event: removed
        ? `removed at frame ${formatCount(receipt.moment.frame)}`
        : `runs since frame ${formatCount(receipt.moment.frame + 1)}`,
      facts,
    }
  }
  const place = receipt.error === undefined ? undefined : formatPlace(receipt.error)
  const runsOn = receipt.modules.flatMap((module) =>
    module.from === undefined ? [] : [`${module.name} v${module.from} runs on`],
  )
  return {
    isFailure: true,
    subject: receipt.modules.map((module) => module.name).join(', '),
    event: `${outcomeWord(receipt)}: ${receipt.error?.message ?? `failed at ${receipt.phase ?? 'load'}`}`,
    facts: [...(place === undefined ? [] : [place]), ...runsOn],
  }
}

function stateFacts(receipt: Receipt): readonly string[] {
  const changes = receipt.stateChanges ?? []
  const told = changes.filter((change) => change.kind !== 'kept').map(stateChangeWords)
  if (told.length > 0) return told
  return receipt.modules.some((module) => module.from !== undefined && module.to !== undefined) ? ['state kept'] : []
}

/** One change of a module's state as a sentence. */
export function stateChangeWords(change: StateChange): string {
  if (change.words !== undefined) return change.words
  if (change.kind === 'resources-rebuilt') return `${change.module}: resources set up anew`
  const detail = change.detail === undefined ? '' : `: ${change.detail}`
  return `${change.kind.replace('-', ' ')} ${change.path}${detail}`
}

/** What had left the program when it was taken back: `sound hit.wav, 14 times, frames 102 to 118`. */
export function sentWords({ kind, what, module, moment, lastFrame, count }: SentOutput): string {
  const name = { sound: 'sound', save: 'saved', socket: 'message' }[kind]
  const from = module === undefined ? '' : ` of ${module}`
  if (count === 1) return `${name} ${what}${from}, frame ${formatCount(moment.frame)}`
  return `${name} ${what}${from}, ${formatCount(count)} times, frames ${formatCount(moment.frame)} to ${formatCount(lastFrame)}`
}

/** The list after a new or changed receipt, newest first, at most `limit` long. */
export function mergeReceipt(receipts: readonly Receipt[], receipt: Receipt, limit = 200): readonly Receipt[] {
  const rest = receipts.filter((other) => other.id !== receipt.id)
  return [receipt, ...rest].toSorted((a, b) => b.id - a.id).slice(0, limit)
}
