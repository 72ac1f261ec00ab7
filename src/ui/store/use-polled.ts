// What a panel asks of the engine again and again while it can be seen.

import { useEffect, useState } from 'react'
import type { CoppiceClient } from '../../client/coppice-client.ts'
import { useServices, useUi } from './ui-context.tsx'

/**
 * The last answer: asked every `ms` while the program runs, and once wherever it stands. A question that fails (worker
 * going) is asked again at the next tick; what was there stays. `ask` must stay the same function while it means the same.
 */
export function usePolled<Answer>(ask: (client: CoppiceClient) => Promise<Answer>, ms: number): Answer | undefined {
  const { client } = useServices()
  const [answer, setAnswer] = useState<Answer>()
  const isRunning = useUi((state) => state.status?.running ?? false)
  const frame = useUi((state) => (state.status?.running === true ? 0 : (state.status?.frame ?? 0)))
  const hasProgram = useUi((state) => state.moduleNames.length > 0)
  useEffect(() => {
    if (!hasProgram) return undefined
    let isOff = false
    const askNow = (): void =>
      void ask(client).then(
        (next) => {
          if (!isOff) setAnswer(() => next)
        },
        () => undefined,
      )
    askNow()
    const timer = isRunning ? setInterval(askNow, ms) : undefined
    return () => {
      isOff = true
      clearInterval(timer)
    }
  }, [client, ask, ms, isRunning, frame, hasProgram])
  return answer
}
