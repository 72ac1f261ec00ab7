// What a receipt says to people: the label of its row, the message after a save, and the words for its outcome.

import type { Receipt } from '../../protocol/receipt.ts'
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
  return receipt.modules
    .map((module) => (module.to === undefined ? module.name : `${module.name} v${module.to}`))
    .join(', ')
}

/** Label of the row: what was edited, or who was reloaded where that is not known. */
export function receiptLabel(receipt: Receipt): string {
  return receipt.title === '' ? receiptSubject(receipt) : receipt.title
}

/** One word for the outcome. */
export function outcomeWord(receipt: Receipt): string {
  switch (receipt.outcome) {
    case 'committed':
      return 'committed'
    case 'rejected':
      return 'rejected'
    case 'rolled-back':
      return 'rolled back'
    case 'superseded':
      return 'superseded'
  }
}

/** The message after a save; undefined for what needs none (the opening of a program, a superseded reload). */
export function receiptMessage(receipt: Receipt): ReceiptMessage | undefined {
  if (receipt.outcome === 'superseded') return undefined
  const subject = receiptSubject(receipt)
  if (receipt.outcome === 'committed') {
    if (receipt.trigger === 'open') return undefined
    const removed = receipt.modules.every((module) => module.to === undefined)
    const facts = [`swap ${formatMs(receipt.ms.commit)}`, ...stateFacts(receipt)]
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
  const told = changes
    .filter((change) => change.kind !== 'kept')
    .map(
      (change) =>
        `${change.kind.replace('-', ' ')} ${change.path}${change.detail === undefined ? '' : `: ${change.detail}`}`,
    )
  if (told.length > 0) return told
  return receipt.modules.some((module) => module.from !== undefined && module.to !== undefined) ? ['state kept'] : []
}

/** The list after a new or changed receipt, newest first, at most `limit` long. */
export function mergeReceipt(receipts: readonly Receipt[], receipt: Receipt, limit = 200): readonly Receipt[] {
  const rest = receipts.filter((other) => other.id !== receipt.id)
  return [receipt, ...rest].toSorted((a, b) => b.id - a.id).slice(0, limit)
}
