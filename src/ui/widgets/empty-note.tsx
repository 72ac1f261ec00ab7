// What an empty panel says: what will appear here, and how to make it appear.

import type { ReactNode } from 'react'

export function EmptyNote({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="empty-note">
      <p className="empty-note-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
    </div>
  )
}
