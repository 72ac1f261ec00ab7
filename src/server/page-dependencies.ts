// Packages that the page and the worker import, named so that Vite bundles them before the first start: one found later
// would reload the page. page-dependencies.test.ts compares this list with the imports in the sources.

/** Import specifiers as they stand in src/ui, src/client, src/worker and src/engine. */
export const pageDependencies: readonly string[] = []
