// The linker over texts that a real Vite server's module-runner transform made from real files.

import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DevEnvironment, type ViteDevServer, createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CodeText } from '../protocol/code.ts'
import { type ContentHash, contentHash } from '../protocol/values.ts'
import { createCodeLoader } from './code-loader.ts'

const ambientOf = (values: Readonly<Record<string, unknown>>, files: string[] = []) => ({
  names: Object.keys(values),
  values: Object.values(values),
  registerClasses: (file: string) => {
    files.push(file)
  },
})

/** Calls what a text exported. */
const call = (value: unknown, ...args: readonly unknown[]): unknown => {
  if (typeof value !== 'function') throw new Error('not a function')
  return Reflect.apply(value, undefined, args)
}

interface Bundle {
  readonly entry: ContentHash
  readonly texts: readonly CodeText[]
}

describe('code loader', () => {
  let root = ''
  let server: ViteDevServer

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'coppice-loader-')))
    server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      server: { middlewareMode: true, ws: false, watch: null },
      environments: {
        engine: {
          consumer: 'server',
          resolve: { noExternal: true },
          dev: { moduleRunnerTransform: true },
          optimizeDeps: { noDiscovery: true },
        },
      },
    })
  })
  afterAll(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  /** Writes the files into a folder of their own and transforms all that the entry reaches. */
  const bundle = async (folder: string, files: Readonly<Record<string, string>>, entry: string): Promise<Bundle> => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, folder, path)), { recursive: true })
      await writeFile(join(root, folder, path), text)
    }
    const environment = server.environments['engine']
    if (!(environment instanceof DevEnvironment)) throw new Error('no plain engine environment')
    environment.moduleGraph.invalidateAll()
    const found = new Map<string, { code: string; map: string; deps: readonly string[] }>()
    const visit = async (url: string): Promise<void> => {
      if (found.has(url)) return
      const result = await environment.transformRequest(url)
      if (result === null) throw new Error(`nothing at ${url}`)
      const deps = [...(result.deps ?? []), ...(result.dynamicDeps ?? [])].filter((dep) => dep.startsWith('/'))
      found.set(url, { code: result.code, map: JSON.stringify(result.map), deps })
      for (const dep of deps) await visit(dep)
    }
    const first = `/${folder}/${entry}`
    await visit(first)
    const reach = (url: string, reached = new Set<string>()): Set<string> => {
      if (!reached.has(url)) {
        reached.add(url)
        for (const dep of found.get(url)?.deps ?? []) reach(dep, reached)
      }
      return reached
    }
    const hashOf = (url: string): ContentHash => {
      const hash = createHash('sha256').update(url)
      for (const one of [...reach(url)].toSorted()) hash.update(one).update(found.get(one)?.code ?? '')
      return contentHash(hash.digest('hex').slice(0, 32))
    }
    const texts = [...found].map(([url, { code, map, deps }]) => ({
      hash: hashOf(url),
      file: url.slice(folder.length + 2),
      text: code,
      map,
      imports: Object.fromEntries(deps.map((dep) => [dep, hashOf(dep)])),
    }))
    return { entry: hashOf(first), texts }
  }

  const loaderWith = (
    bundles: readonly Bundle[],
    ambient: Readonly<Record<string, unknown>> = {},
    files: string[] = [],
  ) => {
    const loader = createCodeLoader(ambientOf(ambient, files))
    for (const { texts } of bundles) loader.add(texts)
    return loader
  }

  it('[ML3] two versions loaded at once keep to their own imports', async () => {
    const files = (step: number) => ({
      'a.ts': `import { step } from './lib/step.ts'\nexport const value = step * 10`,
      'lib/step.ts': `export const step: number = ${step}`,
    })
    const one = await bundle('versions', files(1), 'a.ts')
    const two = await bundle('versions', files(2), 'a.ts')
    const loader = loaderWith([one, two])
    const [first, second] = await Promise.all([loader.load(one.entry), loader.load(two.entry)])
    expect([first['value'], second['value']]).toEqual([10, 20])
  })

  it('[ML3] a text is evaluated once, whoever asks and however often', async () => {
    const count: string[] = []
    const made = await bundle(
      'once',
      {
        'a.ts': `import './shared.ts'\nimport { b } from './b.ts'\ncount.push('a')\nexport default b`,
        'b.ts': `import './shared.ts'\ncount.push('b')\nexport const b = 1`,
        'shared.ts': `count.push('shared')`,
      },
      'a.ts',
    )
    const loader = loaderWith([made], { count })
    const [first, second] = await Promise.all([loader.load(made.entry), loader.load(made.entry)])
    expect(await loader.load(made.entry)).toBe(first)
    expect(second).toBe(first)
    expect(count).toEqual(['shared', 'b', 'a'])
  })

  it('links three files that import each other in a circle, from whichever of them', async () => {
    const made = await bundle(
      'circle',
      {
        'a.ts': `import { b } from './b.ts'\nexport const a = () => 'a' + b()\nexport const own = 1`,
        'b.ts': `import { c } from './c.ts'\nexport const b = () => 'b' + c()`,
        'c.ts': `import { own } from './a.ts'\nexport const c = () => 'c' + own`,
      },
      'a.ts',
    )
    const loader = loaderWith([made])
    const others = made.texts.map((text) => loader.load(text.hash))
    const namespaces = await Promise.all(others)
    const a = namespaces.find((namespace) => typeof namespace['a'] === 'function')?.['a']
    expect(call(a)).toBe('abc1')
  })

  it('gives `export *` its names also within a circle, dynamic imports, enums and import.meta', async () => {
    const made = await bundle(
      'kinds',
      {
        'a.ts': `export * from './b.ts'\nexport const late = () => import('./late.ts')\nexport enum Kind { A, B }\nexport const url = import.meta.url\nexport const mode = import.meta.env.MODE\nexport const name = './late.ts'\nexport const computed = (path: string) => import(/* @vite-ignore */ path)`,
        'b.ts': `import * as all from './a.ts'\nexport * from './c.ts'\nexport const b = 2\nexport const names = () => Object.keys(all).toSorted()`,
        'c.ts': `export * from './b.ts'\nexport const c = 3\nexport default 4`,
        'late.ts': `export const late = 'late'`,
      },
      'a.ts',
    )
    const loader = loaderWith([made])
    const namespace = await loader.load(made.entry)
    expect(Object.keys(namespace).toSorted()).toEqual([
      'Kind',
      'b',
      'c',
      'computed',
      'late',
      'mode',
      'name',
      'names',
      'url',
    ])
    expect(namespace['url']).toBe('coppice:///a.ts')
    expect(namespace['mode']).toBe('development')
    const { late, computed } = namespace
    expect(await call(late)).toMatchObject({ late: 'late' })
    expect(await call(computed, './late.ts')).toBe(await call(late))
    await expect(call(computed, './other.ts')).rejects.toThrow('a.ts imports "./other.ts" by a computed name')
  })

  it('a failed evaluation is not kept, and what shared a circle with it neither', async () => {
    const made = await bundle(
      'failing',
      {
        'a.ts': `import { b } from './b.ts'\nimport './good.ts'\nif (gate.isShut) throw new Error('shut')\nexport const a = b`,
        'b.ts': `import * as all from './a.ts'\ncount.push('b')\nexport const b = () => all`,
        'good.ts': `count.push('good')`,
      },
      'a.ts',
    )
    const gate = { isShut: true }
    const count: string[] = []
    const loader = loaderWith([made], { gate, count })
    const error: unknown = await loader.load(made.entry).catch((reason: unknown) => reason)
    expect(loader.describe(error)).toMatchObject({ message: 'shut', file: 'a.ts', line: 3 })
    gate.isShut = false
    const { a } = await loader.load(made.entry)
    expect(count).toEqual(['b', 'good', 'b'])
    expect(call(a)).toBe(await loader.load(made.entry))
  })

  it('an import that fails fails its importers with the same error; unknown texts and names are told by name', async () => {
    const made = await bundle(
      'broken',
      { 'a.ts': `import { nope } from './b.ts'\nexport const a = nope`, 'b.ts': `export const b = 1` },
      'a.ts',
    )
    const loader = loaderWith([made])
    const error: unknown = await loader.load(made.entry).catch((reason: unknown) => reason)
    expect(loader.describe(error)).toMatchObject({
      message: 'SyntaxError: b.ts does not export "nope"',
      file: 'a.ts',
      line: 1,
    })
    await expect(loader.load(contentHash('0000'))).rejects.toMatchObject({ code: 'load' })
    const half = createCodeLoader(ambientOf({}))
    half.add(made.texts.filter((text) => text.hash === made.entry))
    await expect(half.load(made.entry)).rejects.toThrow('imported by a.ts')
  })

  it('[FL5] ambient names shadow the realm, a file may declare them anew, and classes come with their file', async () => {
    const made = await bundle(
      'ambient',
      {
        'a.ts': `import { mine } from './sub/b.ts'\nclass Tank {}\n__coppice_classes__([['Tank', Tank, false]])\nexport const random = Math.random()\nexport const self = typeof globalThis.process\nexport { mine }`,
        'sub/b.ts': `const performance = { now: () => 5 }\nexport const mine = performance.now()\n__coppice_classes__([])`,
      },
      'a.ts',
    )
    const files: string[] = []
    const loader = loaderWith(
      [made],
      {
        Math: { random: () => 0.25 },
        performance: { now: () => 1 },
        globalThis: {},
      },
      files,
    )
    expect(await loader.load(made.entry)).toMatchObject({ random: 0.25, mine: 5, self: 'undefined' })
    expect(files).toEqual(['sub/b.ts', 'a.ts'])
  })

  it('[FL8] maps errors and call sites through TypeScript to line and column of the source', async () => {
    const source = `interface Tank {\n  hp: number\n}\n\nexport const hit = (tank: Tank | undefined): number => {\n  const unused: string = ''\n  return tank!.hp + unused.length\n}\nexport const here = () => site()\nexport const deep = () => lib(hit)\nimport { lib } from './folder (1)/lib file.ts'\n`
    const made = await bundle(
      'positions',
      {
        'a.ts': source,
        'folder (1)/lib file.ts': `export function lib(run: (x: undefined) => number): number {\n  return run(undefined)\n}`,
      },
      'a.ts',
    )
    let sited: unknown
    const loader = loaderWith([made], {
      site: () => {
        sited = loader.callSite()
      },
    })
    const { deep, here } = await loader.load(made.entry)
    let thrown: unknown
    try {
      call(deep)
    } catch (error) {
      thrown = error
    }
    const described = loader.describe(thrown)
    expect(described).toMatchObject({ file: 'a.ts', line: 7, column: 16 })
    expect(described.message).toMatch(/^TypeError: .*'hp'/)
    expect(described.stack?.map((line) => line.replace(/^\S+ \((.*)\)$/, '$1'))).toEqual([
      'a.ts:7:16',
      'folder (1)/lib file.ts:2:10',
      'a.ts:10:27',
    ])
    call(here)
    expect(sited).toEqual({ file: 'a.ts', line: 9, column: 27 })
  })

  it('describes what is no error, and a text that does not parse by its file', async () => {
    const loader = createCodeLoader(ambientOf({}), { locateSyntaxError: () => ({ line: 2, column: 3 }) })
    expect(loader.describe('plain')).toEqual({ message: 'plain' })
    expect(loader.describe({ a: 1 })).toEqual({ message: 'Thrown: {"a":1}' })
    const bad: CodeText = { hash: contentHash('bad'), file: 'bad.ts', text: 'let a\nlet a', imports: {} }
    const importer = `await __vite_ssr_import__('./bad.ts')`
    loader.add([bad, { hash: contentHash('a'), file: 'a.ts', text: importer, imports: { './bad.ts': bad.hash } }])
    const error: unknown = await loader.load(contentHash('a')).catch((reason: unknown) => reason)
    expect(loader.describe(error)).toMatchObject({ file: 'bad.ts', line: 2, column: 3 })
    expect(loader.describe(error).message).toContain('already been declared')
  })

  it('finds where a function of the program stands in the source', async () => {
    const made = await bundle(
      'locate',
      {
        'a.ts': `import { step } from './b.ts'\ninterface Gone {\n  x: number\n}\nexport const a = (gone: Gone) => gone.x\nexport { step }`,
        'b.ts': `type Also = string\n\nexport async function step() {\n  return 1\n}`,
      },
      'a.ts',
    )
    const loader = loaderWith([made])
    const { a, step } = await loader.load(made.entry)
    expect(loader.locate?.(made.entry, String(a))).toMatchObject({ file: 'a.ts', line: 5 })
    expect(loader.locate?.(made.entry, String(step))).toMatchObject({ file: 'b.ts', line: 3 })
    expect(loader.locate?.(made.entry, 'nowhere')).toBeUndefined()
    expect(loader.locate?.(made.entry, '')).toBeUndefined()
  })

  it('[ML10] release forgets namespaces that nothing kept reaches; texts stay', async () => {
    const made = await bundle(
      'release',
      { 'a.ts': `import './b.ts'\ncount.push('a')`, 'b.ts': `count.push('b')` },
      'a.ts',
    )
    const other = made.texts.find((text) => text.file === 'b.ts')?.hash ?? contentHash('')
    const count: string[] = []
    const loader = loaderWith([made], { count })
    await loader.load(made.entry)
    loader.release([other])
    await loader.load(made.entry)
    expect(count).toEqual(['b', 'a', 'a'])
    expect(loader.has(other)).toBe(true)
    expect([...loader.reach(made.entry)].toSorted()).toEqual(made.texts.map((text) => text.hash).toSorted())
  })

  it('a body that waits for its own importer by a dynamic import does not wait for ever', async () => {
    const made = await bundle(
      'dynamic',
      {
        'a.ts': `export const early = 1\nconst { b } = await import('./b.ts')\nexport const a = b`,
        'b.ts': `import { early } from './a.ts'\nexport const b = early + 1`,
      },
      'a.ts',
    )
    expect((await loaderWith([made]).load(made.entry))['a']).toBe(2)
  })
})
