// What must not be missed: the dev server lost, a fault of the engine's worker, a command that was refused.

import { CircleX, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { closeFailure } from '../store/actions.ts'
import { useServices, useUi } from '../store/ui-context.tsx'

export function Banners(): ReactNode {
  const { store } = useServices()
  const isLost = useUi((state) => state.connection === 'disconnected' && state.wasConnected)
  const neverThere = useUi((state) => state.connection === 'disconnected' && !state.wasConnected)
  const workerError = useUi((state) => state.workerError)
  const failures = useUi((state) => state.failures)
  return (
    <div className="banners">
      {isLost && (
        <Banner tone="attention">
          Dev server disconnected. The program runs on; saves wait until the server is back. Start it again and this
          page reconnects by itself.
        </Banner>
      )}
      {neverThere && (
        <Banner tone="error">
          The dev server does not answer. Start it with `npm start`, this page connects by itself.
        </Banner>
      )}
      {workerError !== undefined && (
        <Banner tone="error" onClose={() => store.setState({ workerError: undefined })}>
          The engine met a fault of its own: {workerError.message}
          {workerError.stack !== undefined && (
            <details>
              <summary>Details</summary>
              <pre className="banner-stack">{workerError.stack}</pre>
            </details>
          )}
        </Banner>
      )}
      {failures.map((failure) => (
        <Banner key={failure.id} tone="error" onClose={() => closeFailure(store, failure.id)}>
          {failure.message}
        </Banner>
      ))}
    </div>
  )
}

function Banner({
  tone,
  onClose,
  children,
}: {
  readonly tone: 'attention' | 'error'
  readonly onClose?: () => void
  readonly children: ReactNode
}): ReactNode {
  const Icon = tone === 'error' ? CircleX : TriangleAlert
  return (
    <div className="banner" data-tone={tone} role="alert">
      <Icon size={14} aria-hidden className="banner-icon" />
      <div className="banner-text">{children}</div>
      {onClose !== undefined && (
        <Button className="search-clear" aria-label="Close message" onPress={onClose}>
          <X size={12} aria-hidden />
        </Button>
      )}
    </div>
  )
}
