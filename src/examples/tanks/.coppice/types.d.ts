// Written by Coppice from engine.json: what `deps` of each module holds. Do not edit.
import type { ExposedBy } from 'coppice'

declare module 'coppice' {
  interface Modules {
    "map": ExposedBy<typeof import("../map.ts").default>
    "tank": ExposedBy<typeof import("../tank.ts").default>
    "production": ExposedBy<typeof import("../production.ts").default>
  }
}
