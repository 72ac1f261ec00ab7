// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.
import type { ExposedBy } from 'coppice'

declare module 'coppice' {
  interface Modules {
    "planet": ExposedBy<typeof import("../planet.ts").default>
  }
}
