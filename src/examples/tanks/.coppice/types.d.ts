import type { ExposedBy } from 'coppice'
declare module 'coppice' {
  interface Modules {
    map: ExposedBy<typeof import('../map.ts').default>
    tank: ExposedBy<typeof import('../tank.ts').default>
    production: ExposedBy<typeof import('../production.ts').default>
  }
}
