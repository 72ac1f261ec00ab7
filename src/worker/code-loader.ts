// The linker: texts by content hash → module namespaces, each evaluated once. Vite supplies the texts; its ModuleRunner
// can't hold two versions of a file at once, so the graph is kept here, keyed by hash. Used by the browser worker, the
// headless runner and `coppice/test`; knows nothing of any of them.

import type { CodeText } from '../protocol/code.ts'
import { CoppiceError } from '../protocol/errors.ts'
import type { ContentHash, SourcePosition } from '../protocol/values.ts'
import type { Ambient, RegisteredClass } from '../engine/ambient.ts'
import type { CodeLoader } from '../engine/host.ts'
import { type AmbientScope, compileText } from './evaluate-text.ts'
import { createSourcePositions } from './source-positions.ts'

type Namespace = Record<string, unknown>

/** A text under evaluation or evaluated. */
interface EvaluatedText {
  readonly text: CodeText
  readonly exports: Namespace
  /** Settles with the evaluation of this text alone: a cycle's other members may still be at work. */
  done: Promise<void>
  isDone: boolean
  /** Nothing it statically uses, however far, is at work: nobody has to wait for it again. */
  isSettled: boolean
  /** What its static imports were answered with so far. */
  readonly uses: Set<EvaluatedText>
  /** What it waits for at this moment. */
  readonly awaits: Set<EvaluatedText>
  /** `export *` of others from this one, asked for before all its names were there. */
  readonly reexports: (() => void)[]
}

export interface CodeLoaderOptions {
  /** Line and column from 1, in the text, of a SyntaxError `new Function` threw; realms differ in how it can be known. */
  readonly locateSyntaxError?: (error: unknown) => { readonly line: number; readonly column: number } | undefined
  /** The top level of that file begins, or goes on; undefined: no text is under evaluation any more. */
  readonly loading?: (file: string | undefined) => void
  /** A loop of a text whose loops are watched lasts too long; it is ended by a throw. */
  readonly loopFound?: (position: SourcePosition) => void
}

/** Far longer than any loop of a frame that comes to an end, slowed down by being watched. */
const loopLimitMs = 1500

/** `ambient` gives the names that evaluated code sees instead of the realm's. */
export const createCodeLoader = (ambient: Ambient, options: CodeLoaderOptions = {}): CodeLoader => {
  const texts = new Map<string, CodeText>()
  const evaluated = new Map<string, EvaluatedText>()
  const byNamespace = new WeakMap<object, EvaluatedText>()
  let underWay = 0
  const positions = createSourcePositions((hash) => texts.get(hash))

  const names = [...ambient.names, '__coppice_classes__', '__coppice_loop__']
  const scopeOf = (text: CodeText): AmbientScope => ({
    names,
    values: [
      ...ambient.values,
      (classes: readonly RegisteredClass[]) => {
        ambient.registerClasses(text.file, text.hash, classes)
      },
      (begun?: number, line = 1, column = 1): number => {
        const now = performance.now()
        if (begun === undefined || now - begun < loopLimitMs) return now
        options.loopFound?.(positions.place(text, line, column))
        throw new Error('A loop did not come to an end.')
      },
    ],
  })

  const textFor = (hash: ContentHash, importer: CodeText | undefined): CodeText => {
    const text = texts.get(hash)
    if (text !== undefined) return text
    const asker = importer === undefined ? '' : `, imported by ${importer.file}`
    throw new CoppiceError(
      'load',
      `Text ${hash}${asker} was never sent to this worker. Save the file again, or reload the page.`,
    )
  }

  const forget = (failed: EvaluatedText): void => {
    const lost = new Set([failed])
    // Members of a cycle hold the exports of the one that failed: they go with it.
    for (const one of lost) {
      for (const other of evaluated.values()) if (other.uses.has(one)) lost.add(other)
    }
    for (const one of lost) if (evaluated.get(one.text.hash) === one) evaluated.delete(one.text.hash)
  }

  const start = (text: CodeText, importer?: EvaluatedText): EvaluatedText => {
    const exports: Namespace = Object.defineProperty({ __proto__: null }, Symbol.toStringTag, { value: 'Module' })
    const record: EvaluatedText = {
      text,
      exports,
      done: Promise.resolve(),
      isDone: false,
      isSettled: false,
      uses: new Set(),
      awaits: new Set(),
      reexports: [],
    }
    evaluated.set(text.hash, record)
    byNamespace.set(exports, record)
    // Before evaluation: what this text imports must see that the importer waits for it.
    importer?.awaits.add(record)
    record.done = evaluate(record)
    // Whoever asked is told by `done`; an evaluation nobody waits for any more is no unhandled rejection.
    record.done.catch(() => undefined)
    return record
  }

  const compile = (text: CodeText): ReturnType<typeof compileText> => {
    try {
      return compileText(text, scopeOf(text))
    } catch (error) {
      positions.rememberSyntaxError(error, { text, ...options.locateSyntaxError?.(error) })
      throw error
    }
  }

  const evaluate = async (record: EvaluatedText): Promise<void> => {
    const { text, exports } = record
    underWay++
    options.loading?.(text.file)
    try {
      await compile(text)({
        exports,
        meta: { url: `coppice:///${text.file}` },
        importStatic: (specifier, { importedNames } = {}) => importStatic(record, specifier, importedNames ?? []),
        importDynamic: (specifier) => importDynamic(record, specifier),
        exportAll: (source) => {
          exportAll(record, source)
        },
        exportName: (name, read) => {
          Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: read })
        },
      })
    } catch (error) {
      forget(record)
      throw error
    } finally {
      underWay--
      if (underWay === 0) options.loading?.(undefined)
    }
    record.isDone = true
    for (const reexport of record.reexports.splice(0)) reexport()
  }

  /** Does `from` wait, by whatever way, for `target`? Then `target` waiting for `from` would be for ever. */
  const waitsFor = (from: EvaluatedText, target: EvaluatedText): boolean => {
    const reached = new Set([from])
    for (const one of reached) {
      if (one === target) return true
      for (const next of one.awaits) reached.add(next)
    }
    return false
  }

  /** Waits until all that `record` statically uses is evaluated, but for what waits for `waiter` itself. */
  const settle = async (record: EvaluatedText, waiter: EvaluatedText | undefined): Promise<void> => {
    if (record.isSettled) return
    const reached = new Set([record])
    let isComplete = true
    for (const one of reached) {
      if (!one.isDone && waiter !== undefined && waitsFor(one, waiter)) {
        isComplete = false
        continue
      }
      if (!one.isDone) {
        waiter?.awaits.add(one)
        try {
          await one.done
        } finally {
          waiter?.awaits.delete(one)
        }
      }
      for (const used of one.uses) if (!used.isSettled) reached.add(used)
    }
    if (isComplete) for (const one of reached) one.isSettled = true
  }

  const ask = async (importer: EvaluatedText, hash: ContentHash): Promise<EvaluatedText> => {
    const record = evaluated.get(hash) ?? start(textFor(hash, importer.text), importer)
    try {
      await settle(record, importer)
    } finally {
      importer.awaits.delete(record)
    }
    return record
  }

  const importStatic = async (
    importer: EvaluatedText,
    specifier: string,
    names: readonly string[],
  ): Promise<Namespace> => {
    const hash = importer.text.imports[specifier]
    if (hash === undefined)
      throw new CoppiceError(
        'load',
        `${importer.text.file} imports "${specifier}", which the dev server did not resolve.`,
      )
    const known = evaluated.get(hash) ?? start(textFor(hash, importer.text), importer)
    importer.uses.add(known)
    const { exports, isDone, text } = await ask(importer, hash)
    const missing = isDone ? names.find((name) => !(name in exports)) : undefined
    options.loading?.(importer.text.file)
    if (missing !== undefined) throw new SyntaxError(`${text.file} does not export "${missing}"`)
    return exports
  }

  const importDynamic = async (importer: EvaluatedText, specifier: unknown): Promise<Namespace> => {
    const hash = dynamicTarget(importer.text, String(specifier))
    // A body that asks and goes on ends first, as in the language: only one that waits here is part of a cycle.
    await Promise.resolve()
    await Promise.resolve()
    return (await ask(importer, hash)).exports
  }

  /** The text a computed specifier means: one that stands among the imports, or a relative path to one of their files. */
  const dynamicTarget = (importer: CodeText, specifier: string): ContentHash => {
    const direct = importer.imports[specifier]
    if (direct !== undefined) return direct
    const path = decodeURI(new URL(specifier, `coppice:///${importer.file}`).pathname).slice(1)
    const found = Object.values(importer.imports).find((hash) => texts.get(hash)?.file === path)
    if (found !== undefined) return found
    throw new CoppiceError(
      'load',
      `${importer.file} imports "${specifier}" by a computed name. Write the name out, or use import.meta.glob.`,
    )
  }

  const exportAll = (record: EvaluatedText, source: unknown): void => {
    if (typeof source !== 'object' || source === null || source === record.exports) return
    const copyNames = (): void => {
      for (const name of Object.keys(source)) {
        if (name === 'default' || name === '__esModule' || name in record.exports) continue
        Object.defineProperty(record.exports, name, {
          enumerable: true,
          configurable: true,
          get: (): unknown => Reflect.get(source, name),
        })
      }
    }
    copyNames()
    const from = byNamespace.get(source)
    if (from !== undefined && !from.isDone) from.reexports.push(copyNames)
  }

  const reach = (entry: ContentHash): ReadonlySet<ContentHash> => {
    const reached = new Set([entry])
    for (const hash of reached) {
      for (const next of Object.values(texts.get(hash)?.imports ?? {})) reached.add(next)
    }
    return reached
  }

  return {
    add(added) {
      for (const text of added) if (!texts.has(text.hash)) texts.set(text.hash, text)
    },
    has: (hash) => texts.has(hash),
    async load(entry) {
      const record = evaluated.get(entry) ?? start(textFor(entry, undefined))
      await settle(record, undefined)
      return record.exports
    },
    reach,
    release(keep) {
      const kept = new Set<string>()
      for (const entry of keep) for (const hash of reach(entry)) kept.add(hash)
      for (const [hash, record] of evaluated) if (record.isDone && !kept.has(hash)) evaluated.delete(hash)
    },
    describe: positions.describe,
    locate(entry, snippet) {
      for (const hash of reach(entry)) {
        const text = texts.get(hash)
        const position = text === undefined ? undefined : positions.locate(text, snippet)
        if (position !== undefined) return position
      }
      return undefined
    },
    callSite: positions.callSite,
  }
}
