// The configuration of the chosen module as typed fields; each edit is live at the next frame.

import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { selectModule } from '../../store/actions.ts'
import { messageOf } from '../../store/actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { useIsVisible } from '../../store/use-visible.ts'
import { Choice } from '../../widgets/choice.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ConfigRow } from './config-row.tsx'
import { LatestSender } from './latest-sender.ts'
import './config.css'

export function ConfigPanel(): ReactNode {
  const { ref, isVisible } = useIsVisible()
  const module = useUi((state) => state.selectedModule)
  return (
    <section ref={ref} className="config" aria-label="Config">
      {module === undefined ? (
        <EmptyNote title="No module is chosen">Choose one under Modules to see its configuration.</EmptyNote>
      ) : (
        <ConfigFields key={module} module={module} isVisible={isVisible} />
      )}
    </section>
  )
}

type Config = Readonly<Record<string, unknown>>

function ConfigFields({ module, isVisible }: { readonly module: string; readonly isVisible: boolean }): ReactNode {
  const { client, store } = useServices()
  const modules = useUi((state) => state.moduleNames)
  const receipt = useUi((state) => state.receipts[0]?.id ?? 0)
  const timeline = useUi((state) => state.status?.timeline)
  const [config, setConfig] = useState<Config>()
  /** Values as they were when the code or the timeline last changed: ranges are made around them. */
  const [start, setStart] = useState<Config>({})
  const [errors, setErrors] = useState<Readonly<Record<string, string | undefined>>>({})
  useEffect(() => {
    if (!isVisible) return undefined
    let isOff = false
    client.command('config', module).then(
      (next) => {
        if (isOff) return
        setConfig(next)
        setStart(next)
      },
      // The module went meanwhile; the list of modules says so.
      () => undefined,
    )
    return () => {
      isOff = true
    }
  }, [client, module, isVisible, receipt, timeline])
  const [sender] = useState(
    () =>
      new LatestSender(async (key, value) => {
        try {
          const { applied, error } = await client.command('setConfig', module, { [key]: value })
          setErrors((known) => ({ ...known, [key]: applied ? undefined : (error ?? 'not applied') }))
        } catch (error) {
          setErrors((known) => ({ ...known, [key]: messageOf(error) }))
        }
      }),
  )
  const change = (key: string, value: unknown): void => {
    setConfig((known) => ({ ...known, [key]: value }))
    sender.send(key, value)
  }
  const keys = Object.keys(config ?? {})
  return (
    <>
      <div className="panel-bar">
        <Choice
          name="Module"
          className="state-module"
          value={module}
          options={modules.map((name) => ({ id: name, title: name }))}
          onChange={(name) => selectModule(store, name)}
        />
        <span className="panel-note">live until the file changes the same value</span>
      </div>
      {config !== undefined && keys.length === 0 ? (
        <EmptyNote title={`${module} has no configuration`}>
          Give it a `config` with defaults in its code, and its values can be tuned here while it runs.
        </EmptyNote>
      ) : (
        <div className="panel-scroll config-list">
          {keys.map((key) => (
            <ConfigRow
              key={key}
              name={key}
              value={config?.[key]}
              start={start[key]}
              error={errors[key]}
              onChange={(value) => change(key, value)}
            />
          ))}
        </div>
      )}
    </>
  )
}
