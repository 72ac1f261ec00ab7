// The configuration of the chosen module as a form: each edit is live at the next frame, and can be taken back or written to the file where it
// wins. What files and code change under it shows at once.

import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type { ConfigNote, ConfigPath, ConfigView } from '../../../protocol/config.ts'
import { messageOf, openPlace, selectModule } from '../../store/actions.ts'
import { resetConfig, takeOffer, writeConfig } from '../../store/config-actions.ts'
import { resetModule } from '../../store/reload-actions.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import type { UiServices } from '../../store/ui-context.tsx'
import { Choice } from '../../widgets/choice.tsx'
import { ConfigNotes } from '../../widgets/config-notes.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { ConfigRow } from './config-row.tsx'
import { changesAt, configEntries, liveCount, valueAt, withValue } from './config-rows.ts'
import { LatestSender } from './latest-sender.ts'
import './config.css'

export function ConfigPanel(): ReactNode {
  const module = useUi((state) => state.selectedModule)
  return (
    <section className="config" aria-label="Config">
      {module === undefined ? (
        <EmptyNote title="No module is chosen">Choose one under Modules to see its configuration.</EmptyNote>
      ) : (
        <ConfigForm key={module} module={module} />
      )}
    </section>
  )
}

function ConfigForm({ module }: { readonly module: string }): ReactNode {
  const services = useServices()
  const { client, store } = services
  const names = useUi((state) => state.moduleNames)
  const file = useUi((state) => state.modules.find(({ name }) => name === module)?.path ?? '')
  const { view, start, errors, notes, change } = useConfig(client, module)
  const told = useNewestNotes(module, notes)
  const live = view === undefined ? 0 : liveCount(view)
  const isEmpty = view !== undefined && Object.keys(view.values).length === 0
  return (
    <>
      <div className="panel-bar">
        <Choice
          name="Module"
          className="state-module"
          value={module}
          options={names.map((name) => ({ id: name, title: name }))}
          onChange={(name) => selectModule(store, name)}
        />
        <span className="panel-note">{live === 0 ? 'edits are live' : `${live} live`}</span>
        <ControlButton
          name="Reset all"
          tip="Take all live values back"
          refusal={live === 0 ? 'nothing is live' : undefined}
          onPress={() => void resetConfig(services, module, undefined)}
        >
          Reset all
        </ControlButton>
        <ControlButton
          name="Write to file"
          tip="Write the live values to where they win: engine.json, or the module's own file"
          kind="framed"
          refusal={live === 0 ? 'nothing is live' : undefined}
          onPress={() => view !== undefined && void writeConfig(services, module, view.layers.live)}
        >
          Write to file
        </ControlButton>
      </div>
      {isEmpty ? (
        <EmptyNote title={`${module} has no configuration`}>
          Give it a `config` with defaults in its code, and its values can be tuned here while it runs.
        </EmptyNote>
      ) : (
        <div className="panel-scroll config-list">
          <ConfigNotes
            notes={told}
            onTake={(note) => void takeOffer(services, note)}
            onReset={(name) => resetModule(services, name)}
          />
          {view !== undefined &&
            configEntries(module, file, view).map((entry) => (
              <ConfigRow
                key={entry.id}
                entry={entry}
                start={start === undefined ? undefined : valueAt(start.values, entry.path)}
                error={errors[entry.id]}
                onChange={(value) => change(entry.path, value)}
                onReset={() => void resetConfig(services, module, [entry.path])}
                onOpen={(place) => openPlace(store, place)}
              />
            ))}
        </div>
      )}
    </>
  )
}

/** Of the newest reload that had to tell something of this module, and of the newest edit here. */
function useNewestNotes(module: string, own: readonly ConfigNote[]): readonly ConfigNote[] {
  const receipt = useUi((state) =>
    state.receipts.find(({ configNotes }) => configNotes?.some((note) => note.module === module)),
  )
  const newest = useUi((state) => state.receipts[0]?.id)
  const told = receipt?.id === newest ? (receipt?.configNotes ?? []).filter((note) => note.module === module) : []
  return [...told, ...own.filter(({ path }) => !told.some((note) => note.path.join('.') === path.join('.')))]
}

interface ConfigForms {
  readonly view: ConfigView | undefined
  /** As it was when the code or the timeline last changed: ranges are made around its values. */
  readonly start: ConfigView | undefined
  readonly errors: Readonly<Record<string, string | undefined>>
  readonly notes: readonly ConfigNote[]
  readonly change: (path: ConfigPath, value: unknown) => void
}

/** The module's configuration as it is, whoever changes it. */
function useConfig(client: UiServices['client'], module: string): ConfigForms {
  const revision = useUi((state) => state.modules.find(({ name }) => name === module)?.configRevision)
  const receipt = useUi((state) => state.receipts[0]?.id ?? 0)
  const timeline = useUi((state) => state.status?.timeline)
  const since = `${receipt} ${timeline}`
  const [view, setView] = useState<ConfigView>()
  const [start, setStart] = useState<{ readonly since: string; readonly view: ConfigView }>()
  const [errors, setErrors] = useState<ConfigForms['errors']>({})
  const [notes, setNotes] = useState<readonly ConfigNote[]>([])
  const [answers, setAnswers] = useState(0)
  const [sender] = useState(
    () =>
      new LatestSender(async (id, { path, value }: { readonly path: ConfigPath; readonly value: unknown }) => {
        try {
          const { applied, error, notes: told = [] } = await client.command('setConfig', module, changesAt(path, value))
          setErrors((known) => ({ ...known, [id]: applied ? undefined : (error ?? 'not applied') }))
          setNotes(told)
        } catch (error) {
          setErrors((known) => ({ ...known, [id]: messageOf(error) }))
        }
        setAnswers((count) => count + 1)
      }),
  )
  useEffect(() => {
    let isOff = false
    client.command('configView', module).then(
      (next) => {
        // What is being dragged is newer than this answer.
        if (isOff || sender.isBusy) return
        setView(next)
        setStart((known) => (known?.since === since ? known : { since, view: next }))
      },
      // The module went meanwhile; the list of modules says so.
      () => undefined,
    )
    return () => {
      isOff = true
    }
  }, [client, module, since, revision, answers, sender])
  const change = (path: ConfigPath, value: unknown): void => {
    setView((known) => (known === undefined ? known : { ...known, values: withValue(known.values, path, value) }))
    sender.send(path.join('.'), { path, value })
  }
  return { view, start: start?.view, errors, notes, change }
}
