// The package `coppice` as a module sees it: `defineModule` and the types of what it hands over. Evaluated inside the
// engine beside users' code, so at runtime it is one function; everything else here is types.

export { defineModule } from './define-module.ts'
// `export *`, so that `declare module 'coppice' { interface Topics { … } }` reaches the interfaces themselves.
export type * from './define-module.ts'
export type * from '../protocol/module.ts'
