// What the engine and the server tell, in which code stands between backticks: shown as code without them, the same way wherever it is told.

import type { ReactNode } from 'react'

/** A text that is told; a backtick that stands alone is left as it is. */
export function ToldText({ text }: { readonly text: string }): ReactNode {
  return splitTold(text).map(({ isCode, text: part }, index) =>
    // Parts have no identity but their place.
    isCode ? (
      <code key={index} className="told-code">
        {part}
      </code>
    ) : (
      part
    ),
  )
}

/** Pure part of `ToldText`. */
export function splitTold(text: string): readonly { readonly isCode: boolean; readonly text: string }[] {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => ({ isCode: index % 2 === 1, text: part }))
    .filter((part) => part.text !== '')
}
