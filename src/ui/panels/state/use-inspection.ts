// Asks the engine for the shown part of a module's state: eight times a second while the program runs and the panel is
// seen, once for every frame while it is paused, and again after an edit.

import { useEffect, useRef, useState } from 'react'
import type { InspectionRequest } from '../../../protocol/inspection.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { InspectionValues, stateItems, structureKey } from './inspection-values.ts'
import type { StateItem } from './inspection-values.ts'

const pollMs = 130

export interface Inspected {
  /** Absent until the first answer, and while the module has no state. */
  readonly root: StateItem | undefined
  readonly values: InspectionValues
  /** Asks again at once. */
  readonly refresh: () => void
}

/** Follows `expanded` of `module`. `expanded` must stay the same array while it means the same. */
export function useInspection(module: string | undefined, expanded: InspectionRequest['expanded']): Inspected {
  const { client } = useServices()
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
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      try {
        const inspection = await client.command('inspect', { module, expanded })
        if (isOff) return
        values.update(inspection, !isRunning)
        const next = inspection.root === undefined ? undefined : stateItems(inspection.root)
        const key = next === undefined ? '' : structureKey(next)
        if (key !== structure.current) {
          structure.current = key
          setRoot(next)
        }
      } catch {
        // The module went, or the worker with it: its events say so; what was shown stays until they come.
      }
      if (!isOff && isRunning) timer = setTimeout(() => void ask(), pollMs)
    }
    void ask()
    return () => {
      isOff = true
      clearTimeout(timer)
    }
  }, [client, module, expanded, isRunning, moment, receipt, refreshes, values])
  return { root, values, refresh: () => setRefreshes((count) => count + 1) }
}
