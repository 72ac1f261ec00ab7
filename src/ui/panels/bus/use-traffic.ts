// What the panel asks of the engine while it can be seen: the traffic, four times a second.

import { useEffect, useState } from 'react'
import type { BusFilter } from '../../../protocol/bus.ts'
import { CoppiceError } from '../../../protocol/errors.ts'
import { askAgain } from '../../store/pace.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { addTraffic, noTraffic, type TrafficView } from './bus-traffic.ts'

const pollMs = 250

export interface Traffic {
  readonly view: TrafficView
  /** Why the filter can't be used. */
  readonly refusal: string | undefined
}

/** What passes the filter from now on; another filter begins anew. Asks for nothing while `isOn` is false, and keeps what it has. */
export function useTraffic(isOn: boolean, { topic, module, text }: BusFilter): Traffic {
  const { client, updates } = useServices()
  const key = JSON.stringify([topic, module, text])
  const [held, setHeld] = useState({ key, view: noTraffic })
  const view = held.key === key ? held.view : { ...noTraffic, batches: held.view.batches }
  const [refusal, setRefusal] = useState<string>()
  const hasProgram = useUi((state) => state.moduleNames.length > 0)
  useEffect(() => {
    if (!isOn || !hasProgram) return undefined
    let isOff = false
    const filter: BusFilter = {
      ...(topic === undefined ? {} : { topic }),
      ...(module === undefined ? {} : { module }),
      ...(text === undefined ? {} : { text }),
    }
    const ask = (): Promise<void> =>
      client.command('watchBus', filter).then(
        (batch) => {
          updates.show(() => {
            if (isOff) return
            setRefusal(undefined)
            setHeld((before) => {
              const { view: seen } = before
              return {
                key,
                view: addTraffic(before.key === key ? seen : { ...noTraffic, batches: seen.batches }, batch),
              }
            })
          })
        },
        (error: unknown) => {
          // Anything else (worker going) passes: it is asked again the next time.
          const isRefused = error instanceof CoppiceError && error.code === 'invalid-argument'
          if (!isOff && isRefused) setRefusal(error.message)
        },
      )
    const end = askAgain(client, pollMs, ask)
    return () => {
      isOff = true
      end()
    }
  }, [client, updates, isOn, hasProgram, key, topic, module, text])
  return { view, refusal }
}
