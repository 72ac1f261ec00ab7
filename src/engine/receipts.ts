// The records of reloads: numbered, bounded, newest last.

import type { Receipt } from '../protocol/receipt.ts'

const limit = 500

/** A stopwatch's parts in ms of wall-clock time; `total` is filled in at the end. */
export type ReceiptTimes = { -readonly [Part in keyof Receipt['ms']]: number }

export function noTimes(): ReceiptTimes {
  return { collect: 0, fetch: 0, rehearse: 0, evaluate: 0, migrate: 0, validate: 0, commit: 0, total: 0 }
}

/** All receipts of one engine, up to the newest 500. */
export class Receipts {
  readonly #all: Receipt[] = []
  #lastId = 0

  /** Gives the receipt its id and keeps it. */
  add(receipt: Omit<Receipt, 'id'>): Receipt {
    this.#lastId++
    const numbered: Receipt = { id: this.#lastId, ...receipt }
    this.#all.push(numbered)
    if (this.#all.length > limit) this.#all.shift()
    return numbered
  }

  /** What became of one later. */
  update(receipt: Receipt): void {
    const index = this.#all.findIndex(({ id }) => id === receipt.id)
    if (index >= 0) this.#all[index] = receipt
  }

  /** Goes on from these. */
  adopt(receipts: readonly Receipt[]): void {
    this.#all.push(...receipts)
    this.#lastId = Math.max(this.#lastId, ...receipts.map((receipt) => receipt.id))
  }

  list(): readonly Receipt[] {
    return [...this.#all]
  }
}
