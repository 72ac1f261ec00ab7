// What a panel asks of the engine again and again while it can be seen.

import { useEffect, useState } from 'react'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { askAgain } from './pace.ts'
import { useServices, useUi } from './ui-context.tsx'

/**
 * The last answer: asked every `ms` or so while the program runs, and once wherever it stands. A question that fails (worker
 * going) is asked again the next time; what was there stays. `ask` must stay the same function while it means the same.
 */
export function usePolled<Answer>(ask: (client: CoppiceClient) => Promise<Answer>, ms: number): Answer | undefined {
  const { client, updates } = useServices()
  const [answer, setAnswer] = useState<Answer>()
  const isRunning = useUi((state) => state.status?.running ?? false)
  const frame = useUi((state) => (state.status?.running === true ? 0 : (state.status?.frame ?? 0)))
  const hasProgram = useUi((state) => state.moduleNames.length > 0)
  useEffect(() => {
    if (!hasProgram) return undefined
    let isOff = false
    const askNow = (): Promise<void> =>
      ask(client).then(
        (next) => {
          updates.show(() => {
            if (!isOff) setAnswer(() => next)
          })
        },
        () => undefined,
      )
    const end = askAgain(client, ms, askNow)
    return () => {
      isOff = true
      end()
    }
  }, [client, updates, ask, ms, isRunning, frame, hasProgram])
  return answer
}
