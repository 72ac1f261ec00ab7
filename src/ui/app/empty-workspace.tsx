// An empty folder: what Coppice needs to run something, and the one button that makes it.

import { Sprout } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { attempt, openPlace } from '../store/actions.ts'
import { useServices, useUi } from '../store/ui-context.tsx'

export function EmptyWorkspace(): ReactNode {
  const { client, store } = useServices()
  const folder = useUi((state) => state.workspace?.folder)
  const [isBusy, setBusy] = useState(false)
  const create = async (): Promise<void> => {
    setBusy(true)
    await attempt(store, 'The first module could not be created', async () => {
      const { files } = await client.request('createFirstModule')
      const module = files.find(({ path }) => path.endsWith('.ts'))
      if (module !== undefined) openPlace(store, { file: module.path })
    })
    setBusy(false)
  }
  return (
    <section className="empty-workspace" aria-label="Empty workspace">
      <Sprout size={32} strokeWidth={1.5} aria-hidden />
      <h2>Nothing grows here yet</h2>
      <p className="quiet">
        <span className="code">{folder}</span> has no module. A module is a file that draws and computes, frame by
        frame; edit it and the next frame runs the new code.
      </p>
      <Button className="button button-primary" isPending={isBusy} onPress={() => void create()}>
        Create a first module
      </Button>
      <p className="quiet">Writes engine.json, tsconfig.json and one module that runs at once.</p>
    </section>
  )
}
