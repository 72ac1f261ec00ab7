// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.
import type { ExposedBy } from 'coppice'

declare module 'coppice' {
  interface Modules {
    "mover": ExposedBy<typeof import("../mover.ts").default>
    "keys": ExposedBy<typeof import("../keys.ts").default>
  }
}
