// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.
import type { ExposedBy } from 'coppice'

declare module 'coppice' {
  interface Modules {
    "game": ExposedBy<typeof import("../game.ts").default>
    "sparks": ExposedBy<typeof import("../sparks.ts").default>
    "score": ExposedBy<typeof import("../score.ts").default>
    "sounds": ExposedBy<typeof import("../sounds.ts").default>
  }
}
