// What can be seen of the bus from outside: queues, and, while somebody watches, what passes.

import type { Moment, SourcePosition } from './values.ts'

/** One module's queue. */
export interface BusModuleInfo {
  readonly name: string
  readonly subscriptions: readonly string[]
  readonly queued: number
  readonly limit: number
  /** Messages were dropped within about the last second of engine time. */
  readonly dropping: boolean
  /** Since the program began. */
  readonly dropped: number
  /** Messages a second that came in, over about the last second of engine time. */
  readonly rate: number
}

export interface BusInfo {
  readonly modules: readonly BusModuleInfo[]
}

/** Which messages a watcher wants to see; what is absent lets all through. */
export interface BusFilter {
  /** A pattern, as in a subscription. */
  readonly topic?: string
  /** Publishes or reads it. */
  readonly module?: string
  /** Part of the preview of its data, or of its topic; capital or small. */
  readonly text?: string
}

/** A message that passed. */
export interface BusLine {
  /** Climbs by one from line to line. */
  readonly id: number
  readonly topic: string
  /** Absent for messages from outside. */
  readonly from?: string
  /** Modules it was queued for, in module order. */
  readonly readers: readonly string[]
  /** When it could first be read. */
  readonly moment: Moment
  /** Its data as one line of bounded length. */
  readonly preview: string
  /** Line that published it, where it was noted: of the first 50 messages of a frame. */
  readonly position?: SourcePosition
}

/** What passed since the last batch, about a tenth of a second ago. */
export interface BusTraffic {
  /** Those the filter lets through, at most 100. */
  readonly lines: readonly BusLine[]
  /** Messages that are not among them only because there were too many. */
  readonly leftOut: number
  /** All topics that passed, whatever the filter, at most 100 of them. */
  readonly topics: readonly { readonly topic: string; readonly count: number }[]
  /** Messages from module to module, whatever the filter; `from` absent for those from outside. */
  readonly edges: readonly { readonly from?: string; readonly to: string; readonly count: number }[]
  /** Messages by who published them; `from` absent for those from outside. */
  readonly publishers: readonly { readonly from?: string; readonly count: number }[]
  /** Seconds of engine time the counts are of. */
  readonly seconds: number
}
