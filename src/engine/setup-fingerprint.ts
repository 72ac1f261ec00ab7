// Tells whether `setup`, or anything it uses, changed between two versions (ML6). Works on the transformed text: from the
// identifiers in `setup` through the file's top-level declarations to the imports they reach. Errs towards "changed".

import type { CodeText } from '../protocol/code.ts'

interface Declaration {
  readonly names: readonly string[]
  readonly text: string
}

/**
 * A text that is equal for two versions where `setup` would do the same in both: its own source, that of every top-level
 * declaration of the file it refers to, directly or through others, and the hashes of the imports among those.
 */
export function setupFingerprint(setupText: string, entry: CodeText | undefined): string {
  if (setupText === '' || entry === undefined) return setupText
  const byName = new Map<string, Declaration[]>()
  for (const declaration of topLevelDeclarations(entry.text)) {
    if (declaration.text.includes(setupText)) continue
    for (const name of declaration.names) byName.set(name, [...(byName.get(name) ?? []), declaration])
  }
  const used = new Set<Declaration>()
  const waiting = [setupText]
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const identifier of identifiersOf(text)) {
      for (const declaration of byName.get(identifier) ?? []) {
        if (used.has(declaration)) continue
        used.add(declaration)
        waiting.push(declaration.text)
      }
    }
  }
  const declarations = [...used].map((declaration) => declaration.text).sort()
  const imports = Object.entries(entry.imports)
    .filter(([specifier]) =>
      declarations.some((text) => text.includes(JSON.stringify(specifier)) || text.includes(`'${specifier}'`)),
    )
    .map(([specifier, hash]) => `${specifier} ${hash}`)
    .sort()
  return [setupText, ...declarations, ...imports].join('\n\u0000\n')
}

/** Splits a text at lines that start a statement: no indent, and not the end of a bracket. */
function topLevelDeclarations(text: string): Declaration[] {
  const chunks: string[] = []
  for (const line of text.split('\n')) {
    const last = chunks.length - 1
    if (last < 0 || /^[^\s})\]`*/]/.test(line)) chunks.push(line)
    else chunks[last] = `${chunks[last] ?? ''}\n${line}`
  }
  return chunks.map((chunk) => ({ names: declaredNames(chunk), text: chunk.trimEnd() }))
}

function declaredNames(chunk: string): string[] {
  const named = /^(?:async\s+)?(?:function\s*\*?|class)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(chunk)
  if (named?.[1] !== undefined) return [named[1]]
  const variable = /^(?:const|let|var)\s+([^=]*)/.exec(chunk)
  if (variable?.[1] !== undefined) return identifiersOf(variable[1])
  // An assignment to something declared elsewhere in the file changes it too.
  const assigned = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:[.[][^=]*)?=/u.exec(chunk)
  return assigned?.[1] === undefined ? [] : [assigned[1]]
}

function identifiersOf(text: string): string[] {
  return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []
}
