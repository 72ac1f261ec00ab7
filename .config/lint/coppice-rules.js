// @ts-check
// Our own lint rules, loaded by oxlint: what a general linter cannot know of this project. `layers` is the import table
// of src/README.md. Each rule is shown to fire by lint-rules.test.ts.

import path from 'node:path'

/**
 * What these rules read of the syntax tree and the linter.
 * @typedef {{ type: string, range: [number, number], [field: string]: any }} Node
 * @typedef {{ filename: string, report(problem: { node: Node, message: string }): void, sourceCode: { getText(node: Node): string, getAllComments(): Node[] } }} Context
 * @typedef {{ create(context: Context): Record<string, (node: Node) => void> }} Rule
 */

/**
 * Which folder of src may import which, and which packages. `test` files may import any folder but need no table.
 * @type {Record<string, { folders: string[], packages: RegExp, why: string }>}
 */
const layers = {
  protocol: { folders: [], packages: /^$/, why: 'protocol imports nothing' },
  engine: {
    folders: ['protocol'],
    packages: /^@stdlib\//,
    why: 'engine imports protocol, and @stdlib for portable Math',
  },
  debugger: {
    folders: ['protocol'],
    packages: /^(?!node:|react|monaco|vite)/,
    why: 'debugger imports protocol and a parser',
  },
  worker: {
    folders: ['engine', 'debugger', 'protocol'],
    packages: /^(vite\/module-runner$|@jridgewell\/)/,
    why: 'worker imports engine, debugger, protocol, and what evaluates and maps texts',
  },
  server: {
    folders: ['protocol'],
    packages: /^(?!react|monaco)/,
    why: 'server imports protocol; only its headless files import engine, worker/code-loader, threads and sockets',
  },
  client: { folders: ['protocol'], packages: /^(?!node:|react|monaco|zustand|vite)/, why: 'client imports protocol' },
  ui: { folders: ['client', 'protocol'], packages: /^(?!node:|vite(\/|$))/, why: 'ui imports client and protocol' },
  authoring: {
    folders: ['protocol'],
    packages: /^$/,
    why: 'authoring imports protocol; only test.ts imports the engine',
  },
  examples: {
    folders: [],
    packages: /^(?!node:|react|monaco|vite)/,
    why: "examples import 'coppice', packages, and their own workspace",
  },
}

/** What of the worker's and the page's runs in Node as it stands. */
const headlessUses = new Set([
  ...['code-loader', 'side-thread', 'side-threads', 'side-work', 'task-pool'].map((name) => `worker/${name}.ts`),
  'client/sockets/socket-hub.ts',
])

/** Names that say nothing of what is inside. */
const vagueNames = /^(index|utils?|helpers?|managers?|misc|common|shared|stuff|functions|constants|types|lib)$/
const vagueWords = /(^|-)(utils?|helpers?|managers?|misc|common)(-|$)/

/** @param {string} file @returns {string} */
const slashed = (file) => file.replaceAll('\\', '/')

/** Path relative to the project, from the last `src` or `e2e` folder on. @param {string} filename */
function projectPath(filename) {
  const parts = slashed(filename).split('/')
  const start = parts.findLastIndex((part, i) => part === 'src' && (parts[i + 1] ?? '') in layers)
  return start < 0 ? undefined : parts.slice(start + 1).join('/')
}

/** Why `file` may not import `specifier`, or undefined where it may. Both relative to src. @param {string} file @param {string} specifier */
export function refuseImport(file, specifier) {
  const [folder = ''] = file.split('/')
  const layer = layers[folder]
  if (layer === undefined) return undefined
  const isTest = /\.(test|bench)\.tsx?$/.test(file)
  const bare = specifier.replace(/\?.*$/, '')
  if (/^monaco-editor(\/|$)/.test(bare) && !file.startsWith('ui/editor/'))
    return 'monaco-editor is imported by ui/editor only'
  if (!bare.startsWith('.')) {
    if (isTest || bare === 'coppice' || bare.startsWith('coppice/')) {
      return isTest || folder === 'examples' ? undefined : "our own code imports files, not 'coppice'"
    }
    return layer.packages.test(bare) ? undefined : `${layer.why}; not the package '${bare}'`
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), bare))
  if (target.startsWith('../')) return folder === 'server' || isTest ? undefined : 'src imports nothing outside src'
  const [targetFolder = '', ...rest] = target.split('/')
  if (folder === 'examples') {
    const own = file.split('/')[1]
    return targetFolder === 'examples' && rest[0] === own ? undefined : layer.why
  }
  if (targetFolder === folder) {
    const [own, other] = [file, target].map((name) => /^ui\/panels\/([^/]+)\//.exec(name)?.[1])
    return own !== undefined && other !== undefined && own !== other ? 'a panel imports no other panel' : undefined
  }
  if (isTest || layer.folders.includes(targetFolder)) return undefined
  if (file === 'authoring/test.ts' && targetFolder === 'engine') return undefined
  if (/^server\/headless[^/]*\.ts$/.test(file) && (targetFolder === 'engine' || headlessUses.has(target)))
    return undefined
  return `${layer.why}; not ${targetFolder}`
}

/** @type {Rule} */
const layersRule = {
  create(context) {
    const file = projectPath(context.filename)
    if (file === undefined) return {}
    /** @param {Node | undefined} source */
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const message = refuseImport(file, source.value)
      if (message !== undefined) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
      NewExpression(node) {
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL') return
        const [target, base] = node.arguments
        if (base !== undefined && context.sourceCode.getText(base) === 'import.meta.url') check(target)
      },
    }
  },
}

/** @type {Rule} */
const fileNameRule = {
  create: (context) => ({
    Program(node) {
      const name = path.basename(slashed(context.filename)).split('.')[0] ?? ''
      const isEntry =
        name === 'index' && /(^|\/)(authoring|examples\/[^/]+)\/index\./.test(projectPath(context.filename) ?? '')
      if (!isEntry && (vagueNames.test(name) || vagueWords.test(name))) {
        context.report({ node, message: `'${name}' names no concept: a file is one concept, named by a noun.` })
      }
    },
  }),
}

/** What the package offers by name, so re-exporting is their purpose. */
const packageEntries = new Set(['authoring/index.ts', 'authoring/test.ts', 'engine/engine.ts'])

/** @type {Rule} */
const noBarrelRule = {
  create: (context) => ({
    Program(node) {
      if (packageEntries.has(projectPath(context.filename) ?? '')) return
      const passesOn = (/** @type {Node} */ statement) =>
        statement.type === 'ExportAllDeclaration' || (statement.type === 'ExportNamedDeclaration' && statement.source)
      const isBarrel = node.body.length > 0 && node.body.every(passesOn)
      const exportsAll = node.body.some((/** @type {Node} */ statement) => statement.type === 'ExportAllDeclaration')
      if (isBarrel || exportsAll) {
        context.report({ node, message: 'No barrel files: import from the file that owns the name.' })
      }
    },
  }),
}

/** Classes of the platform that only exist to be extended. */
const extendable = new Set(['Error', 'EventTarget', 'DevEnvironment', 'Component', 'PureComponent', 'HTMLElement'])

/** @type {Rule} */
const noInheritanceRule = {
  create(context) {
    /** @param {Node} node */
    const check = (node) => {
      if (node.superClass === null) return
      if (node.superClass.type === 'Identifier' && extendable.has(node.superClass.name)) return
      context.report({ node: node.superClass, message: 'No inheritance among our own classes.' })
    }
    return { ClassDeclaration: check, ClassExpression: check }
  },
}

/** @type {Rule} */
const noModuleStateRule = {
  create(context) {
    return {
      Program(node) {
        for (const statement of node.body) {
          const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
          if (declaration?.type === 'VariableDeclaration' && declaration.kind !== 'const' && !declaration.declare) {
            context.report({
              node: declaration,
              message: 'No mutable state at module level: two engines live side by side.',
            })
          }
        }
      },
    }
  },
}

/** @type {Rule} */
const headerCommentRule = {
  create: (context) => ({
    Program(node) {
      const first = context.sourceCode.getAllComments()[0]
      const body = node.body[0]
      const leads = first !== undefined && (body === undefined || first.range[0] < body.range[0])
      if (!leads)
        context.report({ node, message: 'A file starts with one to four lines: what it owns, and what it does not.' })
    },
  }),
}

export default {
  meta: { name: 'coppice' },
  rules: {
    layers: layersRule,
    'file-name': fileNameRule,
    'no-barrel': noBarrelRule,
    'no-inheritance': noInheritanceRule,
    'no-module-state': noModuleStateRule,
    'header-comment': headerCommentRule,
  },
}
