// What the page posts to an engine's worker beside commands: how it begins, and who its standby is.

import type { StandbyEnd } from './rehearsal.ts'

export type WorkerMessage =
  /** Comes with the port for commands. `pulse`: memory to show in what the engine is at; absent where none can be shared: it is posted. */
  | { readonly kind: 'connect'; readonly pulse?: SharedArrayBuffer }
  /** To a standby: commands of the living engine come over this port too. */
  | { readonly kind: 'serve' }
  /** To the living engine: its standby stands at the other end of the port. `captures`: the engine's own, where they are shared. */
  | { readonly kind: 'standby'; readonly captures?: SharedArrayBuffer }
  /** To the living engine: it has none any more; `end`: it was ended because of what it was doing. */
  | { readonly kind: 'standby-gone'; readonly end?: StandbyEnd }
