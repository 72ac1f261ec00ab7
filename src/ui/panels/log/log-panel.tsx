// The log: what modules print and the engine says, repeats folded; filtered by level, module and text.

import { ListLayout } from 'react-aria-components'
import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { ListBox, ListBoxItem, Virtualizer } from 'react-aria-components'
import { logLevels } from '../../../protocol/log.ts'
import type { LogFilter, LogLevel, LogLine } from '../../../protocol/log.ts'
import { openPlace } from '../../store/actions.ts'
import { filterLogLines } from '../../store/log-lines.ts'
import { useServices, useUi } from '../../store/ui-context.tsx'
import { colourOfModule } from '../../theme/module-colour.ts'
import { Choice } from '../../widgets/choice.tsx'
import { EmptyNote } from '../../widgets/empty-note.tsx'
import { useFollowedEnd } from '../../widgets/followed-end.ts'
import { formatCount, formatPlace, formatPlural } from '../../widgets/format.ts'
import { SearchBox } from '../../widgets/search-box.tsx'
import './log.css'
import { ToldText } from '../../widgets/told-text.tsx'

const everyLevel = 'every level'
const everyModule = 'every module'
const levelChoices = logLevels.map((level, index) => ({
  id: level,
  title: index === 0 ? everyLevel : `${level} and above`,
}))

export function LogPanel(): ReactNode {
  const modules = useUi((state) => state.moduleNames)
  const [level, setLevel] = useState<LogLevel>('trace')
  const [module, setModule] = useState(everyModule)
  const [text, setText] = useState('')
  const filter = useMemo(() => ({ level, text, ...(module === everyModule ? {} : { module }) }), [level, module, text])
  return (
    <section className="log" aria-label="Log">
      <LogLines filter={filter}>
        <Choice
          name="Level"
          className="log-level"
          value={level}
          options={levelChoices}
          onChange={(id) => setLevel(logLevels.find((candidate) => candidate === id) ?? 'trace')}
        />
        <Choice
          name="Module"
          className="log-module"
          value={module}
          options={[everyModule, ...modules].map((name) => ({ id: name, title: name }))}
          onChange={setModule}
        />
        <SearchBox name="Filter log" placeholder="Filter" value={text} onChange={setText} />
      </LogLines>
    </section>
  )
}

interface LogLinesProps {
  readonly filter: LogFilter
  /** What sets the filter: not drawn anew with each line. */
  readonly children: ReactNode
}

function LogLines({ filter, children }: LogLinesProps): ReactNode {
  const { store } = useServices()
  const log = useUi((state) => state.log)
  const modules = useUi((state) => state.moduleNames)
  const lines = useMemo(() => filterLogLines(log, filter), [log, filter])
  const list = useFollowedEnd(lines)
  return (
    <>
      <div className="panel-bar">
        {children}
        <span className="panel-note">
          {lines.length === log.length
            ? formatPlural(log.length, 'line')
            : `${formatCount(lines.length)} of ${formatCount(log.length)}`}
        </span>
      </div>
      {lines.length === 0 ? (
        <EmptyNote title={log.length === 0 ? 'Nothing was printed yet' : 'No line passes the filter'}>
          {log.length === 0
            ? 'What modules write with log.info(…) or console.log(…) appears here, with its frame and source line.'
            : undefined}
        </EmptyNote>
      ) : (
        <div className="panel-scroll" ref={list}>
          <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: 24 }}>
            <ListBox
              className="log-list"
              aria-label="Log"
              items={lines}
              selectionMode="none"
              onAction={(key) => {
                const position = lines.find((line) => line.id === key)?.position
                if (position !== undefined) openPlace(store, position)
              }}
            >
              {(line) => (
                <ListBoxItem id={line.id} textValue={line.text} className="log-row" data-level={line.level}>
                  <LogRow
                    line={line}
                    colour={line.module === undefined ? 'var(--text-3)' : colourOfModule(modules, line.module)}
                  />
                </ListBoxItem>
              )}
            </ListBox>
          </Virtualizer>
        </div>
      )}
    </>
  )
}

function LogRow({ line, colour }: { readonly line: LogLine; readonly colour: string }): ReactNode {
  const place = line.position === undefined ? undefined : formatPlace(line.position)
  return (
    <>
      <span className="log-frame">{formatCount(line.moment.frame)}</span>
      <span className="log-word" data-level={line.level}>
        {line.level}
      </span>
      <span className="log-module-name" style={{ color: colour }}>
        {line.module ?? 'engine'}
      </span>
      <span className="log-text" title={line.text}>
        <ToldText text={line.text} />
      </span>
      {line.count > 1 && (
        <span className="log-count" title={`${line.count} times, ${line.perSecond.toFixed(1)} a second`}>
          ×{formatCount(line.count)} · {line.perSecond.toFixed(1)}/s
        </span>
      )}
      {place !== undefined && <span className="log-place">{place}</span>}
    </>
  )
}
