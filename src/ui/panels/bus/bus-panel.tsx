// The bus: what passes, who sends to whom, how full the queues are, and a form that publishes by hand. Only what can be seen is asked for.

import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Input, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import type { BusFilter } from '../../../protocol/bus.ts'
import { useUi } from '../../store/ui-context.tsx'
import { Choice } from '../../widgets/choice.tsx'
import { ControlButton } from '../../widgets/control-button.tsx'
import { formatCount, formatPlural } from '../../widgets/format.ts'
import { SearchBox } from '../../widgets/search-box.tsx'
import { BusGraph } from './bus-graph.tsx'
import { BusQueues } from './bus-queues.tsx'
import { BusStreamView } from './bus-stream-view.tsx'
import { PublishForm } from './publish-form.tsx'
import { useTraffic } from './use-traffic.ts'
import './bus.css'

const everyModule = 'every module'
const views = ['stream', 'graph', 'queues'] as const
type View = (typeof views)[number]
const viewTitles: Readonly<Record<View, string>> = { stream: 'Stream', graph: 'Graph', queues: 'Queues' }

export function BusPanel(): ReactNode {
  const modules = useUi((state) => state.moduleNames)
  const [view, setView] = useState<View>('stream')
  const [isHeld, setHeld] = useState(false)
  const [topic, setTopic] = useState('')
  const [module, setModule] = useState(everyModule)
  const [text, setText] = useState('')
  const filter: BusFilter = {
    ...(topic.trim() === '' ? {} : { topic: topic.trim() }),
    ...(module === everyModule ? {} : { module }),
    ...(text === '' ? {} : { text }),
  }
  const isWatching = view !== 'queues' && !(isHeld && view === 'stream')
  const traffic = useTraffic(isWatching, filter)
  return (
    <section className="bus" aria-label="Bus">
      <div className="panel-bar">
        <ToggleButtonGroup
          className="preset-switch"
          aria-label="View of the bus"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={([key]) => setView(views.find((candidate) => candidate === key) ?? 'stream')}
        >
          {views.map((name) => (
            <ToggleButton key={name} id={name} className="preset">
              {viewTitles[name]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        {view === 'stream' && (
          <>
            <ControlButton
              name={isHeld ? 'Go on with the stream' : 'Hold the stream'}
              tip={isHeld ? 'Go on with the stream' : 'Hold the stream: the program runs on'}
              isActive={isHeld}
              onPress={() => setHeld(!isHeld)}
            >
              {isHeld ? <Play size={12} aria-hidden /> : <Pause size={12} aria-hidden />}
            </ControlButton>
            <TextField
              aria-label="Filter by topic"
              className="bus-filter-topic"
              value={topic}
              onChange={setTopic}
              isInvalid={traffic.refusal !== undefined}
            >
              <div className="field" title={traffic.refusal}>
                <Input className="field-input code" placeholder="topic: tank:*" />
              </div>
            </TextField>
            <Choice
              name="Filter by module"
              className="log-module"
              value={module}
              options={[everyModule, ...modules].map((name) => ({ id: name, title: name }))}
              onChange={setModule}
            />
            <SearchBox name="Filter by content" placeholder="Content" value={text} onChange={setText} />
            <span className="panel-note">
              {traffic.refusal === undefined
                ? countWords(traffic.view.lines.length, traffic.view.leftOut)
                : traffic.refusal}
            </span>
          </>
        )}
      </div>
      {view === 'stream' && <BusStreamView view={traffic.view} isHeld={isHeld} onTopic={setTopic} />}
      {view === 'graph' && <BusGraph view={traffic.view} />}
      {view === 'queues' && <BusQueues />}
      <PublishForm />
    </section>
  )
}

function countWords(shown: number, leftOut: number): string {
  return leftOut === 0 ? formatPlural(shown, 'message') : `${formatCount(shown)} shown, ${formatCount(leftOut)} skipped`
}
