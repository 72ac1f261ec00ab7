// Packages that the page and the worker import, named so that Vite bundles them before the first start: one found later
// would reload the page. page-dependencies.test.ts compares this list with the imports in the sources.

/** Import specifiers as they stand in src/ui, src/client, src/worker and src/engine; styles and workers left out. */
export const pageDependencies: readonly string[] = [
  '@jridgewell/trace-mapping',
  '@nats-io/nats-core',
  '@stdlib/math-base-special-acos',
  '@stdlib/math-base-special-acosh',
  '@stdlib/math-base-special-asin',
  '@stdlib/math-base-special-asinh',
  '@stdlib/math-base-special-atan',
  '@stdlib/math-base-special-atan2',
  '@stdlib/math-base-special-atanh',
  '@stdlib/math-base-special-cbrt',
  '@stdlib/math-base-special-cos',
  '@stdlib/math-base-special-cosh',
  '@stdlib/math-base-special-exp',
  '@stdlib/math-base-special-expm1',
  '@stdlib/math-base-special-ln',
  '@stdlib/math-base-special-log10',
  '@stdlib/math-base-special-log1p',
  '@stdlib/math-base-special-log2',
  '@stdlib/math-base-special-pow',
  '@stdlib/math-base-special-sin',
  '@stdlib/math-base-special-sinh',
  '@stdlib/math-base-special-tan',
  '@stdlib/math-base-special-tanh',
  'dockview-react',
  'lucide-react',
  'monaco-editor',
  'monaco-editor/languages/definitions/typescript/typescript',
  'monaco-editor/languages/features/typescript/ts.worker',
  'react',
  'react-aria-components',
  'react-dom/client',
  'recharts',
  'zustand',
  'zustand/react/shallow',
  'zustand/shallow',
  'zustand/vanilla',
]

/** What the JSX transform imports. */
export const jsxDependencies: readonly string[] = ['react/jsx-dev-runtime', 'react/jsx-runtime']
