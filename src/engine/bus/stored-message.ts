// A message as the bus keeps it, from its publishing to its last reader.

/** Its data is the bus's own copy and never changes. */
export interface StoredMessage {
  readonly topic: string
  readonly data: unknown
  /** Absent for messages from outside. */
  readonly from?: string
  /** Frame it was published in. */
  readonly frame: number
}
