// The text in the editor beside the disk's, where another program wrote the file under unsaved edits. The right side is the
// editor's own text and can be edited, so that the two can be brought together by hand.

import { useEffect, useRef, type ReactNode } from 'react'
import { textOptions } from './code-view.ts'
import { monaco } from './monaco-setup.ts'
import { languageName } from './text-model.ts'

export interface CompareViewProps {
  readonly path: string
  readonly onDisk: string
  readonly model: monaco.editor.ITextModel
}

export function CompareView({ path, onDisk, model }: CompareViewProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (box.current === null) return undefined
    const original = monaco.editor.createModel(onDisk, model.getLanguageId())
    const editor = monaco.editor.createDiffEditor(box.current, {
      ...textOptions,
      renderSideBySide: true,
      renderSideBySideInlineBreakpoint: 480,
      hideUnchangedRegions: { enabled: true },
      originalEditable: false,
      originalAriaLabel: `${path} on disk`,
      modifiedAriaLabel: `${path}, your text`,
    })
    editor.setModel({ original, modified: model })
    return () => {
      editor.dispose()
      original.dispose()
    }
  }, [path, onDisk, model])
  return (
    <div className="editor-compare" role="region" aria-label={`Comparison of ${path}`}>
      <div className="editor-compare-heads">
        <span>On disk</span>
        <span>Yours ({languageName(path)}, unsaved)</span>
      </div>
      <div className="editor-compare-box" ref={box} />
    </div>
  )
}
