// Asks the engine for the shown part of a module's state: with each batch of its events while the program runs and the
// panel is seen, once for every frame while it is paused, and again after an edit.

import { useEffect, useRef, useState } from 'react'
import type { Inspection, InspectionRequest } from '../../../protocol/inspection.ts'
import { askAgain } from '../../store/pace.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { InspectionValues, stateItems, structureKey } from './inspection-values.ts'
import type { StateItem } from './inspection-values.ts'

const pollMs = 100

export interface Inspected {
  /** Absent until the first answer, and while the module has no state. */
  readonly root: StateItem | undefined
  readonly values: InspectionValues
  /** Asks again at once. */
  readonly refresh: () => void
}

/** Follows `expanded` of `module`. `expanded` must stay the same array while it means the same. */
export function useInspection(module: string | undefined, expanded: InspectionRequest['expanded']): Inspected {
  const { client, updates } = useServices()
  const isRunning = useUi((state) => state.status?.running ?? false)
  const moment = useUi((state) =>
    state.status?.running === true ? '' : `${state.status?.timeline}:${state.status?.frame}`,
  )
  const receipt = useUi((state) => state.receipts[0]?.id ?? 0)
  const [values] = useState(() => new InspectionValues())
  const [root, setRoot] = useState<StateItem>()
  const [refreshes, setRefreshes] = useState(0)
  const structure = useRef('')
  const shownModule = useRef<string>(undefined)
  useEffect(() => {
    if (shownModule.current !== module) {
      shownModule.current = module
      structure.current = ''
      values.clear()
      setRoot(undefined)
    }
    if (module === undefined) return undefined
    let isOff = false
    const show = (inspection: Inspection): void => {
      if (isOff) return
      values.update(inspection, !isRunning)
      const next = inspection.root === undefined ? undefined : stateItems(inspection.root)
      const key = next === undefined ? '' : structureKey(next)
      if (key === structure.current) return
      structure.current = key
      setRoot(next)
    }
    const ask = (): Promise<void> =>
      client.command('inspect', { module, expanded }).then(
        (inspection) => (isRunning ? updates.show(() => show(inspection)) : show(inspection)),
        // The module went, or the worker with it: its events say so; what was shown stays until they come.
        () => undefined,
      )
    const end = askAgain(client, pollMs, ask)
    return () => {
      isOff = true
      end()
    }
  }, [client, updates, module, expanded, isRunning, moment, receipt, refreshes, values])
  return { root, values, refresh: () => setRefreshes((count) => count + 1) }
}
