// Two texts of one file beside each other, to look at: what a reload changed, what a migration meets. Loaded on demand,
// because Monaco comes with it.

import { useEffect, useRef, type ReactNode } from 'react'
import { textOptions } from './code-view.ts'
import { applyMonacoTheme } from './monaco-theme.ts'
import { monaco } from './monaco-setup.ts'
import { registerHighlighting } from './highlighting.ts'
import './editor.css'

export interface CodeDiffProps {
  /** Names the file and its language. */
  readonly file: string
  readonly before: string
  readonly after: string
  /** Accessible names of the two sides: `speed.ts, v12`. */
  readonly beforeName: string
  readonly afterName: string
  readonly theme: 'dark' | 'light'
}

export function CodeDiff({ file, before, after, beforeName, afterName, theme }: CodeDiffProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneDiffEditor>(undefined)
  useEffect(() => {
    if (box.current === null) return undefined
    registerHighlighting()
    const made = monaco.editor.createDiffEditor(box.current, {
      ...textOptions,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      renderSideBySideInlineBreakpoint: 560,
      useInlineViewWhenSpaceIsLimited: true,
      hideUnchangedRegions: { enabled: true, contextLineCount: 2, minimumLineCount: 2, revealLineCount: 20 },
      renderOverviewRuler: false,
      renderMarginRevertIcon: false,
      glyphMargin: false,
      folding: false,
      lineNumbersMinChars: 3,
      contextmenu: false,
      occurrencesHighlight: 'off',
      renderValidationDecorations: 'off',
    })
    editor.current = made
    return () => {
      made.dispose()
      editor.current = undefined
    }
  }, [])
  useEffect(() => applyMonacoTheme(theme), [theme])
  useEffect(() => {
    const shown = editor.current
    if (shown === undefined) return undefined
    // Models of their own, without the file's address: the TypeScript service takes no notice of them.
    const language = languageOf(file)
    const original = monaco.editor.createModel(before, language)
    const modified = monaco.editor.createModel(after, language)
    shown.setModel({ original, modified })
    shown.getOriginalEditor().updateOptions({ ariaLabel: beforeName })
    shown.getModifiedEditor().updateOptions({ ariaLabel: afterName })
    return () => {
      // On unmounting the editor has gone before.
      if (editor.current === shown) shown.setModel(null)
      original.dispose()
      modified.dispose()
    }
  }, [file, before, after, beforeName, afterName])
  return <div className="code-diff" ref={box} />
}

/** Coloured as script where the file is one; a model without an address is checked by no service but its syntax. */
const languageOf = (file: string): string | undefined => {
  const extension = /\.\w+$/.exec(file)?.[0]
  if (extension === undefined) return undefined
  if (/^\.[mc]?[jt]sx?$/.test(extension)) return 'typescript'
  return monaco.languages.getLanguages().find((language) => language.extensions?.includes(extension) === true)?.id
}
